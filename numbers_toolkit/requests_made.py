"""What goes into requests: path segments, query parameters and bodies, checked before anything is sent.

Spells the API's parameter and body names. Sends nothing.

Source of every name: the Numbers API's OpenAPI description, version 1.0.3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from numbers_toolkit import vocabulary
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.payloads import Hidden, form_payload, json_payload
from numbers_toolkit.settings import SecretText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numbers_toolkit.payloads import Payload

__all__ = [
    "MOST_NUMBERS_OF_AN_ORDER",
    "active_numbers_query",
    "attachment_form",
    "available_numbers_query",
    "callback_secret_body",
    "emergency_address_body",
    "number_order_body",
    "number_requirements_body",
    "path_segment",
    "registration_body",
    "rent_any_body",
    "rent_body",
    "update_body",
]

_VOICE_ID_FIELDS: Final = {"RTC": "appId", "EST": "trunkId", "FAX": "serviceId"}
_SECRET_RULE: Final = re.compile(r"[A-Za-z0-9-]{32,64}")
#: What would end a path segment, or be changed on its way: controls, slashes, blanks around the rest.
_NO_SEGMENT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f/\\]|^\s|\s$")
#: Source: ``requestedQuantity`` of the OpenAPI description, 1 to 100.
MOST_NUMBERS_OF_AN_ORDER: Final = 100
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
    return {
        "regionCode": vocabulary.check_region_code(region_code),
        "type": vocabulary.check_number_type(number_type),
        **_wanted(pattern, search_pattern, capabilities),
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


def path_segment(value: object, what: str) -> str:
    """Return an id as it stands in a path.

    Parameters
    ----------
    value : str
        An id that the API gave.
    what : str
        What it is, for the error.

    Returns
    -------
    str
        Percent-encoded where it holds more than letters, digits and ``-._~``.

    Raises
    ------
    InvalidInputError
        When it would lead to another path: empty, dots alone, a slash, a control character, blanks around it.

    Examples
    --------
    >>> path_segment("01kq4yfz8d1c3b5n7m9v2x4w6t", "order_id")
    '01kq4yfz8d1c3b5n7m9v2x4w6t'
    >>> path_segment("a b:c", "order_id")
    'a%20b%3Ac'
    """
    text = _text(value, what)
    if not text or text in (".", "..") or _NO_SEGMENT.search(text):
        raise InvalidInputError(
            f"{what} {text!r} is none the API gives (it is empty, or holds a slash, blanks around it or control "
            "characters); copy it again from the order."
        )
    return quote(text, safe="")


def emergency_address_body(
    *,
    display_name: str,
    street_number: str,
    street_info: str,
    city: str,
    state: str,
    postal_code: str,
    location: str | None = None,
    postal_code_plus_four: str | None = None,
) -> dict[str, Any]:
    """Return the body that provisions or validates an emergency address.

    Examples
    --------
    >>> body = emergency_address_body(
    ...     display_name="Cheyenne office",
    ...     street_number="1188",
    ...     street_info="Cottonwood Avenue",
    ...     city="Cheyenne",
    ...     state="WY",
    ...     postal_code="82001",
    ... )
    >>> list(body["address"])
    ['streetNumber', 'streetInfo', 'city', 'state', 'postalCode']
    """
    address = {
        "streetNumber": _given_text(street_number, "street_number"),
        "streetInfo": _given_text(street_info, "street_info"),
        "city": _given_text(city, "city"),
        "state": _given_text(state, "state"),
        "postalCode": _given_text(postal_code, "postal_code"),
    }
    if location is not None:
        address["location"] = _text(location, "location")
    if postal_code_plus_four is not None:
        address["postalCodePlusFour"] = _text(postal_code_plus_four, "postal_code_plus_four")
    return {"displayName": _given_text(display_name, "display_name"), "address": address}


def number_requirements_body(region_code: str, number_type: str) -> dict[str, str]:
    """Return the body that asks what an order of such numbers needs.

    Examples
    --------
    >>> number_requirements_body("au", "mobile")
    {'regionCode': 'AU', 'numberType': 'MOBILE'}
    """
    # A search and a number call it "type"; orders and their requirements "numberType".
    return {
        "regionCode": vocabulary.check_region_code(region_code),
        "numberType": vocabulary.check_number_type(number_type),
    }


def number_order_body(
    region_code: str,
    number_type: str,
    *,
    phone_number: str | None,
    quantity: int | None,
    pattern: str | None,
    search_pattern: str,
    sequential: bool,
    capabilities: str | Iterable[str] | None,
    configuration: dict[str, Any],
) -> dict[str, Any]:
    """Return the body of a number order; ``configuration`` is that of renting one number.

    Raises
    ------
    InvalidInputError
        When not exactly one of number and quantity is given, or what belongs to a quantity stands beside a
        number.
    """
    if (phone_number is None) == (quantity is None):
        raise InvalidInputError(
            "A number order is for one number or for a quantity: give phone_number or quantity, one of them."
        )
    if not isinstance(sequential, bool):
        raise InvalidInputError(f"sequential {sequential!r} is neither True nor False.")
    wanted = _wanted(pattern, search_pattern, capabilities)
    body = {**number_requirements_body(region_code, number_type), **configuration}
    if quantity is not None:
        body["quantityOrderOption"] = {
            "requestedQuantity": _quantity(quantity),
            **wanted,
            "sequential": sequential,
        }
        return body
    if wanted or sequential:
        raise InvalidInputError(
            "pattern, capabilities and sequential say which numbers a quantity is filled with; with a "
            "phone_number leave them out."
        )
    body["numberOrderOption"] = {"phoneNumbers": [vocabulary.check_phone_number(phone_number)]}
    return body


def registration_body(request_details: Hidden) -> Payload:
    """Return the body that stores an order's registration data, which show neither in it nor in an error.

    Examples
    --------
    >>> body = registration_body(Hidden({"data": [{"city": "Hobart"}]}))
    >>> bytes(body.content)
    b'{"requestDetails": {"data": [{"city": "Hobart"}]}}'
    >>> body.content
    <50 bytes>
    """
    if not isinstance(request_details.value, Mapping):
        raise InvalidInputError(
            f"request_details is {type(request_details.value).__name__}, but has to be a mapping (a dict) of the "
            "fields that the number requirements ask for."
        )
    return json_payload({"requestDetails": request_details}, "request_details")


def attachment_form(
    content: Hidden, *, file_name: str, mime_type: str, document_type: str | None = None
) -> Payload:
    """Return the form that uploads a document of an order."""
    fields = {} if document_type is None else {"documentType": _given_text(document_type, "document_type")}
    return form_payload(content, file_name=file_name, mime_type=mime_type, fields=fields)


def _wanted(
    pattern: str | None, search_pattern: str, capabilities: str | Iterable[str] | None
) -> dict[str, Any]:
    """Return the part of a body that says which numbers will do."""
    checked = vocabulary.check_pattern(pattern, search_pattern)
    wanted = vocabulary.check_capabilities(capabilities)
    return {
        **({"numberPattern": {"pattern": checked[0], "searchPattern": checked[1]}} if checked else {}),
        **({"capabilities": wanted} if wanted else {}),
    }


def _quantity(value: int) -> int:
    quantity = vocabulary.check_count(value, "quantity")
    if quantity > MOST_NUMBERS_OF_AN_ORDER:
        raise InvalidInputError(
            f"quantity {quantity:,} is too large for one order; the API takes 1 to {MOST_NUMBERS_OF_AN_ORDER}. "
            "Make several orders."
        )
    return quantity


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


def _given_text(value: object, what: str) -> str:
    if isinstance(value, int):
        # 02108 read as a number is 2108: another place.
        raise InvalidInputError(
            f"{what} {value!r} is a number, not text; put it in quotes, so that a leading zero stays."
        )
    text = _text(value, what)
    if not text.strip():
        raise InvalidInputError(f"{what} is empty; write what it is.")
    return text
