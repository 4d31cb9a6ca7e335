"""Provisioning: which services are set up, which failed, with which codes, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from numbers_toolkit import error_codes
from numbers_toolkit.analysis._grouping import (
    assemble,
    distinct,
    equals,
    instants,
    text_of,
    utc,
)
from numbers_toolkit.errors import UnknownValueWarning, warn_user
from numbers_toolkit.tables import (
    ACTIVE_NUMBERS,
    PROVISIONING_ERRORS,
    PROVISIONING_STATUS,
    SERVICES,
)
from numbers_toolkit.vocabulary import PROVISIONING_STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["provisioning_errors", "provisioning_status"]

READ: Final = (
    "phone_number",
    "region_code",
    "number_type",
    "sms_state",
    "sms_error_codes",
    "sms_scheduled_service_plan_id",
    "sms_scheduled_campaign_id",
    "sms_updated_at",
    "voice_state",
    "voice_updated_at",
)
ADVICE: Final = ("meaning", "remedy", "who_acts", "retry")
SOURCE: Final = {
    "service_plan_id": "sms_scheduled_service_plan_id",
    "campaign_id": "sms_scheduled_campaign_id",
}
_UNSPECIFIED: Final = "ERROR_CODE_UNSPECIFIED"
_ORDER: Final = {code: place for place, code in enumerate(error_codes.CATALOGUE)}


def provisioning_errors(active: pd.DataFrame) -> pd.DataFrame:
    """List every provisioning error of every number, with what it means and what to do.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are the states, error codes, scheduled ids and times of both services, and
        ``phone_number``, ``region_code``, ``number_type``.

    Returns
    -------
    pandas.DataFrame
        One row per number, service and error code, by phone number, SMS before voice, codes in the order
        of the catalogue.

        - ``phone_number`` : str - number in E.164, always text
        - ``region_code`` : category, may be missing - ISO 3166-1 alpha-2
        - ``number_type`` : category, may be missing - kind of number
        - ``service`` : category - SMS or VOICE
        - ``error_code`` : category - provisioning error code
        - ``service_plan_id`` : category, may be missing - plan that was being set (SMS)
        - ``campaign_id`` : category, may be missing - campaign that was being set (SMS)
        - ``updated_at`` : datetime64[us, UTC], may be missing - when the job last changed
        - ``meaning`` : category - what the code says
        - ``remedy`` : category - what to do
        - ``who_acts`` : category - who has to act: you, Sinch, or Sinch's support
        - ``retry`` : category - whether sending the same update again can help

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.

    Warns
    -----
    UnknownValueWarning
        Once, when there are codes that this version does not know. They are kept.

    See Also
    --------
    error_frequencies : the same, counted
    attention : all there is to do, not only errors

    Notes
    -----
    SMS codes are kept whatever the state of the number. An SMS job that failed without a code is listed as
    ``ERROR_CODE_UNSPECIFIED``. The API has no codes for voice: a failed voice job is listed as
    ``PROVISIONING_TO_VOICE_PLATFORM_FAILED``, the name that the API's events use. A code that comes twice
    for a number is listed once, an older spelling under today's.

    Source: ``smsConfiguration.scheduledProvisioning`` and ``voiceConfiguration.scheduledVoiceProvisioning``
    of the active numbers.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> provisioning_errors(tables.ACTIVE_NUMBERS.empty()).columns.to_list()[3:5]
    ['service', 'error_code']
    """
    ACTIVE_NUMBERS.require(active, READ)
    found = find_errors(active)
    warn_unknown(found)
    place = _places(found.words)[found.codes]
    phone_number, _ = pd.factorize(active["phone_number"].array[found.rows], sort=True)
    found = found.take(np.lexsort((place, found.is_voice, phone_number)))
    data = {name: values_of(active, found, name) for name in PROVISIONING_ERRORS.names}
    return assemble(PROVISIONING_ERRORS, data, attrs=active.attrs)


@dataclass(frozen=True, slots=True)
class Found:
    """Errors by the position of their number: the service, and the code as a position in the words."""

    rows: NDArray[np.intp]
    is_voice: NDArray[np.bool_]
    codes: NDArray[np.int64]
    words: tuple[str, ...]

    def take(self, order: NDArray[np.intp]) -> Found:
        """Return the same errors in another order."""
        return replace(self, rows=self.rows[order], is_voice=self.is_voice[order], codes=self.codes[order])


def find_errors(active: pd.DataFrame) -> Found:
    """Find the errors of both services; SMS first, in the order of the rows."""
    rows, codes, words = _sms_codes(active)
    voice = np.flatnonzero(equals(active["voice_state"], "FAILED"))
    return Found(
        np.concatenate([rows, voice]),
        np.repeat([False, True], [len(rows), len(voice)]),
        np.concatenate([codes, np.full(len(voice), len(words))]),
        (*words, error_codes.VOICE_FAILED),
    )


def _sms_codes(active: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.int64], list[str]]:
    """Return the row and the code of every SMS error, a code being a position in the words returned."""
    joined = text_of(active["sms_error_codes"])
    failed = equals(active["sms_state"], "FAILED")
    lists = [_split(str(label)) for label in joined.cat.categories]
    words = list(dict.fromkeys([_UNSPECIFIED, *(code for codes in lists for code in codes)]))
    place = {code: number for number, code in enumerate(words)}
    # The last list answers the code -1 of a missing value: no codes given.
    lists.append([])
    lengths = np.array([len(codes) for codes in lists])
    flat = np.array([place[code] for codes in lists for code in codes], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    combination = joined.cat.codes.to_numpy()
    coded = np.flatnonzero(combination >= 0)
    coded = coded[lengths[combination[coded]] > 0]
    many = lengths[combination[coded]]
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    codes = flat[np.repeat(starts[combination[coded]], many) + within]
    silent = failed.copy()
    silent[coded] = False
    rows = np.concatenate([np.repeat(coded, many), np.flatnonzero(silent)])
    return rows, np.concatenate([codes, np.zeros(int(silent.sum()), dtype=np.int64)]), words


def _split(joined: str) -> list[str]:
    """Split one combination of codes: today's spelling, each once."""
    given = (one.strip() for one in joined.split(";"))
    return list(dict.fromkeys(error_codes.ALIASES.get(one, one) for one in given if one))


def _places(words: Sequence[str]) -> NDArray[np.int64]:
    """Return where each code sorts: catalogue first, then unknown ones by name."""
    unknown = sorted(word for word in words if word not in _ORDER)
    order = _ORDER | {word: len(_ORDER) + number for number, word in enumerate(unknown)}
    return np.array([order[word] for word in words], dtype=np.int64)


def warn_unknown(found: Found, weight: NDArray[np.int64] | None = None) -> None:
    """Warn once about all codes that the catalogue does not hold."""
    counts = np.bincount(found.codes, weight, len(found.words)).astype(np.int64)
    unknown = [
        f"{word} ({counts[place]:,})"
        for place, word in enumerate(found.words)
        if counts[place] and not error_codes.is_known(word)
    ]
    if unknown:
        warn_user(
            "Error codes new to this version of numbers_toolkit, kept as they are: "
            f"{', '.join(sorted(unknown))}.",
            UnknownValueWarning,
        )


def values_of(active: pd.DataFrame, found: Found, name: str) -> pd.Series[Any]:
    """Return one column of the errors table."""
    if name == "service":
        return _from_codes(found.is_voice.astype(np.int64), SERVICES)
    if name == "error_code":
        return _from_codes(found.codes, found.words)
    if name in ADVICE:
        return _from_codes(found.codes, [getattr(error_codes.lookup(word), name) for word in found.words])
    if name in SOURCE:
        being_set = pd.Series(active[SOURCE[name]].array[found.rows])
        return text_of(being_set).mask(found.is_voice)
    if name == "updated_at":
        sms, voice = (instants(active[f"{one}_updated_at"])[found.rows] for one in ("sms", "voice"))
        return utc(np.where(found.is_voice, voice, sms))
    return pd.Series(active[name].array[found.rows])


def _from_codes(codes: NDArray[Any], words: Sequence[str]) -> pd.Series[Any]:
    """Return the words at the codes; several codes may share a word."""
    labels = list(dict.fromkeys(words))
    shared = np.array([labels.index(word) for word in words], dtype=np.int64)
    return pd.Series(pd.Categorical.from_codes(shared[codes], dtype=pd.CategoricalDtype(labels)))


def provisioning_status(active: pd.DataFrame) -> pd.DataFrame:
    """Count the numbers in every state, for each service.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are ``sms_state`` and ``voice_state``.

    Returns
    -------
    pandas.DataFrame
        One row per service and state: for each service the five known states, also those no number is in,
        then the unknown ones that occur. Without any number, no rows. ``numbers`` adds up to ``len(active)``
        for each service.

        - ``service`` : category - SMS or VOICE
        - ``state`` : category - provisioning state
        - ``numbers`` : Int64 - how many numbers
        - ``share`` : Float64 - share of all numbers, 0 to 1

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.

    Notes
    -----
    Source: the API names WAITING, IN_PROGRESS and FAILED. NOT_CONFIGURED and PROVISIONED are how its silence
    is read: no job and no id, and no job but an id in force. A state that is missing shows as such, last.

    Examples
    --------
    >>> import pandas as pd
    >>> states = pd.DataFrame({"sms_state": ["FAILED", "PROVISIONED"], "voice_state": ["PROVISIONED"] * 2})
    >>> status = provisioning_status(states)
    >>> status[status.numbers > 0]
      service        state  numbers  share
    1     SMS  PROVISIONED        1    0.5
    4     SMS       FAILED        1    0.5
    6   VOICE  PROVISIONED        2    1.0
    """
    columns = ("sms_state", "voice_state")
    ACTIVE_NUMBERS.require(active, columns)
    rows: list[tuple[str, str | None, int]] = []
    for service, name in zip(SERVICES, columns, strict=True):
        groups = distinct([active[name]], len(active))
        states = [None if pd.isna(state) else str(state) for state in active[name].iloc[groups.first]]
        counts: dict[str | None, int] = dict(zip(states, groups.counts.tolist(), strict=True))
        for state in PROVISIONING_STATES if len(active) else ():
            rows.append((service, state, counts.pop(state, 0)))
        for other in sorted(counts, key=lambda word: (word is None, word or "")):
            rows.append((service, other, counts[other]))
    services, words, numbers = zip(*rows, strict=True) if rows else ((), (), ())
    data = {
        "service": services,
        "state": words,
        "numbers": numbers,
        "share": [count / len(active) for count in numbers],
    }
    return assemble(PROVISIONING_STATUS, data, attrs=active.attrs)


def age_days(times: pd.Series[Any], now: pd.Timestamp) -> pd.Series[Any]:
    """Return whole days between times and an instant, Int64; a time after it counts as 0 days ago."""
    passed = now.tz_localize(None).to_datetime64() - instants(times)
    known = ~np.isnat(passed)
    days = np.where(known, passed, np.timedelta64(0, "us")) // np.timedelta64(1, "D")
    return pd.Series(np.maximum(days, 0), index=times.index, dtype="Int64").where(known)
