"""Papers on their way to an order: sent once each, repeated safely, refused in words that show nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import numbers_toolkit as nt
from leaks import everything_shown
from numbers_toolkit.activation.filing import Filing, file_papers, review_notes
from numbers_toolkit.activation.papers import Attachment, Papers, PreparedPapers, prepare
from numbers_toolkit.activation.requirements import order_requirements, read_requirements
from numbers_toolkit.errors import (
    NotFoundError,
    PapersError,
    RateLimitError,
    ServerError,
    UnknownOutcomeError,
)
from order_helpers import GERMAN
from scripted_server import FakeClock, Reply, ScriptedServer, error

if TYPE_CHECKING:
    from collections.abc import Iterator

PDF = b"%PDF-1.7\r\ncontent-of-the-scan"
SECRET = "Quillfeather"
ORDER = "01kq4yfz8d1c3b5n7m9v2x4w6t"
OPEN = Reply(body={"idNumberOrder": ORDER, "state": "CREATED"})
DONE = Reply(body=b"")


def registration(*attachments: dict[str, Any], logs: Any = ()) -> Reply:
    return Reply(body={"requestDetails": {}, "attachments": list(attachments), "logs": logs})


def arrived(attachment_id: str = "att-1", status: str = "COMPLETED", name: str = "a.pdf") -> dict[str, Any]:
    return {"attachmentId": attachment_id, "fileName": name, "uploadStatus": status}


def ready(data: Any = None, *titles: str, content: bytes = PDF) -> PreparedPapers:
    attachments = [{"id": f"att-{place}", "title": title} for place, title in enumerate(titles, 1)]
    fields = {"rules": [{"template": {"name": ""}}]} if data else {}
    needed = read_requirements({"fields": fields, "attachments": attachments}, "AU", "MOBILE")
    files = {title: Attachment(content, "Passport", "a.pdf") for title in titles}
    return prepare(needed, Papers(data, files))


NAMED = {"name": SECRET}


def calls(server: ScriptedServer) -> list[str]:
    """The requests, each with the last part of its path."""
    return [f"{one.method} {one.path.rpartition('/')[2]}" for one in server.requests]


def file(server: ScriptedServer, prepared: PreparedPapers, **options: Any) -> Filing:
    with server.client() as client:
        return file_papers(client, ORDER, prepared, **options)


# -- what is sent ----------------------------------------------------------------------------------------------------


def test_data_is_written_and_each_file_uploaded() -> None:
    taken = registration(arrived("att-1"), arrived("att-2"))

    with ScriptedServer(registration(), DONE, DONE, taken) as server:
        filing = file(server, ready(NAMED, "Statement", "Letter"))

    put, first, second, read = server.requests
    assert calls(server) == ["PUT registration", "POST att-1", "POST att-2", "GET registration"]
    assert put.path.endswith(f"/numberOrders/{ORDER}/registration")
    assert json.loads(put.body) == {"requestDetails": {"data": [NAMED]}}
    assert PDF in first.body
    assert b'filename="a.pdf"' in first.body
    assert b"Passport" in second.body
    assert read.method == "GET"
    assert (filing.registered, filing.uploaded, filing.skipped, filing.complete) == (
        True,
        ("att-1", "att-2"),
        (),
        True,
    )


def test_nothing_is_sent_for_papers_that_are_empty() -> None:
    with ScriptedServer() as server:
        filing = file(server, ready())

    assert server.requests == []
    assert filing == Filing(order_id=ORDER, digest=filing.digest)


def test_files_alone_write_no_registration() -> None:
    with ScriptedServer(DONE, registration(arrived())) as server:
        assert file(server, ready(None, "Statement")).registered is False

    assert calls(server) == ["POST att-1", "GET registration"]


def test_data_alone_waits_for_nothing() -> None:
    with ScriptedServer(registration()) as server:
        assert file(server, ready(NAMED)).complete

    assert calls(server) == ["PUT registration"]


def test_phone_number_of_the_order_is_filled_in() -> None:
    order = Reply(body={"state": "CREATED", "orderNumbers": [{"phoneNumber": "+61491570156"}]})

    with ScriptedServer(order, registration()) as server:
        file(server, ready({"name": "for {phone_number}"}))

    assert calls(server) == [f"GET {ORDER}", "PUT registration"]
    assert json.loads(server.requests[1].body) == {"requestDetails": {"data": [{"name": "for +61491570156"}]}}


@pytest.mark.parametrize(
    "numbers", [None, [], [{"phoneNumber": "+1"}, {"phoneNumber": "+2"}], [{"phoneNumber": None}]]
)
def test_phone_number_of_an_order_without_a_single_one_is_a_fault(numbers: Any) -> None:
    with (
        ScriptedServer(Reply(body={"orderNumbers": numbers})) as server,
        pytest.raises(PapersError, match="name the phone number"),
    ):
        file(server, ready({"name": "{phone_number}"}))

    assert len(server.requests) == 1


# -- repeated --------------------------------------------------------------------------------------------------------


def test_file_that_arrived_is_not_sent_again_when_the_filing_is_repeated() -> None:
    prepared = ready(NAMED, "Statement", "Letter")
    first, second = [registration(), DONE, Reply(reset=True)], [registration(), registration(arrived()), DONE]

    with ScriptedServer(*first, *second, registration(arrived(), arrived("att-2"))) as server:
        with pytest.raises(UnknownOutcomeError):
            file(server, prepared)
        filing = file(server, prepared)

    assert calls(server)[3:] == [
        "PUT registration",
        "GET registration",
        "POST att-2",
        "GET registration",
    ]
    assert (filing.skipped, filing.uploaded) == (("att-1",), ("att-2",))


@pytest.mark.parametrize(
    ("found", "again"),
    [
        (arrived(), False),
        (arrived(status="WAITING"), False),
        (arrived(status="FAILED"), True),
        (arrived(status="REJECTED"), True),
        (arrived(name="other.pdf"), True),
        ({"attachmentId": "att-1"}, True),
        (arrived("att-9"), True),
    ],
    ids=str,
)
def test_file_that_another_process_sent_is_sent_again_only_if_it_has_to_be(
    found: dict[str, Any], again: bool
) -> None:
    prepared = ready(None, "Statement")
    script = [registration(found), *([DONE] if again else []), registration(arrived())]

    with ScriptedServer(*script) as server:
        filing = file(server, prepared, already=prepared.digest)

    assert ("POST att-1" in calls(server)) is again
    assert filing.uploaded == (("att-1",) if again else ())


@pytest.mark.parametrize("already", ["", "digest of other papers"])
def test_corrected_file_of_the_same_name_is_sent(already: str) -> None:
    corrected = ready(None, "Statement", content=PDF + b" corrected")

    with ScriptedServer(DONE, registration(arrived())) as server:
        filing = file(server, corrected, already=already)

    assert filing.uploaded == ("att-1",)
    assert b" corrected" in server.requests[0].body


def test_same_data_is_written_again_as_it_is() -> None:
    prepared = ready(NAMED)

    with ScriptedServer(registration()) as server:
        file(server, prepared)
        file(server, prepared)

    assert server.requests[0].body == server.requests[1].body


@pytest.mark.parametrize(
    ("reply", "raised"),
    [(error(503), ServerError), (error(429), RateLimitError), (Reply(reset=True), UnknownOutcomeError)],
)
def test_passing_failure_is_left_to_the_caller_who_may_repeat(reply: Reply, raised: type[Exception]) -> None:
    with ScriptedServer(reply) as server, pytest.raises(raised) as caught:
        file(server, ready(NAMED, "Statement"))

    assert calls(server) == ["PUT registration"]
    assert SECRET not in everything_shown(caught.value)


# -- taken up --------------------------------------------------------------------------------------------------------


def test_waiting_is_polite_and_ends_when_the_file_is_taken_up() -> None:
    clock = FakeClock()
    waiting = registration(arrived(status="WAITING"))

    script = [DONE, waiting, waiting, waiting, registration(arrived())]
    with ScriptedServer(*script) as server, server.client(clock=clock) as client:
        filing = file_papers(client, ORDER, ready(None, "Statement"))

    assert filing.complete
    assert clock.waits == [1.0, 2.0, 4.0]


def test_waiting_is_bounded() -> None:
    clock = FakeClock()

    waiting = registration(arrived(status="WAITING"))
    with ScriptedServer(DONE, waiting) as server, server.client(clock=clock) as client:
        filing = file_papers(client, ORDER, ready(None, "Statement"), longest_wait=45)

    assert (filing.waiting, filing.complete) == (("att-1",), False)
    assert clock.waits == [1, 2, 4, 8, 8, 8, 8, 6]


def test_unknown_status_is_not_waited_for() -> None:
    with ScriptedServer(DONE, registration(arrived(status="SCANNING"))) as server:
        assert file(server, ready(None, "Statement")).complete


def test_file_that_the_api_fails_to_take_up_is_told_by_name() -> None:
    failed = registration(arrived(status="FAILED"))

    with (
        ScriptedServer(DONE, failed, OPEN) as server,
        pytest.raises(
            PapersError, match=r"failed to take up Statement: a\.pdf .* nothing was spent"
        ) as caught,
    ):
        file(server, ready(None, "Statement"))

    assert caught.value.faults == ("Statement: a.pdf: upload failed",)


@pytest.mark.parametrize(
    "body", [{}, {"attachments": None}, {"attachments": "x"}, {"attachments": [1, None, {}]}]
)
def test_odd_registration_breaks_nothing(body: Any) -> None:
    with ScriptedServer(DONE, Reply(body=body)) as server:
        assert file(server, ready(None, "Statement")).complete


# -- refused ---------------------------------------------------------------------------------------------------------


def violations(*pairs: tuple[str, str], message: str = "invalid request") -> Reply:
    fields = [{"field": name, "description": told} for name, told in pairs]
    return error(400, "INVALID_ARGUMENT", message, [{"type": "BadRequest", "fieldViolations": fields}])


def test_refused_data_is_told_by_field_and_without_its_values() -> None:
    reply = violations(
        ("requestDetails.data[0].name", f"'{SECRET}' is not registered"),
        ("requestDetails.data[0].city", "must be given"),
    )

    with ScriptedServer(reply, OPEN) as server, pytest.raises(PapersError) as caught:
        file(server, ready(NAMED, "Statement"))

    assert caught.value.faults == (
        "requestDetails.data[0].name: '…' is not registered",
        "requestDetails.data[0].city: must be given",
    )
    assert ORDER in str(caught.value)
    assert "nothing was spent" in str(caught.value)
    assert SECRET not in everything_shown(caught.value)
    assert calls(server) == ["PUT registration", f"GET {ORDER}"]


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (error(400, "INVALID_ARGUMENT", f"no business named {SECRET}"), "no business named …"),
        (error(400, "INVALID_ARGUMENT"), "400 INVALID_ARGUMENT, without a reason"),
    ],
)
def test_refusal_without_fields_is_told_as_far_as_it_goes(reply: Reply, fault: str) -> None:
    with ScriptedServer(reply, OPEN) as server, pytest.raises(PapersError) as caught:
        file(server, ready(NAMED))

    assert caught.value.faults == (fault,)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Reply(body={"state": "BLOCKED"}), "It is not in review, and nothing was spent on it."),
        (
            Reply(body={"state": "EXPIRED"}),
            "The order has expired: it can't be filed any more, and nothing was spent",
        ),
        (Reply(body={"state": "IN_REVIEW"}), "The order is IN_REVIEW: its papers can't be changed now."),
        (Reply(body={"state": "ON_HOLIDAY"}), "The order is ON_HOLIDAY"),
        (error(404, "NOT_FOUND"), "How the order stands is not known."),
        (Reply(body={}), "How the order stands is not known."),
    ],
)
def test_refusal_says_how_the_order_stands(answer: Reply, told: str) -> None:
    with (
        ScriptedServer(violations(("state", "wrong")), answer) as server,
        pytest.raises(PapersError) as caught,
    ):
        file(server, ready(NAMED))

    assert told in str(caught.value)


def test_file_that_is_too_large_is_told_with_its_size() -> None:
    detail = [{"type": "ResourceInfo", "resourceName": "a.pdf", "description": "file too large"}]
    prepared = ready(None, "Statement", content=PDF + b"x" * 1_500_000)

    with (
        ScriptedServer(error(413, "CONTENT_TOO_LARGE", "", detail), OPEN) as server,
        pytest.raises(PapersError) as caught,
    ):
        file(server, prepared)

    assert caught.value.faults == (
        "Statement: a.pdf: it has 1.5 MB, which is more than the API takes; make it smaller",
    )


def test_file_that_the_api_refuses_is_told_with_the_reason() -> None:
    reply = violations(("documentType", "must be one of Licence"))

    with ScriptedServer(reply, OPEN) as server, pytest.raises(PapersError) as caught:
        file(server, ready(None, "Statement"))

    assert caught.value.faults == ("Statement: a.pdf: documentType: must be one of Licence",)
    assert "content-of-the-scan" not in everything_shown(caught.value)


def test_attachment_that_the_order_does_not_know_is_told() -> None:
    with (
        ScriptedServer(error(404, "NOT_FOUND"), OPEN) as server,
        pytest.raises(PapersError, match="does not know this attachment"),
    ):
        file(server, ready(None, "Statement"))


def test_order_that_is_not_there_is_not_found() -> None:
    with ScriptedServer(error(404, "NOT_FOUND")) as server, pytest.raises(NotFoundError):
        file(server, ready(NAMED))


# -- the reviewers ---------------------------------------------------------------------------------------------------


def test_notes_of_the_reviewers_come_oldest_first() -> None:
    logs = [
        {"message": "Please add\na contact number.", "createTime": "2026-03-03T07:00:00Z"},
        {"message": "Thank you.", "createTime": "2026-03-02T07:00:00Z"},
    ]

    with ScriptedServer(registration(logs=logs)) as server, server.client() as client:
        assert review_notes(client, ORDER) == ["Thank you.", "Please add a contact number."]


@pytest.mark.parametrize(
    "logs", [None, [], "x", [None, 1, {"message": None}, {"message": " "}, {"createTime": 3}]]
)
def test_odd_notes_are_left_out(logs: Any) -> None:
    with ScriptedServer(registration(logs=logs)) as server, server.client() as client:
        assert review_notes(client, ORDER) == []


# -- against the sandbox ---------------------------------------------------------------------------------------------


@pytest.fixture
def offices() -> Iterator[tuple[nt.Sandbox, nt.NumbersClient]]:
    with nt.Sandbox(active=5, available=600, clock="manual", attachment_limit=50_000) as server:
        with nt.connect(sandbox=server) as client:
            yield server, client
        assert not server.internal_errors


def order(client: nt.NumbersClient, region: str, kind: str) -> str:
    number = client.search_available_numbers(region, kind)[0]["phoneNumber"]
    return str(client.create_number_order(region, kind, phone_number=number)["idNumberOrder"])


def german_papers(
    client: nt.NumbersClient, name: str = "register.pdf", content: bytes = PDF, **changes: Any
) -> PreparedPapers:
    needed = order_requirements(client, "DE", "MOBILE")
    files = {"business registration": Attachment(content, "register extract", name)}
    return prepare(needed, Papers({**GERMAN, **changes}, files))


def test_order_with_its_papers_can_be_submitted(offices: tuple[nt.Sandbox, nt.NumbersClient]) -> None:
    _, client = offices
    order_id = order(client, "DE", "MOBILE")

    filing = file_papers(client, order_id, german_papers(client))

    stored = client.get_registration(order_id)
    assert stored["requestDetails"] == {"data": [GERMAN]}
    assert [(one["fileName"], one["documentType"]) for one in stored["attachments"]] == [
        ("register.pdf", "Register extract")
    ]
    assert filing.complete
    assert client.submit_number_order(order_id)["state"] == "IN_REVIEW"


def test_australian_order_by_template_can_be_submitted(offices: tuple[nt.Sandbox, nt.NumbersClient]) -> None:
    _, client = offices
    needed = order_requirements(client, "AU", "MOBILE")
    data = {one.name: "Hobart" for one in needed.fields} | {
        "country": "AU",
        "contactNumber": "{phone_number}",
    }
    order_id = order(client, "AU", "MOBILE")

    papers = Papers(data, {"Statement": Attachment(PDF, "Passport", "statement.pdf")})
    file_papers(client, order_id, prepare(needed, papers))

    number = client.get_number_order(order_id)["orderNumbers"][0]["phoneNumber"]
    assert client.get_registration(order_id)["requestDetails"]["data"][0]["contactNumber"] == number
    assert client.submit_number_order(order_id)["state"] == "IN_REVIEW"


def test_what_passes_here_passes_there_and_the_other_way_round(
    offices: tuple[nt.Sandbox, nt.NumbersClient],
) -> None:
    """The sandbox checks by its own means; both have to agree on each kind of fault."""
    _, client = offices
    needed = order_requirements(client, "DE", "MOBILE")
    order_id = order(client, "DE", "MOBILE")
    changes: list[dict[str, Any]] = [
        {"city": ""},
        {"postalCode": "5066"},
        {"postalCode": 50667},
        {"country": "AT"},
        {"intendedUse": None},
        {"monthlyMessages": -1},
        {"monthlyMessages": 1.5},
        {"more": "x"},
        {"contactEmail": "office"},
    ]
    for change in changes:
        files = {"Business registration": Attachment(PDF, "Register extract", "a.pdf")}
        with pytest.raises(PapersError):
            prepare(needed, Papers({**GERMAN, **change}, files))
        with pytest.warns(nt.errors.PapersWarning, match="Sent although"):
            unchecked = prepare(needed, Papers({**GERMAN, **change}, files, check_data=False))
        with pytest.raises(PapersError, match=next(iter(change))):
            file_papers(client, order_id, unchecked)


def test_file_beyond_the_sandbox_limit_is_refused(offices: tuple[nt.Sandbox, nt.NumbersClient]) -> None:
    _, client = offices
    order_id = order(client, "DE", "MOBILE")

    with pytest.raises(PapersError, match=r"register\.pdf: it has 60\.0 kB"):
        file_papers(client, order_id, german_papers(client, content=PDF + b"x" * 60_000))


def test_upload_that_fails_in_the_sandbox_is_told_and_can_be_repeated(
    offices: tuple[nt.Sandbox, nt.NumbersClient],
) -> None:
    _, client = offices
    order_id = order(client, "DE", "MOBILE")

    with pytest.raises(PapersError, match="failed to take up"):
        file_papers(client, order_id, german_papers(client, "SANDBOX_UPLOAD_FAILED.pdf"))

    assert file_papers(client, order_id, german_papers(client)).complete


def test_expired_order_can_not_be_filed(offices: tuple[nt.Sandbox, nt.NumbersClient]) -> None:
    server, client = offices
    order_id = order(client, "DE", "MOBILE")
    prepared = german_papers(client)
    server.advance(49 * 3600)

    with pytest.raises(PapersError, match="The order has expired"):
        file_papers(client, order_id, prepared)
