"""What to search for: what a region offers, what a person asked for, what can't be, and the search itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import vocabulary
from numbers_toolkit.client import SEARCH_SIZE
from numbers_toolkit.errors import IncompleteDataWarning, InvalidInputError
from numbers_toolkit.formatting import region_text
from numbers_toolkit.hearing import hear_warnings
from numbers_toolkit.keypad import vanity_digits, words_in
from numbers_toolkit.loaders import available_numbers
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.hearing import Listener

__all__ = ["CAPABILITY_LABELS", "PLACES", "Criteria", "Offer", "type_label"]

CAPABILITY_LABELS: Final = {"SMS": "SMS", "VOICE": "Voice"}
#: Where a pattern is looked for, in words.
PLACES: Final = {"START": "at the start", "CONTAINS": "anywhere", "END": "at the end"}


def type_label(number_type: str) -> str:
    """Return a number type as people write it.

    Examples
    --------
    >>> type_label("TOLL_FREE")
    'Toll-free'
    """
    return number_type.replace("_", "-").capitalize()


@dataclass(frozen=True, slots=True)
class Offer:
    """Which number types each region offers.

    Parameters
    ----------
    names : mapping of str to str
        Region code to name.
    types : mapping of str to tuple of str
        Region code to the number types on offer there that can be searched.

    Examples
    --------
    >>> import pandas as pd
    >>> regions = pd.DataFrame(
    ...     {"region_code": ["SE", "SE"], "region_name": "Sweden", "number_type": ["LOCAL", "MOBILE"]}
    ... )
    >>> Offer.of(regions).types
    {'SE': ('MOBILE', 'LOCAL')}
    """

    names: Mapping[str, str]
    types: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, regions: pd.DataFrame) -> Offer:
        """Read the frame of :func:`numbers_toolkit.available_regions`."""
        columns = (regions[name].astype(object) for name in ("region_code", "region_name", "number_type"))
        names: dict[str, str] = {}
        offered: dict[str, set[str]] = {}
        for code, name, kind in zip(*columns, strict=True):
            names.setdefault(code, name if isinstance(name, str) else "")
            offered.setdefault(code, set()).add(kind)
        types = {
            code: tuple(one for one in vocabulary.NUMBER_TYPES if one in offered[code]) for code in names
        }
        return cls(names, types)

    def region_options(self, chosen: Iterable[str] = ()) -> list[dict[str, str]]:
        """Return the regions to choose from, by name, and those that are chosen although nothing is on offer."""
        options = [
            {
                "value": code,
                "label": f"{name} ({code})" if name else code,
                "note": ", ".join(type_label(one) for one in self.types[code]),
            }
            for code, name in self.names.items()
        ]
        strange = [code for code in chosen if code not in self.names]
        options += [
            {"value": code, "label": region_text(code), "note": "nothing on offer"} for code in strange
        ]
        return sorted(options, key=lambda option: option["label"].casefold())

    def type_options(self, regions: Iterable[str], chosen: Iterable[str]) -> list[dict[str, Any]]:
        """Return all number types; one that none of the regions offers can't be chosen, but no longer be."""
        wanted = [code for code in regions if code in self.types]
        options = []
        for kind in vocabulary.NUMBER_TYPES:
            where = [code for code in wanted if kind in self.types[code]]
            note = "not on offer" if wanted and not where else ""
            if where and len(where) < len(wanted):
                note = f"{listed(where)} only"
            stopped = bool(wanted) and not where and kind not in chosen
            options.append({"value": kind, "label": type_label(kind), "note": note, "disabled": stopped})
        return options

    def missing_types(self, regions: Iterable[str], types: Iterable[str]) -> list[str]:
        """Return the types that none of the regions offers; none where a region is not known."""
        wanted = list(regions)
        if not wanted or any(code not in self.types for code in wanted):
            return []
        return [kind for kind in types if not any(kind in self.types[code] for code in wanted)]


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a person asked for, as they wrote it.

    Parameters
    ----------
    regions, number_types, capabilities : tuple of str
        In the API's spelling.
    pattern : str
        Digits, or letters that stand for those of their keys.
    search_pattern : str
        Where to look for it.
    size : int or None
        How many numbers of each region and type; None when nothing was written.

    Examples
    --------
    >>> wanted = Criteria(("US",), pattern="pizza")
    >>> wanted.digits, wanted.spelling, wanted.faults(None)
    ('74992', 'PIZZA = 74992', {})
    >>> wanted = Criteria((), pattern="307", search_pattern="START", size=None)
    >>> list(wanted.faults(None))
    ['regions', 'pattern', 'size']
    """

    regions: tuple[str, ...]
    number_types: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    pattern: str = ""
    search_pattern: str = "CONTAINS"
    size: Any = SEARCH_SIZE

    @property
    def digits(self) -> str:
        """The pattern in digits, as it is sent; empty without one. Raises InvalidInputError when it can't be."""
        checked = vocabulary.check_pattern(vanity_digits(self.pattern), self.search_pattern)
        return checked[0] if checked else ""

    @property
    def words(self) -> tuple[str, ...]:
        """Words that the pattern holds."""
        return words_in(self.pattern)

    @property
    def spelling(self) -> str:
        """How the pattern's letters become digits, in words; empty when it has none, or can't be."""
        if not any(letter.isalpha() for letter in self.pattern):
            return ""
        written = " ".join(self.pattern.upper().split())
        try:
            return f"{written} = {vanity_digits(written)}"
        except InvalidInputError:
            return ""

    def faults(self, offer: Offer | None) -> dict[str, str]:
        """Return what can't be, by field; ``offer`` is None while it is not known."""
        checks: dict[str, Callable[[], object]] = {
            "regions": lambda: _given(self.regions),
            "number_types": lambda: self._check_types(offer),
            "pattern": lambda: self.digits,
            "size": lambda: _check_size(self.size),
        }
        found = {}
        for name, check in checks.items():
            try:
                check()
            except InvalidInputError as error:
                found[name] = str(error)
        return found

    def find(
        self,
        client: NumbersClient,
        *,
        further: bool = False,
        progress: Callable[[int, int | None], None],
        hear: Listener,
    ) -> pd.DataFrame:
        """Search.

        Parameters
        ----------
        client : NumbersClient
            Where to search.
        further : bool, default False
            Go on beyond the one page that the API shows, also when that page would hold as many as wanted.
        progress : callable
            Told ``(found, None)``.
        hear : callable
            Told warnings, but for the one that there may be more: the frame's ``attrs`` say that too.

        Returns
        -------
        pandas.DataFrame
            As from :func:`numbers_toolkit.available_numbers`.
        """

        def keep(message: str, category: type[Warning]) -> None:
            if not issubclass(category, IncompleteDataWarning):
                hear(message, category)

        with hear_warnings(keep):
            return available_numbers(
                client,
                self.regions,
                self.number_types or None,
                capabilities=self.capabilities,
                pattern=self.digits or None,
                search_pattern=self.search_pattern,
                size=self.size,
                fan_out=further or self.size > SEARCH_SIZE,
                progress=progress,
            )

    def _check_types(self, offer: Offer | None) -> None:
        if offer is None:
            return
        missing = offer.missing_types(self.regions, self.number_types)
        if missing:
            options = offer.type_options(self.regions, ())
            has = listed([one["label"] for one in options if not one["disabled"]]) or "nothing"
            raise InvalidInputError(
                f"{listed([type_label(one) for one in missing])} is not on offer in {listed(self.regions)}, but "
                f"{has} is. Choose another number type, or none for all."
            )


def _given(regions: tuple[str, ...]) -> None:
    if not regions:
        raise InvalidInputError("Choose at least one region; type its name or its code.")


def _check_size(size: Any) -> None:
    if size is None:
        raise InvalidInputError("Write how many numbers you want to see, for example 100.")
    vocabulary.check_count(size, "How many")
