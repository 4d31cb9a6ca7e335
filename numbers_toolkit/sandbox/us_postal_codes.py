"""Which state a US postal code belongs to, by its first three digits.

Source: the three-digit ZIP code prefixes of the United States Postal Service, military addresses apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# code, first digits as ranges, name
_TABLE = """
AL 350-369 Alabama
AK 995-999 Alaska
AZ 850-865 Arizona
AR 716-729 Arkansas
CA 900-961 California
CO 800-816 Colorado
CT 060-069 Connecticut
DE 197-199 Delaware
DC 200,202-205,569 District of Columbia
FL 320-349 Florida
GA 300-319,398-399 Georgia
HI 967-968 Hawaii
ID 832-838 Idaho
IL 600-629 Illinois
IN 460-479 Indiana
IA 500-528 Iowa
KS 660-679 Kansas
KY 400-427 Kentucky
LA 700-714 Louisiana
ME 039-049 Maine
MD 206-219 Maryland
MA 010-027,055 Massachusetts
MI 480-499 Michigan
MN 550-567 Minnesota
MS 386-397 Mississippi
MO 630-658 Missouri
MT 590-599 Montana
NE 680-693 Nebraska
NV 889-898 Nevada
NH 030-038 New Hampshire
NJ 070-089 New Jersey
NM 870-884 New Mexico
NY 005,063,100-149 New York
NC 270-289 North Carolina
ND 580-588 North Dakota
OH 430-459 Ohio
OK 730-732,734-749 Oklahoma
OR 970-979 Oregon
PA 150-196 Pennsylvania
RI 028-029 Rhode Island
SC 290-299 South Carolina
SD 570-577 South Dakota
TN 370-385 Tennessee
TX 733,750-799,885 Texas
UT 840-847 Utah
VT 050-054,056-059 Vermont
VA 201,220-246 Virginia
WA 980-994 Washington
WV 247-268 West Virginia
WI 530-549 Wisconsin
WY 820-831 Wyoming
PR 006-007,009 Puerto Rico
VI 008 Virgin Islands
GU 969 Guam
"""


def _read() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    names, prefixes = {}, {}
    for line in _TABLE.strip().splitlines():
        code, ranges, name = line.split(maxsplit=2)
        names[code] = name
        prefixes[code] = tuple(prefix for part in ranges.split(",") for prefix in _span(part))
    return names, prefixes


def _span(part: str) -> list[str]:
    first, _, last = part.partition("-")
    return [f"{prefix:03d}" for prefix in range(int(first), int(last or first) + 1)]


_NAMES, _PREFIXES = _read()
STATES: Mapping[str, str] = _NAMES


def states_of(postal_code: str) -> list[str]:
    """Return the states that a postal code can belong to; two share a few prefixes.

    Examples
    --------
    >>> states_of("82001"), states_of("06390"), states_of("00001")
    (['WY'], ['CT', 'NY'], [])
    """
    return [code for code, prefixes in _PREFIXES.items() if postal_code[:3] in prefixes]


def first_postal_code(state: str) -> str:
    """Return a postal code of a state.

    Examples
    --------
    >>> first_postal_code("WY")
    '82001'
    """
    return f"{_PREFIXES[state][0]}01"
