"""What goes into requests: query parameters and bodies, checked before anything is sent.

Spells the API's parameter and body names. Sends nothing.

Source of every name: the Numbers API's OpenAPI description, version 1.0.3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import vocabulary
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.settings import SecretText

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "active_numbers_query",
    "available_numbers_query",
    "callback_secret_body",
    "rent_any_body",
    "rent_body",
    "update_body",
]

_VOICE_ID_FIELDS: Final = {"RTC": "appId", "EST": "trunkId", "FAX": "serviceId"}
_SECRET_RULE: Final = re.compile(r"[A-Za-z0-9-]{32,64}")
Query = list[tuple[str, str]]


def available_numbers_query(
    region_code: str,
    number_type: str,
    *,
    capabilities: str | Iterable[str] | None,
    pattern: str | None,
    search_pattern: str,
    size: int,
) -> Query:
    """Return the query of a search.

    Examples
    --------
    >>> available_numbers_query("se", "local", capabilities="SMS", pattern=None, search_pattern="END", size=5)
    [('regionCode', 'SE'), ('type', 'LOCAL'), ('capabilities', 'SMS'), ('size', '5')]
    """
    return [
        ("regionCode", vocabulary.check_region_code(region_code)),
        ("type", vocabulary.check_number_type(number_type)),
        *_pattern_query(pattern, search_pattern),
        *(("capabilities", one) for one in vocabulary.check_capabilities(capabilities)),
        ("size", str(vocabulary.check_count(size, "size"))),
    ]


def active_numbers_query(
    *,
    region_code: str | None,
    number_type: str | None,
    capabilities: str | Iterable[str] | None,
    pattern: str | None,
    search_pattern: str,
    order_by: str | None,
    page_size: int,
    page_token: str,
) -> Query:
    """Return the query of one page of the project's numbers."""
    order = vocabulary.check_order_by(order_by)
    return [
        *([("regionCode", vocabulary.check_region_code(region_code))] if region_code is not None else []),
        *([("type", vocabulary.check_number_type(number_type))] if number_type is not None else []),
        *_pattern_query(pattern, search_pattern),
        # Singular in this list, plural in the search: that is how the API spells it.
        *(("capability", one) for one in vocabulary.check_capabilities(capabilities)),
        ("pageSize", str(vocabulary.check_count(page_size, "page_size"))),
        *([("pageToken", page_token)] if page_token else []),
        *([("orderBy", order)] if order else []),
    ]


def rent_body(service_plan_id: str | None, campaign_id: str | None, **others: str | None) -> dict[str, Any]:
    """Return the body of renting one number; ``others`` as in :func:`update_body`."""
    if campaign_id and not service_plan_id:
        raise InvalidInputError(
            f"Campaign {campaign_id!r} can't be linked without a service plan; give service_plan_id too."
        )
    return update_body(service_plan_id=service_plan_id, campaign_id=campaign_id, **others)


def rent_any_body(
    region_code: str,
    number_type: str,
    *,
    capabilities: str | Iterable[str] | None,
    pattern: str | None,
    search_pattern: str,
    configuration: dict[str, Any],
) -> dict[str, Any]:
    """Return the body of renting any number that fits; ``configuration`` is that of renting one."""
    checked = vocabulary.check_pattern(pattern, search_pattern)
    wanted = vocabulary.check_capabilities(capabilities)
    return {
        "regionCode": vocabulary.check_region_code(region_code),
        "type": vocabulary.check_number_type(number_type),
        **({"numberPattern": {"pattern": checked[0], "searchPattern": checked[1]}} if checked else {}),
        **({"capabilities": wanted} if wanted else {}),
        **configuration,
    }


def update_body(
    *,
    display_name: str | None = None,
    service_plan_id: str | None = None,
    campaign_id: str | None = None,
    voice_type: str | None = None,
    voice_id: str | None = None,
    callback_url: str | None = None,
) -> dict[str, Any]:
    """Return the body of a change; a part with nothing in it is left out, the API refuses an empty one.

    Examples
    --------
    >>> update_body(voice_type="est", voice_id="01kq4yb3m7s2d9f6h1j8k5n0pq")
    {'voiceConfiguration': {'type': 'EST', 'trunkId': '01kq4yb3m7s2d9f6h1j8k5n0pq'}}
    """
    body: dict[str, Any] = {}
    if display_name is not None:
        body["displayName"] = _text(display_name, "display_name")
    sms = {"servicePlanId": (service_plan_id, "service_plan_id"), "campaignId": (campaign_id, "campaign_id")}
    given = {name: _text(value, what) for name, (value, what) in sms.items() if value is not None}
    if given:
        body["smsConfiguration"] = given
    if voice_id is not None or voice_type is not None:
        body["voiceConfiguration"] = _voice(voice_type, voice_id)
    if callback_url is not None:
        body["callbackUrl"] = _text(callback_url, "callback_url")
    return body


def callback_secret_body(hmac_secret: str) -> dict[str, Any]:
    """Return the body that sets the callback secret; the secret does not show in it."""
    fits = isinstance(hmac_secret, str) and _SECRET_RULE.fullmatch(hmac_secret) is not None
    body = {"hmacSecret": SecretText(hmac_secret)}
    # Verbose tracebacks print variables.
    del hmac_secret
    if not fits:
        raise InvalidInputError(
            "The callback secret must be 32 to 64 letters, digits or hyphens; yours is not."
        )
    return body


def _pattern_query(pattern: str | None, search_pattern: str) -> Query:
    checked = vocabulary.check_pattern(pattern, search_pattern)
    if checked is None:
        return []
    return [("numberPattern.pattern", checked[0]), ("numberPattern.searchPattern", checked[1])]


def _voice(voice_type: str | None, voice_id: str | None) -> dict[str, str]:
    kind = "RTC" if voice_type is None else vocabulary.check_voice_type(voice_type)
    if voice_id is None:
        raise InvalidInputError(f"Voice type {kind} needs voice_id (its {_VOICE_ID_FIELDS[kind]}).")
    return {"type": kind, _VOICE_ID_FIELDS[kind]: _text(voice_id, "voice_id")}


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise InvalidInputError(f"{what} {value!r} is {type(value).__name__}, not text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInputError(f"{what} {value!r} holds half a character, which can't be sent.") from None
    return value
