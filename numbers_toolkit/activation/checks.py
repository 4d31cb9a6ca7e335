"""What can be known to be wrong with a configuration before anything is bought.

Forms of ids and addresses, capability against configuration, and where a 10DLC campaign can go. Sends nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from numbers_toolkit import requests_made
from numbers_toolkit.activation.items import Configuration
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from numbers_toolkit.activation.findings import Findings
    from numbers_toolkit.activation.offers import Offer

__all__ = [
    "campaign_reaches",
    "check_abilities",
    "check_campaign_reach",
    "check_configuration",
    "check_usual_form",
    "needed_capabilities",
]

#: No id of the API's published samples comes near this.
_LONGEST_ID: Final = 100
_LONGEST_URL: Final = 2000
#: How ids usually look. Source: samples of the Numbers API's OpenAPI description, version 1.0.3.
_USUAL: Final = {
    "service_plan_id": (re.compile(r"[0-9a-f]{32}", re.ASCII), "32 of the characters 0 to 9 and a to f"),
    "campaign_id": (re.compile(r"C[0-9A-Z]{6}", re.ASCII), "C and 6 capital letters or digits"),
}
_SECRET_NAMES: Final = re.compile(r"token|secret|password|passwd|signature|api_?key|auth", re.IGNORECASE)
#: Region of the 10DLC campaigns, and the type that they take no numbers of.
_CAMPAIGN_REGION: Final = "US"
_TOLL_FREE: Final = "TOLL_FREE"


# -- the configuration itself -------------------------------------------------------------------------------


def check_configuration(given: Mapping[str, Any], findings: Findings) -> Configuration:
    """Return the configuration that numbers are to be set up with; what can't be right is a fault.

    Parameters
    ----------
    given : mapping
        ``service_plan_id``, ``campaign_id``, ``voice_type``, ``voice_id`` and ``callback_url``; None and ``""``
        leave a part alone.
    findings : Findings
        Told the faults.

    Returns
    -------
    Configuration
        The parts that can be right.
    """
    texts = {name: _text(name, value, findings) for name, value in given.items()}
    for name in ("service_plan_id", "campaign_id", "voice_id"):
        texts[name] = _checked_id(name, texts[name], findings)
    texts["callback_url"] = _checked_url(texts["callback_url"], findings)
    _check_campaign_has_plan(given, texts, findings)
    texts["voice_type"] = _checked_voice(texts, findings)
    return Configuration(**texts)


def _text(name: str, value: Any, findings: Findings) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    findings.fault(f"{name} {value!r} is {type(value).__name__}, not text; write it in quotes.")
    return ""


def _checked_id(name: str, value: str, findings: Findings) -> str:
    odd = sorted({one for one in value if one.isspace() or not one.isprintable()})
    if odd:
        findings.fault(f"{name} {value!r} holds {listed([repr(one) for one in odd])}; copy it again without.")
    elif len(value) > _LONGEST_ID:
        findings.fault(
            f"{name} has {len(value):,} characters, more than any id ({_LONGEST_ID}): {value[:20]!r}..."
        )
    else:
        return value
    return ""


def _check_campaign_has_plan(given: Mapping[str, Any], texts: Mapping[str, str], findings: Findings) -> None:
    # A plan that was given and is faulty is told of already.
    if texts["campaign_id"] and not given["service_plan_id"]:
        _refused_by_client(findings, None, texts["campaign_id"])


def _checked_voice(texts: Mapping[str, str], findings: Findings) -> str:
    kind, target = texts["voice_type"], texts["voice_id"]
    if not kind and not target:
        return ""
    body = _refused_by_client(findings, None, None, voice_type=kind or None, voice_id=target or None)
    return str(body["voiceConfiguration"]["type"]) if body else ""


def _refused_by_client(findings: Findings, *links: str | None, **voice: str | None) -> dict[str, Any]:
    """Return the body that the client would send, ``{}`` when it would refuse to."""
    try:
        return requests_made.rent_body(*links, **voice)
    except InvalidInputError as error:
        findings.fault(str(error))
        return {}


def _checked_url(value: str, findings: Findings) -> str:
    fault = _url_fault(value) if value else ""
    if fault:
        # The address is not repeated: what is wrong with it may be that it holds a password.
        findings.fault(f"callback_url {fault}; give an address such as 'https://hooks.example.com/numbers'.")
        return ""
    names = [name for name, _ in parse_qsl(urlsplit(value).query, keep_blank_values=True)]
    suspicious = [name for name in names if _SECRET_NAMES.search(name)]
    if suspicious:
        findings.warn(
            f"callback_url carries {listed(suspicious)}, which will stand in the plan and in its file for everybody "
            "who reads them."
        )
    return value


def _url_fault(value: str) -> str:
    if any(one.isspace() or not one.isprintable() for one in value):
        return "holds blanks or control characters"
    if len(value) > _LONGEST_URL:
        return f"has {len(value):,} characters, more than {_LONGEST_URL:,}"
    try:
        parts = urlsplit(value)
        return _parts_fault(parts, parts.hostname, parts.port)
    except ValueError as error:
        return f"is no address ({error})"


def _parts_fault(parts: SplitResult, host: str | None, port: int | None) -> str:
    if parts.scheme.lower() not in ("http", "https"):
        return f"begins with {parts.scheme or 'no scheme'}, not with https:// or http://"
    if not host or port == 0:
        return "names no host" if not host else "names port 0"
    if parts.username is not None or parts.password is not None:
        return "carries a user name or password, which a plan must not hold"
    return ""


def check_usual_form(name: str, value: str, in_use: Collection[str] | None, findings: Findings) -> None:
    """Warn of an id that looks like none, unless numbers of the project use it.

    Parameters
    ----------
    name : {"service_plan_id", "campaign_id"}
        What it is.
    value : str
        The id; ``""`` is none.
    in_use : collection of str or None
        Ids that active numbers use; None when that is not known.
    findings : Findings
        Told the warning.
    """
    pattern, words = _USUAL[name]
    if not value or pattern.fullmatch(value) or (in_use is not None and value in in_use):
        return
    unused = "" if in_use is None else " and no active number that was looked at uses it"
    findings.warn(
        f"{name} {value!r} does not look like one: usual are {words}{unused}. Check it for typing errors; numbers "
        "are bought all the same, and setting them up would fail."
    )


# -- configuration and numbers ------------------------------------------------------------------------------


def needed_capabilities(configuration: Configuration) -> tuple[str, ...]:
    """Return what a number must be able to do for a configuration.

    Examples
    --------
    >>> needed_capabilities(Configuration(service_plan_id="plan", voice_id="app"))
    ('SMS', 'VOICE')
    """
    sms = configuration.service_plan_id or configuration.campaign_id
    return (*(["SMS"] if sms else []), *(["VOICE"] if configuration.voice_id else []))


_ASKED_BY: Final = {"SMS": "service_plan_id", "VOICE": "voice_id"}


def check_abilities(offers: Iterable[Offer], needed: Iterable[str], findings: Findings) -> None:
    """Refuse chosen numbers that can't do what they are to be set up for."""
    given = list(offers)
    for capability in needed:
        unable = [one.phone_number for one in given if capability not in one.capabilities]
        if unable:
            findings.fault(
                f"{counted(len(unable))} can't be used for {capability}, which {_ASKED_BY[capability]} needs: "
                f"{listed(unable)}. Leave them out, or plan them apart without it."
            )


def campaign_reaches(region_code: str, number_type: str) -> bool:
    """Whether a 10DLC campaign can take such numbers.

    Source: ``campaignId`` is for US numbers only (OpenAPI description 1.0.3), and provisioning a toll-free one fails
    with ``TFN_NOT_ALLOWED``.

    Examples
    --------
    >>> campaign_reaches("US", "LOCAL"), campaign_reaches("US", "TOLL_FREE"), campaign_reaches("SE", "MOBILE")
    (True, False, False)
    """
    return region_code == _CAMPAIGN_REGION and number_type != _TOLL_FREE


def check_campaign_reach(campaign_id: str, kinds: Mapping[tuple[str, str], int], findings: Findings) -> int:
    """Check where a campaign is to go, and return how many numbers it would take.

    Parameters
    ----------
    campaign_id : str
        The campaign; ``""`` is none.
    kinds : mapping of (region, type) to int
        How many numbers of each kind are planned.
    findings : Findings
        Told of US toll-free numbers and of a campaign that no number can take (faults), and of numbers outside
        the US in a mixed plan (warning).
    """
    if not campaign_id or not kinds:
        return 0
    taking = sum(count for kind, count in kinds.items() if campaign_reaches(*kind))
    toll_free = kinds.get((_CAMPAIGN_REGION, _TOLL_FREE), 0)
    elsewhere = sum(count for (region, _), count in kinds.items() if region != _CAMPAIGN_REGION)
    if toll_free:
        findings.fault(
            f"Campaign {campaign_id!r} is for 10DLC, which takes no toll-free numbers, but the plan has "
            f"{counted(toll_free)} of US TOLL_FREE. Plan them apart, without campaign_id."
        )
    if elsewhere and not taking and not toll_free:
        findings.fault(
            f"Campaign {campaign_id!r} takes US numbers only, and no number of the plan is one. Leave out "
            "campaign_id."
        )
    elif elsewhere:
        findings.warn(
            f"Campaign {campaign_id!r} takes US numbers only: {counted(elsewhere)} outside the US "
            f"{'is' if elsewhere == 1 else 'are'} bought without it."
        )
    return taking
