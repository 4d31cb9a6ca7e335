"""The operations on number orders: requirements, create, read, registration, attachments, submit.

Each takes the account and a decoded call and returns JSON text, or raises a refusal. The caller holds the
lock. How an order is made is in `numbers_toolkit.sandbox.order_creation`, what becomes of it in
`numbers_toolkit.sandbox.order_life`, what it has to come with in `numbers_toolkit.sandbox.requirements`.

Choices where the API's behaviour is not documented: registration and attachments can be written while an order is
``CREATED`` or ``BLOCKED``, otherwise 400; writing them again replaces them; an attachment id that the requirements
do not name is 404; an empty file is 400; an attachment whose file name contains ``SANDBOX_UPLOAD_FAILED`` ends as
``FAILED``; an order can be submitted once its registration is written and every mandatory attachment is
``COMPLETED``, and again when it is ``BLOCKED``; a body of the submission is read and ignored.
"""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox import multipart, order_life
from numbers_toolkit.sandbox.answers import Refusal, bad_field, bad_fields, resource_refusal, to_json
from numbers_toolkit.sandbox.catalogue import OFFERS
from numbers_toolkit.sandbox.clock import SECOND
from numbers_toolkit.sandbox.json_schema import violations
from numbers_toolkit.sandbox.order_creation import make_order, read_region_and_type
from numbers_toolkit.sandbox.order_records import OPEN_STATES, Order, Upload
from numbers_toolkit.sandbox.parameters import read_body
from numbers_toolkit.sandbox.requirements import Paper, requirements_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numbers_toolkit.sandbox.account import Account
    from numbers_toolkit.sandbox.operations import Operation
    from numbers_toolkit.sandbox.parameters import Call

NO_REQUIREMENTS = "Number requirements not found"
UPLOAD_FAILURE = "SANDBOX_UPLOAD_FAILED"
UNKNOWN_CONTENT = "application/octet-stream"


def lookup_requirements(account: Account, call: Call) -> str:  # noqa: ARG001 - every operation takes an account
    """Tell what an order of a region and number type has to come with."""
    region, kind = read_region_and_type(read_body(call.body))
    offered = {(offer.region_code, offer.number_type) for offer in OFFERS}
    if region == "US" or (region, kind) not in offered:
        raise resource_refusal(HTTPStatus.NOT_FOUND, "NumberProduct", "numberRequirements", NO_REQUIREMENTS)
    return to_json(requirements_of(region, kind).document())


def create_order(account: Account, call: Call) -> str:
    """Reserve one given number, or a quantity of numbers, until the order is decided or expires."""
    return _shown(account, make_order(account, read_body(call.body)))


def get_order(account: Account, call: Call) -> str:
    """Return one order, in whatever state it is."""
    return _shown(account, _order(account, call))


def _shown(account: Account, order: Order) -> str:
    return to_json(order.document(account.identity.project_id))


def _order(account: Account, call: Call) -> Order:
    order = account.store.orders.get(call.order_id)
    if order is None:
        raise resource_refusal(HTTPStatus.NOT_FOUND, "NumberOrder", call.order_id)
    return order


def _open_order(account: Account, call: Call) -> Order:
    order = _order(account, call)
    if order.state not in OPEN_STATES:
        raise bad_field("state", f"the order is {order.state}; it must be {' or '.join(OPEN_STATES)}")
    return order


def put_registration(account: Account, call: Call) -> str:
    """Write the registration of an order; it is checked at once."""
    order = _open_order(account, call)
    order.registration = _read_details(read_body(call.body), order)
    with account.change():
        account.store.orders.put(order)
    return get_registration(account, call)


def get_registration(account: Account, call: Call) -> str:
    """Return the registration of an order with its attachments and the reviewers' notes."""
    return to_json(_order(account, call).registration_document(account.clock.now()))


def _read_details(body: Mapping[str, Any], order: Order) -> dict[str, Any]:
    details = body.get("requestDetails")
    if details is None and "data" in body:
        details = {"data": body["data"]}
    if not isinstance(details, dict):
        raise bad_field("requestDetails", "must be given" if details is None else "must be an object")
    schema = requirements_of(order.region_code, order.number_type).schema
    if schema is not None:
        wanted = {
            "properties": {"data": {"type": "array", "minItems": 1, "items": schema}},
            "required": ["data"],
        }
        found = violations(details, wanted, "requestDetails")
        if found:
            raise bad_fields(found)
    return details


def upload_attachment(account: Account, call: Call) -> str:
    """Take an attachment that the requirements name."""
    order = _order(account, call)
    wanted = requirements_of(order.region_code, order.number_type).papers.get(call.attachment_id)
    if wanted is None:
        raise resource_refusal(HTTPStatus.NOT_FOUND, "RequiredAttachment", call.attachment_id)
    _open_order(account, call)
    file, document_type = _read_form(multipart.read_form(call.content_type, call.body))
    if len(file.content) > account.settings.attachment_limit:
        detail = {"type": "ResourceInfo", "resourceName": file.file_name, "description": "file too large"}
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "", [detail])
    mime_type = file.content_type or UNKNOWN_CONTENT
    _check_upload(wanted.paper, mime_type, document_type)
    now = account.clock.now()
    before = order.uploads.get(call.attachment_id)
    order.uploads[call.attachment_id] = Upload(
        attachment_id=call.attachment_id,
        file_name=file.file_name,
        mime_type=mime_type,
        document_type=document_type,
        created=before.created if before else now,
        updated=now,
        ready=now + int(account.settings.upload_seconds * SECOND),
        failed=UPLOAD_FAILURE in file.file_name,
    )
    with account.change():
        account.store.orders.put(order)
    return ""


def _read_form(parts: list[multipart.Part]) -> tuple[multipart.Part, str]:
    """Return the part of the file and the document type, which may be empty."""
    named: dict[str, multipart.Part] = {}
    for part in parts:
        if part.name in named:
            raise bad_field(part.name, "only one part of this name is allowed")
        named[part.name] = part
    if "file" not in named:
        raise bad_field("file", "must be given")
    if not named["file"].content:
        raise bad_field("file", "must not be empty")
    kind = named["documentType"].content if "documentType" in named else b""
    return named["file"], kind.decode(errors="replace").strip()


def _check_upload(paper: Paper, mime_type: str, document_type: str) -> None:
    if paper.mime_types and mime_type not in paper.mime_types:
        raise bad_field("file", f"{mime_type} is not one of {', '.join(paper.mime_types)}")
    if paper.document_types and document_type not in paper.document_types:
        raise bad_field("documentType", f"must be one of {', '.join(paper.document_types)}")


def submit_order(account: Account, call: Call) -> str:
    """Send an order into review."""
    read_body(call.body)
    order = _open_order(account, call)
    now = account.clock.now()
    missing = _missing(order, now)
    if missing:
        raise bad_fields(missing)
    with account.change():
        order_life.submit(account, order, now)
    return _shown(account, order)


def _missing(order: Order, now: int) -> list[tuple[str, str]]:
    requirements = requirements_of(order.region_code, order.number_type)
    missing = []
    if requirements.schema is not None and order.registration is None:
        missing.append(("registration.requestDetails", "must be written before the order is submitted"))
    for attachment_id, required in requirements.papers.items():
        upload = order.uploads.get(attachment_id)
        status = upload.status(now) if upload else "not uploaded"
        if required.mandatory and status != "COMPLETED":
            missing.append(
                (f"attachments.{attachment_id}", f"{required.paper.title}: mandatory, but {status}")
            )
    return missing


ORDER_OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        operation.__name__: operation
        for operation in (
            lookup_requirements,
            create_order,
            get_order,
            put_registration,
            get_registration,
            upload_attachment,
            submit_order,
        )
    }
)
