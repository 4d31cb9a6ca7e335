"""Phone numbers that reach nobody.

The seeded numbers come from two tiers per region and type:

1. Ranges that the regulator keeps free for film, books and documentation: 555-0100 to 555-0199 behind real
   geographic area codes of North America, the ranges of Ofcom (GB), PTS (SE), Bundesnetzagentur (DE), ARCEP
   (FR), ACMA (AU) and ComReg (IE).
2. When those are used up, or the country has none: numbers that its numbering plan cannot assign. In North
   America an exchange code never begins with 0 or 1; toll-free numbers are taken from there at once, because
   few of theirs are reserved. Elsewhere no national number begins with two zeros, not even where one zero is
   dialled before it or, as in Italy, belongs to it.

Every number is syntactically valid E.164: a plus, the region's calling code, at most 15 digits. Within a tier,
numbers rotate over the prefixes and are spread over each range, so that an inventory does not look like a
counter.
"""

from __future__ import annotations

from dataclasses import dataclass

CALLING_CODES = {
    "AU": "61", "BE": "32", "BR": "55", "CA": "1", "CH": "41", "DE": "49", "DK": "45", "ES": "34", "FI": "358",
    "FR": "33", "GB": "44", "IE": "353", "IN": "91", "IT": "39", "JP": "81", "MX": "52", "NA": "264", "NL": "31",
    "NO": "47", "PL": "48", "SE": "46", "SG": "65", "US": "1", "ZA": "27",
}  # fmt: skip

US_AREAS = (
    "201", "202", "206", "212", "213", "214", "216", "267", "301", "303", "305", "307", "312", "313", "314", "316",
    "317", "402", "404", "405", "406", "410", "412", "414", "415", "501", "502", "503", "504", "505", "512", "602",
    "605", "615", "617", "619", "701", "702", "704", "713", "716", "801", "808", "816", "907",
)  # fmt: skip
CANADIAN_AREAS = ("204", "306", "403", "416", "418", "506", "514", "604", "613", "709", "780", "902")
TOLL_FREE_CODES = {"US": ("800", "833", "844", "855", "866"), "CA": ("877", "888")}
BRITISH_AREAS = ("113", "114", "115", "116", "117", "118", "121", "131", "141", "151", "161")
AUSTRALIAN_MOBILES = (
    "570006", "570156", "570157", "570158", "570159", "570110", "571266", "571491", "571804", "572549", "572665",
    "572983", "573770", "573087", "574118", "574632", "575254", "575789", "576398", "576801", "577426", "577644",
    "578957", "578148", "578888", "579212", "579760", "579455",
)  # fmt: skip

TYPE_DIGITS = {"LOCAL": "1", "MOBILE": "2", "TOLL_FREE": "3"}
# Shares no factor with any tier size, so that multiplying by it visits each number once.
STRIDE = 1_236_067


@dataclass(frozen=True)
class Tier:
    """Equally large ranges: `size` numbers of `width` digits, counted from `first`, behind each prefix."""

    prefixes: tuple[str, ...]
    width: int
    size: int
    first: int = 0

    @property
    def capacity(self) -> int:
        """How many numbers the tier holds."""
        return len(self.prefixes) * self.size

    def number(self, index: int) -> str:
        """Return the number at a position; different positions give different numbers."""
        turn, which = divmod(index, len(self.prefixes))
        line = self.first + (turn * STRIDE + 41) % self.size
        digits = f"{line:0{self.width}d}" if self.width else ""
        return f"+{self.prefixes[which]}{digits}"


def _fiction() -> dict[tuple[str, str], Tier]:
    return {
        ("US", "LOCAL"): Tier(tuple(f"1{area}55501" for area in US_AREAS), 2, 100),
        ("CA", "LOCAL"): Tier(tuple(f"1{area}55501" for area in CANADIAN_AREAS), 2, 100),
        ("GB", "LOCAL"): Tier(
            (
                *(f"44{area}4960" for area in BRITISH_AREAS),
                "442079460",
                "441914980",
                "442896496",
                "441632960",
            ),
            3,
            1000,
        ),
        ("GB", "MOBILE"): Tier(("447700900",), 3, 1000),
        ("GB", "TOLL_FREE"): Tier(("448081570",), 3, 1000),
        ("SE", "LOCAL"): Tier(("463139006", "464062804", "468465004", "469803192"), 2, 100),
        ("SE", "MOBILE"): Tier(("46701740",), 3, 95, first=605),
        ("DE", "LOCAL"): Tier(("493023125", "496990009", "494066969", "492214710", "498999998"), 3, 1000),
        ("DE", "MOBILE"): Tier(("4917139200", "49176040690"), 2, 100),
        ("FR", "LOCAL"): Tier(("3319900", "3326191", "3335301", "3346571", "3353649"), 4, 10_000),
        ("FR", "MOBILE"): Tier(("3363998",), 4, 10_000),
        ("AU", "LOCAL"): Tier(("6125550", "6135550", "6175550", "6185550"), 4, 10_000),
        ("AU", "MOBILE"): Tier(tuple(f"61491{rest}" for rest in AUSTRALIAN_MOBILES), 0, 1),
        ("IE", "LOCAL"): Tier(("3532091",), 5, 50_000),
        ("IE", "MOBILE"): Tier(("3532091",), 5, 50_000, first=50_000),
    }


def _unassignable(region_code: str, number_type: str) -> Tier:
    if region_code in TOLL_FREE_CODES:
        areas = US_AREAS if region_code == "US" else CANADIAN_AREAS
        codes = TOLL_FREE_CODES[region_code] if number_type == "TOLL_FREE" else areas
        # Seven digits below 2,000,000: the exchange code begins with 0 or 1.
        return Tier(tuple(f"1{code}" for code in codes), 7, 2_000_000)
    return Tier((f"{CALLING_CODES[region_code]}00{TYPE_DIGITS[number_type]}",), 7, 10_000_000)


FICTION = _fiction()


def phone_numbers(region_code: str, number_type: str, start: int, count: int) -> list[str]:
    """Return `count` different numbers of a region and type, beginning at a position.

    Examples
    --------
    >>> phone_numbers("US", "LOCAL", 0, 2)
    ['+12015550141', '+12025550141']
    >>> phone_numbers("NA", "MOBILE", 0, 1)
    ['+2640020000041']
    """
    overflow = _unassignable(region_code, number_type)
    reserved = FICTION.get((region_code, number_type))
    capacity = reserved.capacity if reserved else 0
    numbers = (
        [reserved.number(index) for index in range(start, min(start + count, capacity))] if reserved else []
    )
    begin = max(start - capacity, 0)
    numbers += [overflow.number(index) for index in range(begin, begin + count - len(numbers))]
    return numbers
