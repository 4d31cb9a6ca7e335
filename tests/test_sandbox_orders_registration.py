"""Registration and attachments: what is checked at once, what is kept, and what a form may look like."""

from __future__ import annotations

import pytest

from numbers_toolkit.sandbox import Sandbox
from numbers_toolkit.sandbox.json_schema import violations as check
from numbers_toolkit.sandbox.multipart import read_form
from order_helpers import (
    AUSTRALIAN,
    GERMAN,
    PDF,
    look_up,
    missing,
    order_number,
    order_of,
    register,
    submit,
    upload,
    violations,
)
from sandbox_helpers import Caller, violation

STATEMENT = "01kq4ye5f2g7h9j1k3m6n8p0qr"


@pytest.fixture
def caller():
    with (
        Sandbox(active=0, available=600, clock="manual", attachment_limit=1000) as sandbox,
        Caller(sandbox) as caller,
    ):
        yield caller
        assert sandbox.internal_errors == []


def attachment_ids(caller, region, kind):
    return [paper["id"] for paper in look_up(caller, region, kind).json()["attachments"]]


def test_registration_is_answered_and_kept(caller):
    order = order_number(caller, "AU")
    empty = order_of(caller, order, "/registration").json()
    answer = register(caller, order, **AUSTRALIAN)

    assert empty == {"requestDetails": {}, "attachments": [], "logs": []}
    assert answer.status_code == 200
    assert answer.json() == empty | {"requestDetails": {"data": [AUSTRALIAN]}}
    assert order_of(caller, order, "/registration").json() == answer.json()


def test_older_form_with_data_at_the_top_is_taken(caller):
    order = order_number(caller, "AU")
    answer = caller.call(
        "PUT", f"numberOrders/{order['idNumberOrder']}/registration", json={"data": [AUSTRALIAN]}
    )

    assert answer.json()["requestDetails"] == {"data": [AUSTRALIAN]}


def test_registration_replaces_the_one_before(caller):
    order = order_number(caller, "AU")
    register(caller, order, **AUSTRALIAN, contactNumber="+61370101234")
    register(caller, order, **AUSTRALIAN)

    details = order_of(caller, order, "/registration").json()["requestDetails"]
    assert details == {"data": [AUSTRALIAN]}


def test_refused_registration_changes_nothing(caller):
    order = order_number(caller, "AU")
    register(caller, order, **AUSTRALIAN)
    refused = register(caller, order, city="Hobart")

    assert violations(refused) == {
        "requestDetails.data[0].endBusinessName": "must be given",
        "requestDetails.data[0].country": "must be given",
    }
    details = order_of(caller, order, "/registration").json()["requestDetails"]
    assert details == {"data": [AUSTRALIAN]}


@pytest.mark.parametrize(
    ("change", "field", "description"),
    [
        ({"companyName": ""}, "companyName", "must not be empty"),
        ({"companyName": "x" * 101}, "companyName", "must have at most 100 characters"),
        ({"companyName": 5}, "companyName", "must be a string"),
        ({"companyName": None}, "companyName", "must be a string"),
        ({"postalCode": "5066"}, "postalCode", "must match ^[0-9]{5}$"),
        ({"postalCode": "50667\n"}, "postalCode", "must match ^[0-9]{5}$"),
        ({"country": "AT"}, "country", "must be one of DE"),
        ({"intendedUse": "SPAM"}, "intendedUse",
         "must be one of ALERTS, CUSTOMER_SERVICE, MARKETING, VERIFICATION"),
        ({"monthlyMessages": True}, "monthlyMessages", "must be an integer"),
        ({"monthlyMessages": 1.5}, "monthlyMessages", "must be an integer"),
        ({"monthlyMessages": -1}, "monthlyMessages", "must be at least 0"),
        ({"monthlyMessages": 10**9}, "monthlyMessages", "must be at most 100000000"),
        ({"faxNumber": "1"}, "faxNumber", "is not a field of this registration"),
    ],
)  # fmt: skip
def test_bad_value_is_named_by_its_path(caller, change, field, description):
    order = order_number(caller, "DE")

    assert violations(register(caller, order, **(GERMAN | change))) == {
        f"requestDetails.data[0].{field}": description
    }


@pytest.mark.parametrize(
    ("value", "schema", "found"),
    [
        ("ab", {"minLength": 3}, "must have at least 3 characters"),
        ([], {"minItems": 2}, "must have at least 2 entries"),
        ([], {"minItems": 1}, "must not be empty"),
        (True, {"type": "number"}, "must be a number"),
        (1, {"type": "boolean"}, "must be a boolean"),
        ({}, {"type": "array"}, "must be an array"),
        (1.5, {"type": "number", "maximum": 2}, None),
        (False, {"type": "boolean"}, None),
        (None, {}, None),
        ("xaby", {"pattern": "ab"}, None),
    ],
)
def test_schema_words_mean_what_json_schema_says(value, schema, found):
    assert check(value, schema, "here") == ([] if found is None else [("here", found)])


def test_every_entry_is_checked(caller):
    order = order_number(caller, "DE")
    good, bad = GERMAN, GERMAN | {"country": "FR"}
    body = {"requestDetails": {"data": [good, bad, "text"]}}
    answer = caller.call("PUT", f"numberOrders/{order['idNumberOrder']}/registration", json=body)

    assert violations(answer) == {
        "requestDetails.data[1].country": "must be one of DE",
        "requestDetails.data[2]": "must be an object",
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "requestDetails"),
        ({"requestDetails": None}, "requestDetails"),
        ({"requestDetails": []}, "requestDetails"),
        ({"requestDetails": {}}, "requestDetails.data"),
        ({"requestDetails": {"data": []}}, "requestDetails.data"),
        ({"requestDetails": {"data": GERMAN}}, "requestDetails.data"),
        ({"data": "text"}, "requestDetails.data"),
    ],
)
def test_registration_without_data_is_refused(caller, body, field):
    order = order_number(caller, "DE")

    answer = caller.call("PUT", f"numberOrders/{order['idNumberOrder']}/registration", json=body)
    assert violation(answer) == field


@pytest.mark.parametrize(("region", "kind"), [("US", "LOCAL"), ("SE", "MOBILE")])
def test_order_without_requirements_takes_any_registration(caller, region, kind):
    order = order_number(caller, region, kind)

    assert register(caller, order, anything=[1]).json()["requestDetails"] == {"data": [{"anything": [1]}]}


def test_upload_is_shown_in_the_registration(caller):
    order = order_number(caller, "AU")
    answer = upload(caller, order, STATEMENT, ("statement.pdf", PDF, "application/pdf"))
    caller.sandbox.advance(60)
    shown = order_of(caller, order, "/registration").json()["attachments"]

    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "0")
    assert shown == [
        {
            "attachmentId": STATEMENT,
            "fileName": "statement.pdf",
            "mimeType": "application/pdf",
            "createTime": "2026-03-02T09:00:00.000000Z",
            "updateTime": "2026-03-02T09:00:00.000000Z",
            "uploadStatus": "COMPLETED",
            "documentType": "Passport",
        }
    ]
    assert caller.sandbox.orders[0].attachment_ids == (STATEMENT,)


def test_second_upload_replaces_the_first(caller):
    order = order_number(caller, "AU")
    upload(caller, order, STATEMENT, ("first.pdf", PDF, "application/pdf"))
    caller.sandbox.advance(60)
    upload(caller, order, STATEMENT, ("second.pdf", PDF, "application/pdf"), "Driving licence")
    (shown,) = order_of(caller, order, "/registration").json()["attachments"]

    assert (shown["fileName"], shown["documentType"]) == ("second.pdf", "Driving licence")
    assert shown["createTime"] == "2026-03-02T09:00:00.000000Z"
    assert shown["updateTime"] == "2026-03-02T09:01:00.000000Z"


def test_upload_waits_as_long_as_the_switch_says():
    with (
        Sandbox(active=0, available=600, clock="manual", upload_seconds=5) as sandbox,
        Caller(sandbox) as caller,
    ):
        order = order_number(caller, "AU")
        register(caller, order, **AUSTRALIAN)
        upload(caller, order, STATEMENT)
        statuses = [order_of(caller, order, "/registration").json()["attachments"][0]["uploadStatus"]]
        early = violations(submit(caller, order))
        sandbox.advance(5)
        statuses.append(order_of(caller, order, "/registration").json()["attachments"][0]["uploadStatus"])

        assert statuses == ["WAITING", "COMPLETED"]
        assert early == {f"attachments.{STATEMENT}": "Statement: mandatory, but WAITING"}
        assert submit(caller, order).status_code == 200


def test_upload_fails_on_request_and_can_be_repeated(caller):
    order = order_number(caller, "AU")
    register(caller, order, **AUSTRALIAN)
    upload(caller, order, STATEMENT, ("SANDBOX_UPLOAD_FAILED.pdf", PDF, "application/pdf"))
    refused = violations(submit(caller, order))
    upload(caller, order, STATEMENT)

    assert refused == {f"attachments.{STATEMENT}": "Statement: mandatory, but FAILED"}
    assert submit(caller, order).status_code == 200


@pytest.mark.parametrize(
    ("file", "document_type", "field"),
    [
        (None, "Passport", "file"),
        (("a.pdf", b"", "application/pdf"), "Passport", "file"),
        (("a.png", PDF, "image/png"), "Passport", "file"),
        (("a.pdf", PDF, "application/pdf"), None, "documentType"),
        (("a.pdf", PDF, "application/pdf"), "passport", "documentType"),
    ],
    ids=["no file", "empty file", "other kind of file", "no document type", "unknown document type"],
)
def test_upload_that_the_requirements_do_not_allow_is_refused(caller, file, document_type, field):
    order = order_number(caller, "AU")
    body = {} if file else {"headers": {"content-type": "multipart/form-data; boundary=XX"}}
    if file:
        answer = upload(caller, order, STATEMENT, file, document_type)
    else:
        form = b'--XX\r\ncontent-disposition: form-data; name="documentType"\r\n\r\nPassport\r\n--XX--\r\n'
        path = f"numberOrders/{order['idNumberOrder']}/attachments/{STATEMENT}"
        answer = caller.call("POST", path, data=form, **body)

    assert violation(answer) == field
    assert order_of(caller, order, "/registration").json()["attachments"] == []


def test_paper_without_restrictions_takes_any_file(caller):
    order = order_number(caller, "DE")
    attorney = attachment_ids(caller, "DE", "MOBILE")[1]
    answer = upload(caller, order, attorney, ("letter.docx", b"any bytes", ""), None)
    (shown,) = order_of(caller, order, "/registration").json()["attachments"]

    assert answer.status_code == 200
    assert (shown["mimeType"], shown["documentType"]) == ("application/octet-stream", "")


def test_file_above_the_limit_is_too_large(caller):
    order = order_number(caller, "AU")
    refused = upload(caller, order, STATEMENT, ("big.pdf", b"x" * 1001, "application/pdf"))
    accepted = upload(caller, order, STATEMENT, ("big.pdf", b"x" * 1000, "application/pdf"))

    assert (refused.status_code, accepted.status_code) == (413, 200)
    assert refused.json() == {
        "error": {
            "code": 413,
            "message": "",
            "status": "CONTENT_TOO_LARGE",
            "details": [{"type": "ResourceInfo", "resourceName": "big.pdf", "description": "file too large"}],
        }
    }


def test_limit_is_ten_mebibytes_by_default():
    with Sandbox(active=0, available=600) as sandbox, Caller(sandbox) as caller:
        order = order_number(caller, "AU")
        sizes = (10 * 2**20, 10 * 2**20 + 1)
        answers = [
            upload(caller, order, STATEMENT, ("a.pdf", b"x" * size, "application/pdf")) for size in sizes
        ]

    assert [answer.status_code for answer in answers] == [200, 413]


def test_attachment_that_nobody_asked_for_is_not_found(caller):
    order = order_number(caller, "AU")
    other = attachment_ids(caller, "DE", "MOBILE")[0]

    assert missing(upload(caller, order, other)) == (404, "RequiredAttachment", other, "")


def test_upload_to_an_unknown_order_is_not_found(caller):
    assert missing(upload(caller, {"idNumberOrder": "none"}, STATEMENT)) == (404, "NumberOrder", "none", "")


def form(*lines):
    return b"\r\n".join(lines)


NAMED = b'Content-Disposition: form-data; name="file"; filename="a.pdf"'
TYPED = b"Content-Type: application/pdf"
KIND = (b"--XX", b"Content-Disposition: form-data; name=documentType", b"", b"Passport")


@pytest.mark.parametrize(
    ("content_type", "body", "name"),
    [
        ("multipart/form-data; boundary=XX",
         form(*KIND, b"--XX", NAMED, TYPED, b"", b"data", b"--XX--"), "a.pdf"),
        ('Multipart/Form-Data; charset=utf-8; boundary="XX"',
         form(b"preamble", *KIND, b"--XX  ", TYPED, NAMED, b"", b"data", b"--XX--", b"epilogue", b"--XX"), "a.pdf"),
        ("multipart/form-data; boundary=XX",
         form(*KIND, b"--XX", NAMED, TYPED, b"", b"data", b"--XX--").replace(b"\r\n", b"\n"), "a.pdf"),
        ("multipart/form-data; boundary=XX",
         form(*KIND, b"--XX", NAMED.replace(b"a.pdf", "Erklärung.pdf".encode()), TYPED, b"", b"data", b"--XX--"),
         "Erklärung.pdf"),
        ("multipart/form-data; boundary=XX",
         form(*KIND, b"--XX", b"content-disposition: form-data; name=file; filename*=utf-8''Erkl%C3%A4rung.pdf",
              TYPED, b"", b"data", b"--XX--"), "Erklärung.pdf"),
        ("multipart/form-data; boundary=XX",
         form(*KIND, b"--XX", NAMED.replace(b"a.pdf", b"=?utf-8?q?Erkl=C3=A4rung=2Epdf?="), TYPED, b"", b"data",
              b"--XX--"), "Erklärung.pdf"),
        ("multipart/form-data; boundary=XX",
         form(*KIND, b"--XX", NAMED.replace(b"a.pdf", rb"C:\\papers\\a.pdf"), TYPED, b"", b"data", b"--XX--"),
         "a.pdf"),
        ("multipart/form-data; boundary=XX",
         form(*KIND, b"--XX", b"Content-Disposition: form-data;", b' name="file"; filename="a.pdf"', TYPED, b"",
              b"data", b"--XX--"), "a.pdf"),
        ("multipart/form-data; boundary=XX",
         form(*KIND, b"--XX", b"Content-Disposition: form-data; name=note", b"", b"ignored", b"--XX", NAMED, TYPED,
              b"", b"data", b"--XX--"), "a.pdf"),
    ],
    ids=["plain", "preamble", "line feeds", "utf-8 name", "rfc 2231 name", "rfc 2047 name", "path", "folded",
         "other parts"],
)  # fmt: skip
def test_form_is_read_however_a_client_writes_it(caller, content_type, body, name):
    order = order_number(caller, "AU")
    path = f"numberOrders/{order['idNumberOrder']}/attachments/{STATEMENT}"
    answer = caller.call("POST", path, data=body, headers={"content-type": content_type})
    (shown,) = order_of(caller, order, "/registration").json()["attachments"]

    assert answer.status_code == 200, answer.text
    assert (shown["fileName"], shown["mimeType"]) == (name, "application/pdf")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--XX--"),
        ("multipart/form-data; boundary=" + "X" * 71, b"--XX--"),
        ("multipart/form-data; boundary=XX", b""),
        ("multipart/form-data; boundary=XX", form(*KIND, b"--XX", NAMED, TYPED, b"", b"half of the da")),
        ("multipart/form-data; boundary=XX", form(*KIND, b"--XX", NAMED, TYPED, b"", b"data", b"--XX")),
        ("multipart/form-data; boundary=XX", form(*KIND, b"--XX", NAMED, b"--XX--")),
        (None, b"--XX--"),
    ],
    ids=["json", "no boundary", "long boundary", "empty", "cut in the file", "cut at the end", "no blank line",
         "no content type"],
)  # fmt: skip
def test_body_that_is_no_complete_form_is_refused(caller, content_type, body):
    order = order_number(caller, "AU")
    path = f"numberOrders/{order['idNumberOrder']}/attachments/{STATEMENT}"
    answer = caller.call("POST", path, data=body, headers={"content-type": content_type})

    assert (answer.status_code, answer.json()["error"]["details"]) == (400, [])
    assert "form" in answer.json()["error"]["message"]
    assert order_of(caller, order, "/registration").json()["attachments"] == []


def test_two_files_in_one_form_are_refused(caller):
    order = order_number(caller, "AU")
    part = (b"--XX", NAMED, TYPED, b"", b"data")
    answer = caller.call(
        "POST",
        f"numberOrders/{order['idNumberOrder']}/attachments/{STATEMENT}",
        data=form(*KIND, *part, *part, b"--XX--"),
        headers={"content-type": "multipart/form-data; boundary=XX"},
    )

    assert violation(answer) == "file"


@pytest.mark.parametrize(
    "content",
    [b"\r\n", b"\r", b"\n\n", b"x--XX", b"a\r\n--X", b"\r\n--XXY\r\n", bytes(range(256)), PDF],
    ids=[
        "line",
        "return",
        "feeds",
        "no line before",
        "half a boundary",
        "longer boundary",
        "all bytes",
        "pdf",
    ],
)
def test_bytes_of_a_file_are_kept_exactly(content):
    body = form(*KIND, b"--XX", NAMED, TYPED, b"", content, b"--XX--")
    kind, file = read_form("multipart/form-data; boundary=XX", body)

    assert (kind.name, kind.content) == ("documentType", b"Passport")
    assert (file.name, file.content) == ("file", content)


def test_half_of_a_surrogate_pair_in_a_file_name_is_replaced(caller):
    order = order_number(caller, "AU")
    name = b"content-disposition: form-data; name=file; filename*=raw_unicode_escape''%5Cud800.pdf"
    answer = caller.call(
        "POST",
        f"numberOrders/{order['idNumberOrder']}/attachments/{STATEMENT}",
        data=form(*KIND, b"--XX", name, TYPED, b"", b"data", b"--XX--"),
        headers={"content-type": "multipart/form-data; boundary=XX"},
    )

    assert answer.status_code == 200
    assert order_of(caller, order, "/registration").json()["attachments"][0]["fileName"] == "?.pdf"
