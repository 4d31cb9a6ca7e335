"""Number orders for the sandbox's tests: what to send for each region, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests

    from sandbox_helpers import Caller

PDF = b"%PDF-1.7\r\n--not a boundary\r\n\x00\xff\n%%EOF\r\n"
AUSTRALIAN = {"endBusinessName": "Example Pty", "city": "Hobart", "country": "AU"}
GERMAN = {
    "companyName": "Beispiel GmbH",
    "registrationNumber": "HRB 12345",
    "street": "Musterweg 1",
    "postalCode": "50667",
    "city": "Köln",
    "country": "DE",
    "contactEmail": "office@example.com",
    "intendedUse": "ALERTS",
}


def look_up(caller: Caller, region: str, kind: str) -> requests.Response:
    body = {"regionCode": region, "numberType": kind}
    return caller.call("POST", "numberOrders:lookupNumberRequirements", json=body)


def create(caller: Caller, **body: Any) -> requests.Response:
    return caller.call("POST", "numberOrders:createNumberOrder", json=body)


def order_number(
    caller: Caller, region: str = "SE", kind: str = "MOBILE", position: int = 0, **more: Any
) -> dict[str, Any]:
    """Order one number on offer and return the order."""
    number = caller.on_offer(position, region, kind)
    answer = create(
        caller,
        regionCode=region,
        numberType=kind,
        numberOrderOption={"phoneNumbers": [number]},
        **more,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def order_of(caller: Caller, order: dict[str, Any], step: str = "") -> requests.Response:
    return caller.get(f"numberOrders/{order['idNumberOrder']}{step}")


def register(caller: Caller, order: dict[str, Any], **entry: Any) -> requests.Response:
    return caller.call(
        "PUT",
        f"numberOrders/{order['idNumberOrder']}/registration",
        json={"requestDetails": {"data": [entry]}},
    )


def upload(
    caller: Caller,
    order: dict[str, Any],
    attachment_id: str,
    file: tuple[str, bytes, str] | None = ("papers.pdf", PDF, "application/pdf"),
    document_type: str | None = "Passport",
) -> requests.Response:
    return caller.call(
        "POST",
        f"numberOrders/{order['idNumberOrder']}/attachments/{attachment_id}",
        files={"file": file} if file else None,
        data=None if document_type is None else {"documentType": document_type},
    )


def submit(caller: Caller, order: dict[str, Any], **options: Any) -> requests.Response:
    return caller.call("POST", f"numberOrders/{order['idNumberOrder']}/submit", **options)


def violations(answer: requests.Response) -> dict[str, str]:
    """Return field and description of every violation of a 400."""
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT"), answer.text
    (detail,) = error["details"]
    assert detail["type"] == "BadRequest"
    return {found["field"]: found["description"] for found in detail["fieldViolations"]}


def missing(answer: requests.Response) -> tuple[int, str, str, str]:
    """Return status, resource type, resource name and message of a 404."""
    error = answer.json()["error"]
    (detail,) = error["details"]
    assert (error["code"], error["status"]) == (404, "NOT_FOUND")
    assert (detail["type"], detail["owner"], detail["description"]) == ("ResourceInfo", "", error["message"])
    return answer.status_code, detail["resourceType"], detail["resourceName"], error["message"]
