"""The provisioning error catalogue: what each code means, who has to act, and what to do.

Low layer: words only, no frames but for :func:`frame`. The catalogue is open; a code that it does not
hold gets an entry that says so (:func:`lookup`), so that tomorrow's code never breaks today's report.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = [
    "ALIASES",
    "CAMPAIGN_LIMIT",
    "CATALOGUE",
    "CONFIDENCE",
    "RETRY",
    "SOLE_PROPRIETOR_LIMIT",
    "VOICE_FAILED",
    "WHO_ACTS",
    "ErrorCode",
    "frame",
    "is_known",
    "lookup",
]

#: Who has to act next. "Sinch (wait)" heals with time, though the update has to be sent again by you.
WHO_ACTS: Final = ("you", "Sinch (wait)", "Sinch support")
#: Whether sending the same update again can help.
RETRY: Final = ("wait and repeat", "repeat once", "after a change", "do not repeat", "ask support")
#: How well an entry is founded.
CONFIDENCE: Final = ("documented", "meaning documented, advice inferred", "inferred")
#: Numbers that most 10DLC campaigns can hold, and those of a sole proprietor.
CAMPAIGN_LIMIT: Final = 50
SOLE_PROPRIETOR_LIMIT: Final = 1
#: The one code of the voice side. Only events carry it; the state of a number has no voice codes at all.
VOICE_FAILED: Final = "PROVISIONING_TO_VOICE_PLATFORM_FAILED"

_YOU, _WAIT, _SUPPORT = WHO_ACTS
_LATER, _ONCE, _CHANGE, _NEVER, _ASK = RETRY
_DOCUMENTED, _ADVICE_INFERRED, _INFERRED = CONFIDENCE
_REFERENCE = "Sinch Numbers API reference, provisioning errors"
_EARLIER = "Sinch Numbers API reference, provisioning errors; earlier Sinch documentation"
_OPENAPI = "Sinch Numbers API, OpenAPI description 1.0.3"
_UNKNOWN_SEVERITY = 17


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One provisioning error code.

    Parameters
    ----------
    code : str
        The API's spelling.
    title : str
        The problem in a few words, unique in the catalogue.
    meaning : str
        What has happened.
    remedy : str
        What to do about it.
    who_acts : str
        One of :data:`WHO_ACTS`.
    retry : str
        One of :data:`RETRY`.
    severity : int
        1 is the most pressing; each catalogued code has its own.
    services : tuple of str
        ``SMS`` or ``VOICE``: the service whose set-up fails with it.
    shown_in : tuple of str
        ``poll`` (the state of a number) and ``event`` (webhook).
    limits : tuple of (str, int or None)
        Kind of campaign and the numbers it can hold; None stands for no stated ceiling.
    external_codes : tuple of (str, str)
        Codes of the systems behind the API that end up as this one, with their meaning, as far as published.
    source : str
        Where the meaning comes from.
    confidence : str
        One of :data:`CONFIDENCE`.
    """

    code: str
    title: str
    meaning: str
    remedy: str
    who_acts: str
    retry: str
    severity: int
    services: tuple[str, ...] = ("SMS",)
    shown_in: tuple[str, ...] = ("poll", "event")
    limits: tuple[tuple[str, int | None], ...] = ()
    external_codes: tuple[tuple[str, str], ...] = ()
    source: str = _OPENAPI
    confidence: str = _ADVICE_INFERRED


# Order: the nine long-standing codes, the newer ones, voice, and "unspecified" last. Severity goes from
# what stops the whole account, over what stops a campaign, to what concerns one number; then what support
# has to solve; then what passes with time. That order is this package's judgement, not the API's.
_ENTRIES: Final = (
    ErrorCode(
        "INTERNAL_ERROR",
        "Fault inside Sinch",
        "A step on Sinch's side broke: the account id, the balance check or the provisioning itself.",
        "Send the update once more after a while; if it fails again, give the number to Sinch support.",
        _SUPPORT,
        _ONCE,
        15,
        shown_in=("poll",),
        external_codes=(
            ("CRS0003", "account id is not valid"),
            ("CRS0013", "prepaid balance could not be checked"),
            ("CRS0015", "fault while the number was provisioned"),
        ),
        source=_REFERENCE,
    ),
    ErrorCode(
        "SMS_PROVISIONING_FAILED",
        "Service plan did not take the number",
        "The number could not be added to the SMS service plan that was asked for.",
        "Check that the plan exists, belongs to this project and fits the number's region, or choose "
        "another plan; then send the update again. If it still fails, ask Sinch support.",
        _YOU,
        _CHANGE,
        11,
        shown_in=("poll",),
        source=_REFERENCE,
    ),
    ErrorCode(
        "CAMPAIGN_PROVISIONING_FAILED",
        "Campaign link failed",
        "The number could not be linked to the 10DLC campaign.",
        "Check the campaign id and the campaign's state, then send the update again. "
        "If both are right, ask Sinch support.",
        _YOU,
        _CHANGE,
        10,
        source=_REFERENCE,
    ),
    ErrorCode(
        "CAMPAIGN_NOT_AVAILABLE",
        "Campaign is not available to Sinch",
        "The Campaign Registry does not show this campaign to Sinch.",
        "Check the campaign id for typing errors. In The Campaign Registry make Sinch the direct connect "
        "aggregator and see that Sinch has accepted the campaign; then send the update again.",
        _YOU,
        _CHANGE,
        6,
        external_codes=(
            ("501", "Sinch is not the direct connect aggregator"),
            ("502", "Sinch has not accepted the campaign"),
        ),
        source=_REFERENCE,
    ),
    ErrorCode(
        "EXCEEDED_10DLC_LIMIT",
        "Campaign is full",
        "The campaign already holds as many numbers as it may.",
        "Link the number to another campaign, take numbers off this one, or ask Sinch to make it a "
        "number-pool campaign; then send the update again.",
        _YOU,
        _CHANGE,
        7,
        limits=(
            ("most campaigns", CAMPAIGN_LIMIT),
            ("sole proprietor", SOLE_PROPRIETOR_LIMIT),
            ("number pool", None),
        ),
        external_codes=(("CRS0001", "more than 50 numbers at T-Mobile without a number pool"),),
        source=_REFERENCE,
    ),
    ErrorCode(
        "NUMBER_PROVISIONING_FAILED",
        "Number can't be linked to a campaign",
        "This one number could not be linked; rare, and not solved by trying again.",
        "Take another number and release this one, or ask Sinch to look into it by hand.",
        _YOU,
        _NEVER,
        13,
        source=_EARLIER,
    ),
    ErrorCode(
        "PARTNER_SERVICE_UNAVAILABLE",
        "Partner of Sinch is down",
        "A system outside Sinch that takes part in the set-up does not answer at present.",
        "Wait, then send the update again with growing pauses; Sinch does not repeat it by itself.",
        _WAIT,
        _LATER,
        18,
        source=_EARLIER,
        confidence=_DOCUMENTED,
    ),
    ErrorCode(
        "CAMPAIGN_PENDING_ACCEPTANCE",
        "Campaign waits for Sinch's acceptance",
        "Sinch has not accepted the campaign yet.",
        "Wait up to 24 hours and send the update again; after that ask the account manager.",
        _WAIT,
        _LATER,
        19,
        source=_EARLIER,
        confidence=_DOCUMENTED,
    ),
    ErrorCode(
        "MNO_SHARING_ERROR",
        "Campaign is not shared with the operators",
        "The campaign is not shared with the mobile network operators.",
        "In The Campaign Registry check that T-Mobile and AT&T are both selected, then send the update "
        "again. Otherwise ask Sinch or register a new campaign.",
        _YOU,
        _CHANGE,
        5,
        source=_EARLIER,
    ),
    ErrorCode(
        "CAMPAIGN_EXPIRED",
        "Campaign has expired",
        "The campaign's registration has run out; without automatic renewal it lasts about three months.",
        "Renew the campaign or replace it, then send the update again.",
        _YOU,
        _CHANGE,
        3,
    ),
    ErrorCode(
        "CAMPAIGN_MNO_REJECTED",
        "Operator rejected the campaign",
        "A mobile network operator has refused the campaign.",
        "Correct the campaign and submit it again, or register a new one, before any number is linked.",
        _YOU,
        _NEVER,
        4,
    ),
    ErrorCode(
        "CAMPAIGN_MNO_SUSPENDED",
        "Operator suspended the campaign",
        "A mobile network operator has suspended the campaign.",
        "Stop sending on it and settle the cause with Sinch or the operator; link no number until the "
        "suspension is lifted.",
        _YOU,
        _NEVER,
        2,
    ),
    ErrorCode(
        "CAMPAIGN_MNO_REVIEW",
        "Operator reviews the campaign",
        "A mobile network operator is still looking at the campaign.",
        "Wait for the review, hours to days, then send the update again.",
        _WAIT,
        _LATER,
        20,
    ),
    ErrorCode(
        "INSUFFICIENT_BALANCE",
        "Account balance is too low",
        "The account's credit does not cover the fees of the set-up.",
        "Add credit to the account, then send the update again.",
        _YOU,
        _CHANGE,
        1,
    ),
    ErrorCode(
        "MOCK_CAMPAIGN_NOT_ALLOWED",
        "Test campaign on a real number",
        "A mock campaign, made for tests, was given for a real number.",
        "Use a real campaign.",
        _YOU,
        _NEVER,
        8,
    ),
    ErrorCode(
        "TFN_NOT_ALLOWED",
        "Toll-free number on a 10DLC campaign",
        "A toll-free number was to be linked to a 10DLC campaign, which takes local numbers.",
        "Use a local number with the campaign; toll-free numbers have a verification of their own.",
        _YOU,
        _NEVER,
        9,
    ),
    ErrorCode(
        "INVALID_NNID",
        "Network number id is not valid",
        "The network number id is not valid; it concerns customers who bring numbers of their own.",
        "Have the id corrected together with Sinch support.",
        _SUPPORT,
        _NEVER,
        14,
    ),
    ErrorCode(
        VOICE_FAILED,
        "Voice set-up failed",
        "The voice set-up failed; the API gives no cause for voice.",
        "The API gives no cause: check that the app, trunk or service id exists, belongs to this project "
        "and fits the voice type; then send the update again. If it still fails, ask Sinch support.",
        _YOU,
        _CHANGE,
        12,
        services=("VOICE",),
        shown_in=("event",),
        source="Sinch's official SDKs; not in the API's description",
        confidence=_INFERRED,
    ),
    ErrorCode(
        "ERROR_CODE_UNSPECIFIED",
        "Failed without a cause",
        "The set-up failed, but no cause was given.",
        "Read the number again and send the update once more; if it fails again, ask Sinch support.",
        _SUPPORT,
        _ONCE,
        16,
        shown_in=("poll",),
    ),
)

CATALOGUE: Final[Mapping[str, ErrorCode]] = MappingProxyType({entry.code: entry for entry in _ENTRIES})
#: Older spellings and the codes they stand for.
ALIASES: Final[Mapping[str, str]] = MappingProxyType({"10DLC_LIMIT_EXCEEDED": "EXCEEDED_10DLC_LIMIT"})


def is_known(code: str) -> bool:
    """Whether the catalogue holds a code, in today's or an older spelling."""
    return code in CATALOGUE or code in ALIASES


def lookup(code: str) -> ErrorCode:
    """Return what is known about a code; never fails.

    Parameters
    ----------
    code : str
        A provisioning error code in the API's spelling or an older one.

    Returns
    -------
    ErrorCode
        The catalogue's entry. For a code that is new to this version, an entry with that code which says
        so and sends you to Sinch support.

    Examples
    --------
    >>> lookup("MNO_SHARING_ERROR").who_acts
    'you'
    >>> lookup("BRAND_NEW").retry
    'ask support'
    """
    known = CATALOGUE.get(ALIASES.get(code, code))
    if known is not None:
        return known
    return ErrorCode(
        code,
        f"Unknown error code {code}",
        f"The API reports {code}, which is new to this version of numbers_toolkit.",
        "Update numbers_toolkit, or ask Sinch support what the code means.",
        _SUPPORT,
        _ASK,
        _UNKNOWN_SEVERITY,
        source="not in this version's catalogue",
        confidence=_INFERRED,
    )


def _cell(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    pairs = (one if isinstance(one, tuple) else (one,) for one in value)
    return "; ".join(
        ": ".join("no stated limit" if part is None else str(part) for part in pair) for pair in pairs
    )


def frame() -> pd.DataFrame:
    """Return the catalogue as a table, one row per code in the catalogue's order.

    Returns
    -------
    pandas.DataFrame
        Its columns are the fields of :class:`ErrorCode`: ``severity`` Int64, every other one text. Several
        values stand joined by ``"; "``, none is empty text.

    Examples
    --------
    >>> frame().set_index("code").loc["EXCEEDED_10DLC_LIMIT", "limits"]
    'most campaigns: 50; sole proprietor: 1; number pool: no stated limit'
    """
    import pandas as pd

    names = [field.name for field in fields(ErrorCode)]
    rows = [[_cell(getattr(entry, name)) for name in names] for entry in CATALOGUE.values()]
    text = pd.StringDtype("pyarrow", na_value=float("nan"))
    dtypes = {name: "Int64" if name == "severity" else text for name in names}
    return pd.DataFrame(rows, columns=names).astype(dtypes)
