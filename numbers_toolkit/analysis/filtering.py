"""Looking through an inventory: the numbers that pass a filter, and what there is to filter by.

A filter looks at the few distinct combinations of the columns it reads, so that a million rows cost little more
than a thousand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from numbers_toolkit import error_codes, vocabulary
from numbers_toolkit.analysis._grouping import assemble, distinct
from numbers_toolkit.analysis.provisioning import find_errors
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.overview_tables import FILTER_CHOICES, FILTERS
from numbers_toolkit.tables import ACTIVE_NUMBERS
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

__all__ = ["filter_choices", "filter_numbers", "rows_about"]

#: Where text is looked for.
_TEXT_COLUMNS: Final = (
    "phone_number",
    "display_name",
    "sms_service_plan_id",
    "sms_scheduled_service_plan_id",
    "sms_campaign_id",
    "sms_scheduled_campaign_id",
    "sms_error_codes",
    "voice_id",
)
_PHONE: Final = re.compile(r"[\s(]*\+?[\d\s\-().\u00a0\u2010-\u2015]*", re.ASCII)
_NOT_IN_E164: Final = re.compile(r"[^\d+]", re.ASCII)
_FEW: Final = 12

_Values = frozenset[str]


def filter_numbers(
    active: pd.DataFrame,
    *,
    region_code: str | Iterable[str] = (),
    number_type: str | Iterable[str] = (),
    capabilities: str | Iterable[str] = (),
    sms_state: str | Iterable[str] = (),
    voice_state: str | Iterable[str] = (),
    service_plan_id: str | Iterable[str] = (),
    campaign_id: str | Iterable[str] = (),
    error_code: str | Iterable[str] = (),
    text: str = "",
) -> pd.DataFrame:
    """Return the numbers that pass all filters, from a frame that is already there; nothing is sent.

    A filter that is left out or empty lets all pass. Of several values of one filter, one is enough, but for
    ``capabilities``, of which a number must have all. ``""`` as a value stands for numbers that have none: no
    campaign, no error.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are the columns that the filters are about.
    region_code, number_type, sms_state, voice_state : str or iterable of str, optional
        Values of the column of that name; case is forgiven.
    capabilities : str or iterable of str, optional
        ``SMS``, ``VOICE``.
    service_plan_id, campaign_id : str or iterable of str, optional
        Service plan or 10DLC campaign, in force or being set.
    error_code : str or iterable of str, optional
        Provisioning error codes, as :func:`provisioning_errors` lists them.
    text : str, default ""
        Words that must all occur in the phone number, the display name, an id or an error code; case is
        forgiven. A phone number or a part of one may be grouped: ``"+1 307 555"``.

    Returns
    -------
    pandas.DataFrame
        The rows in their order, with a RangeIndex and all their columns. ``attrs`` stay those of ``active``,
        so that a report of the result says it is a selection.

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.
    InvalidInputError
        When a value neither occurs nor is known; it names those that occur.

    See Also
    --------
    filter_choices : what there is to filter by

    Examples
    --------
    >>> import pandas as pd
    >>> active = pd.DataFrame(
    ...     {"phone_number": ["+13075550100", "+46701740601"], "region_code": ["US", "SE"]}
    ... )
    >>> filter_numbers(active, region_code="se").phone_number.to_list()
    ['+46701740601']
    """
    wanted = {
        "region_code": region_code,
        "number_type": number_type,
        "capabilities": capabilities,
        "sms_state": sms_state,
        "voice_state": voice_state,
        "service_plan_id": service_plan_id,
        "campaign_id": campaign_id,
        "error_code": error_code,
    }
    chosen = {name: values for name, given in wanted.items() if (values := _several(given, name))}
    if not isinstance(text, str):
        raise InvalidInputError(f"text {text!r} is not text; write words or digits in quotes.")
    read = [column for name in chosen for column in _FILTERS[name].columns]
    ACTIVE_NUMBERS.require(active, dict.fromkeys([*read, *(_TEXT_COLUMNS if text.strip() else ())]))
    passed: NDArray[np.bool_] = np.ones(len(active), dtype=bool)
    for name, values in chosen.items():
        passed &= _passed(active, name, values)
    if text.strip():
        passed &= _found(active, text)
    # The rows are picked even when all pass, so that the result is never the caller's own frame.
    return active[passed].reset_index(drop=True)


def filter_choices(active: pd.DataFrame) -> pd.DataFrame:
    """List what the numbers can be filtered by, and how many have each value.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are all columns that a filter other than ``text`` of :func:`filter_numbers` reads.

    Returns
    -------
    pandas.DataFrame
        One row per filter and value that occurs, by filter, most numbers first. A number can have several values
        of ``capabilities``, ``service_plan_id``, ``campaign_id`` and ``error_code``.

        - ``filter`` : category - keyword of filter_numbers
        - ``value`` : str - value to filter by; empty text for numbers that have none
        - ``numbers`` : Int64 - how many numbers

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> len(filter_choices(tables.ACTIVE_NUMBERS.empty()))
    0
    """
    ACTIVE_NUMBERS.require(
        active, dict.fromkeys(column for one in _FILTERS.values() for column in one.columns)
    )
    rows = [(name, value, count) for name in FILTERS for value, count in _counts(active, name).items()]
    names, values, counts = zip(*rows, strict=True) if rows else ((), (), ())
    data = {"filter": names, "value": values, "numbers": counts}
    order = ("filter", "numbers", "value")
    return assemble(FILTER_CHOICES, data, order=order, descending=("numbers",), attrs=active.attrs)


def rows_about(frame: pd.DataFrame, active: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a list that are about some numbers.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table with ``phone_number``: the result of :func:`attention`, for example, which must be made of all
        numbers to know how full the campaigns are.
    active : pandas.DataFrame
        The numbers; only ``phone_number`` is read.

    Returns
    -------
    pandas.DataFrame
        Those rows in their order, with a RangeIndex, all columns and the ``attrs`` of ``frame``.

    Raises
    ------
    ColumnError
        When a frame has no ``phone_number``.

    Examples
    --------
    >>> import pandas as pd
    >>> errors = pd.DataFrame({"phone_number": ["+13075550100", "+13075550101"], "error_code": ["A", "B"]})
    >>> rows_about(errors, errors.head(1)).error_code.to_list()
    ['A']
    """
    for one in (frame, active):
        ACTIVE_NUMBERS.require(one, ("phone_number",))
    numbers, given = (
        pa.array(one["phone_number"].astype("str"), pa.large_string()) for one in (frame, active)
    )
    # Several times as fast as Series.isin, which makes an object of each value.
    kept = pc.is_in(numbers, value_set=given, skip_nulls=True).to_numpy(zero_copy_only=False)
    picked: pd.DataFrame = frame[kept].reset_index(drop=True)
    return picked


# -- one filter ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Filter:
    """The columns that a filter reads, the values of each row of a few, and which values are known to exist."""

    columns: tuple[str, ...]
    values: Callable[[pd.DataFrame], list[_Values]]
    known: frozenset[str] | None = None
    needs_all: bool = False


def _words(frame: pd.DataFrame) -> list[_Values]:
    """Return what any of the columns holds; a row that holds nothing has the value ``""``."""
    held = [
        ["" if pd.isna(one) else str(one).strip() for one in values.astype(object)]
        for _, values in frame.items()
    ]
    return [frozenset(word for word in row if word) or frozenset({""}) for row in zip(*held, strict=True)]


def _capabilities(frame: pd.DataFrame) -> list[_Values]:
    can = [
        frame[f"has_{name.lower()}"].astype("boolean").fillna(value=False) for name in vocabulary.CAPABILITIES
    ]
    return [
        frozenset(name for name, able in zip(vocabulary.CAPABILITIES, row, strict=True) if able)
        or frozenset({""})
        for row in zip(*can, strict=True)
    ]


def _errors(frame: pd.DataFrame) -> list[_Values]:
    found = find_errors(frame)
    codes: list[set[str]] = [set() for _ in range(len(frame))]
    for row, code in zip(found.rows.tolist(), found.codes.tolist(), strict=True):
        codes[row].add(found.words[code])
    return [frozenset(one or {""}) for one in codes]


_STATES: Final = frozenset({*vocabulary.PROVISIONING_STATES, vocabulary.UNSPECIFIED_STATE})
_FILTERS: Final[Mapping[str, _Filter]] = {
    "region_code": _Filter(("region_code",), _words),
    "number_type": _Filter(("number_type",), _words, frozenset(vocabulary.NUMBER_TYPES)),
    "capabilities": _Filter(
        ("has_sms", "has_voice"), _capabilities, frozenset(vocabulary.CAPABILITIES), needs_all=True
    ),
    "sms_state": _Filter(("sms_state",), _words, _STATES),
    "voice_state": _Filter(("voice_state",), _words, _STATES),
    "service_plan_id": _Filter(("sms_service_plan_id", "sms_scheduled_service_plan_id"), _words),
    "campaign_id": _Filter(("sms_campaign_id", "sms_scheduled_campaign_id"), _words),
    "error_code": _Filter(
        ("sms_error_codes", "sms_state", "voice_state"), _errors, frozenset(error_codes.CATALOGUE)
    ),
}
#: Spelled as the account does; everything else is spelled in capitals.
_IDS: Final = ("service_plan_id", "campaign_id")


def _several(given: Any, name: str) -> _Values:
    """Return the values of a filter as they are spelled in the columns."""
    if given is None:
        return frozenset()
    values = [given] if isinstance(given, str) or not hasattr(given, "__iter__") else list(given)
    strange = [value for value in values if not isinstance(value, str)]
    if strange:
        raise InvalidInputError(f"{name} {strange[0]!r} is not text; give one value or several, in quotes.")
    return frozenset(spelled(value, name) for value in values)


def spelled(value: str, name: str) -> str:
    """Return a value of a filter as it is spelled in the columns.

    Examples
    --------
    >>> spelled("toll-free", "number_type"), spelled("c1", "campaign_id")
    ('TOLL_FREE', 'c1')
    """
    value = value.strip()
    if name in _IDS:
        return value
    word = re.sub(r"[\s\-]+", "_", value).upper()
    return error_codes.ALIASES.get(word, word) if name == "error_code" else word


def _few(active: pd.DataFrame, one: _Filter) -> tuple[list[_Values], NDArray[np.int64], NDArray[np.int64]]:
    """Return the values of each distinct combination, how many rows have it, and which one each row has."""
    groups = distinct([active[column] for column in one.columns], len(active))
    few = pd.DataFrame({column: pd.Series(active[column].array[groups.first]) for column in one.columns})
    return one.values(few), groups.counts, groups.group


def _passed(active: pd.DataFrame, name: str, wanted: _Values) -> NDArray[np.bool_]:
    one = _FILTERS[name]
    values, _, group = _few(active, one)
    # Words new to this version are spelled as the API spells them, whatever that is.
    having = [frozenset(spelled(value, name) for value in has) for has in values]
    _refuse_unknown(wanted, frozenset().union(*having), one, name)
    hits = [wanted <= has if one.needs_all else bool(wanted & has) for has in having]
    return np.array(hits, dtype=bool)[group]


def _refuse_unknown(wanted: _Values, occurring: _Values, one: _Filter, name: str) -> None:
    """Refuse a value that must be a slip, since finding nothing would look like good news."""
    if name in _IDS:
        return
    strange = sorted(wanted - occurring - {""} - (one.known or frozenset()))
    if name == "region_code":
        strange = [value for value in strange if not re.fullmatch(r"[A-Z]{2}", value)]
    if strange:
        found = sorted(occurring - {""}) or sorted(one.known or ())
        raise InvalidInputError(
            f"{name} {listed(strange)} does not occur and is not known; use one of "
            f"{listed(found, 'or', most=_FEW) or 'those that occur'}."
        )


def _counts(active: pd.DataFrame, name: str) -> dict[str, int]:
    values, counts, _ = _few(active, _FILTERS[name])
    found: dict[str, int] = {}
    for has, count in zip(values, counts.tolist(), strict=True):
        for value in has:
            found[value] = found.get(value, 0) + count
    return found


# -- text ---------------------------------------------------------------------------------------------------


def _found(active: pd.DataFrame, text: str) -> NDArray[np.bool_]:
    """Where all words occur, or where the whole text is a part of the phone number."""
    columns = [active[name] for name in _TEXT_COLUMNS]
    found: NDArray[np.bool_] = np.ones(len(active), dtype=bool)
    for word in text.split():
        found &= np.logical_or.reduce([_contains(values, word) for values in columns])
    digits = _NOT_IN_E164.sub("", text)
    if _PHONE.fullmatch(text) and digits.strip("+"):
        found |= _contains(active["phone_number"], digits)
    return found


def _contains(values: pd.Series[Any], word: str) -> NDArray[np.bool_]:
    """Where a column holds a word, whatever its case; missing is no."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        labels = pa.array([str(label) for label in values.cat.categories], pa.large_string())
        # The last one answers the code -1 of a missing value.
        return np.append(_matches(labels, word), False)[values.cat.codes.to_numpy()]
    if not isinstance(values.dtype, pd.StringDtype):
        values = values.map(str, na_action="ignore")
    return _matches(pa.array(values, pa.large_string(), from_pandas=True), word)


def _matches(texts: pa.Array, word: str) -> NDArray[np.bool_]:
    found = pc.match_substring(texts, word, ignore_case=True).fill_null(False)
    hits: NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return hits
