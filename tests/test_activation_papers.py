"""Papers: what a person gives is checked whole and beforehand, and none of it shows."""

from __future__ import annotations

import contextlib
import io
import pickle
import sys
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaks import everything_shown
from numbers_toolkit.activation import file_types
from numbers_toolkit.activation.file_types import mime_type_of_name
from numbers_toolkit.activation.papers import Attachment, Papers, PreparedPapers, papers_for, prepare
from numbers_toolkit.activation.requirements import Requirements, read_requirements
from numbers_toolkit.errors import InvalidInputError, MissingDependencyError, PapersError, PapersWarning

if TYPE_CHECKING:
    from pathlib import Path

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n...."
JPEG = b"\xff\xd8\xff\xe0...."
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."
SECRETS = ("Zebediah", "Quillfeather", "secret-street-17", "+61491570999", "content-of-the-scan")

ENTRY: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["city", "vat"],
    "additionalProperties": False,
    "properties": {
        "city": {"type": "string", "title": "City", "minLength": 1, "maxLength": 10},
        "vat": {"type": "string", "pattern": "^[A-Z]{2}[0-9]+$", "description": "Two letters, then digits"},
        "email": {"type": "string", "format": "email"},
        "born": {"type": "string", "format": "date"},
        "staff": {"type": "integer", "minimum": 1},
        "use": {"enum": ["ALERTS", "MARKETING"]},
        "resale": {"type": "boolean"},
        "address": {"type": "object", "required": ["street"], "properties": {"street": {"type": "string"}}},
    },
}
GOOD: dict[str, Any] = {"city": "Hobart", "vat": "AU123"}
STATEMENT = {
    "id": "att-1",
    "title": "Statement",
    "description": "Signed statement",
    "mandatory": True,
    "allowedMimeTypes": ["application/pdf", "image/*"],
    "allowedDocumentTypes": ["Passport", "Driver's Licence"],
}
LETTER = {"id": "att-2", "title": "Letter", "mandatory": False}


def asked(schema: Any = ENTRY, *attachments: dict[str, Any], **fields: Any) -> Requirements:
    given_fields = {**({"schema": schema} if schema else {}), **fields}
    answer = {"fields": given_fields, "attachments": list(attachments)}
    return read_requirements(answer, "AU", "MOBILE")


def faults(needed: Requirements, papers: Papers | None) -> tuple[str, ...]:
    with pytest.raises(PapersError) as caught:
        prepare(needed, papers)
    for fault in caught.value.faults:
        assert fault.rstrip("?.") in str(caught.value)
    assert "Nothing was sent." in str(caught.value)
    return caught.value.faults


def statement(content: Any = PDF, name: str = "statement.pdf", **more: Any) -> dict[str, Attachment]:
    given_type = {"document_type": "Passport", **more}
    return {"Statement": Attachment(content, file_name=name, **given_type)}


def letter(content: bytes = PDF, name: str = "a.pdf", **more: Any) -> Papers:
    return Papers(None, {"Letter": Attachment(content, file_name=name, **more)})


def quietly(needed: Requirements, papers: Papers | None) -> PreparedPapers:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PapersWarning)
        return prepare(needed, papers)


# -- what a person gives ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "details"),
    [
        (None, {}),
        ({}, {}),
        ([], {}),
        ({"city": "Hobart"}, {"data": [{"city": "Hobart"}]}),
        ([{"a": 1}, {"b": 2}], {"data": [{"a": 1}, {"b": 2}]}),
        (({"a": 1},), {"data": [{"a": 1}]}),
        ([[{"a": 1}], {"b": (1, 2)}], {"data": [[{"a": 1}], {"b": [1, 2]}]}),
        ({"data": [{"a": 1}], "language": "en"}, {"data": [{"a": 1}], "language": "en"}),
    ],
)
def test_data_takes_the_shape_in_which_it_is_sent(data: Any, details: dict[str, Any]) -> None:
    assert Papers(data).request_details == details


def endless() -> dict[str, Any]:
    data: dict[str, Any] = {"name": SECRETS[0]}
    data["again"] = data
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("city=Hobart", "not str"),
        (7, "not int"),
        (["Hobart"], "list of data holds mappings"),
        (pd.DataFrame({"city": ["Hobart"]}), "not DataFrame"),
        (endless(), "nested more than 40 levels deep, or holds itself"),
    ],
    ids=["text", "number", "list of texts", "frame", "endless"],
)
def test_data_of_another_shape_is_refused(data: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message) as caught:
        Papers(data)

    assert SECRETS[0] not in everything_shown(caught.value)


@pytest.mark.parametrize(
    ("attachments", "message"),
    [
        (["a.pdf"], "not list"),
        ("a.pdf", "not str"),
        ({"Statement": io.BytesIO(b"x")}, "'Statement' is BytesIO"),
        ({"Statement": ["a.pdf", "b.pdf"]}, "'Statement' is list"),
        ({"Statement": None}, "'Statement' is NoneType"),
        ({7: "a.pdf"}, "not by 7"),
        ({" ": "a.pdf"}, "not by ' '"),
    ],
)
def test_attachments_of_another_shape_are_refused(attachments: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        Papers({}, attachments)


@pytest.mark.parametrize("name", ["document_type", "file_name", "mime_type"])
def test_what_is_said_about_a_file_is_text(name: str) -> None:
    with pytest.raises(InvalidInputError, match=f"{name} is text, not int"):
        Attachment("a.pdf", **{name: 7})


def test_attachment_is_a_path_or_bytes() -> None:
    with pytest.raises(InvalidInputError, match="a path or bytes, not StringIO"):
        Attachment(io.StringIO("x"))  # type: ignore[arg-type]


def test_papers_stay_as_they_were_given() -> None:
    data, attachments = {"address": {"city": "Hobart"}}, {"Statement": "a.pdf"}
    papers = Papers(data, attachments)

    data["address"]["city"] = "Perth"
    attachments.clear()
    papers.request_details["data"].clear()
    papers.attachments.clear()

    assert papers.request_details == {"data": [{"address": {"city": "Hobart"}}]}
    assert list(papers.attachments) == ["Statement"]


def test_nothing_personal_shows_in_a_representation() -> None:
    content = Attachment(SECRETS[4].encode(), "Passport", "scan.pdf")
    papers = Papers(
        [[{"senderId": SECRETS[3]}], {"name": SECRETS[0], "home": {"street": SECRETS[2]}}],
        {"Identity": content, "Letter": f"/home/{SECRETS[1]}/letter.pdf"},
    )

    told = f"{papers!r} {papers} {content!r} {papers.attachments!r}"

    assert repr(papers) == (
        "<Papers: data (senderId, name and street), attachments (Identity: scan.pdf and Letter: letter.pdf)>"
    )
    for secret in SECRETS:
        assert secret not in told


def test_papers_cross_process_pools() -> None:
    papers = pickle.loads(pickle.dumps(Papers(GOOD, {"Statement": Attachment(PDF, file_name="a.pdf")})))

    assert papers.request_details == {"data": [GOOD]}
    assert papers.attachments["Statement"].content == PDF


# -- papers for several kinds ----------------------------------------------------------------------------------------

SWEDISH, MOBILE, REST = Papers({"a": 1}), Papers({"b": 1}), Papers({"c": 1})


@pytest.mark.parametrize(
    ("region", "kind", "expected"),
    [
        ("AU", "MOBILE", MOBILE),
        ("au", "mobile", MOBILE),
        ("SE", "LOCAL", SWEDISH),
        ("AU", "LOCAL", REST),
        ("DE", "TOLL_FREE", REST),
    ],
)
def test_narrowest_papers_count(region: str, kind: str, expected: Papers) -> None:
    several = {("au", "Mobile"): MOBILE, "se": SWEDISH, "*": REST}

    assert papers_for(several, region, kind) is expected


def test_one_set_of_papers_is_for_all_kinds() -> None:
    assert papers_for(REST, "DE", "LOCAL") is REST
    assert papers_for(None, "DE", "LOCAL") is None
    assert papers_for({"SE": SWEDISH}, "DE", "LOCAL") is None


@pytest.mark.parametrize(
    ("given_papers", "message"),
    [
        ({"Sweden": SWEDISH}, "not by 'Sweden'"),
        ({"data": [{"name": SECRETS[0]}]}, "not by 'data'"),
        ({("AU", "SATELLITE"): MOBILE}, "SATELLITE"),
        ({("AU", "MOBILE", "x"): MOBILE}, "not by"),
        ({"SE": {"name": SECRETS[0]}}, "'SE' are no nt.Papers"),
        ([MOBILE], "not list"),
        ("papers.json", "not str"),
    ],
)
def test_papers_by_something_else_are_refused(given_papers: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message) as caught:
        papers_for(given_papers, "SE", "LOCAL")

    assert SECRETS[0] not in everything_shown(caught.value)


# -- nothing given, nothing asked ------------------------------------------------------------------------------------


@pytest.mark.parametrize("papers", [None, Papers()])
def test_mandatory_papers_that_are_missing_altogether(papers: Papers | None) -> None:
    with pytest.raises(
        PapersError, match=r"AU MOBILE asks for registration data .* and 1 document"
    ) as caught:
        prepare(asked(ENTRY, STATEMENT), papers)

    assert "order_requirements(client, 'AU', 'MOBILE')" in str(caught.value)


def test_nothing_is_needed_where_nothing_is_mandatory() -> None:
    needed = asked(None, LETTER)

    prepared = prepare(needed, None)

    assert prepared.is_empty
    assert prepared.request_details == {}


@pytest.mark.parametrize("known", [True, False])
def test_papers_that_nobody_asks_for_are_not_sent(known: bool) -> None:
    needed = Requirements(region_code="US", number_type="LOCAL", known=known)

    with pytest.warns(PapersWarning, match="The papers given for it are not sent"):
        prepared = prepare(needed, Papers(GOOD, statement()))

    assert prepared.is_empty
    assert prepare(needed, None).is_empty


def test_optional_data_that_is_not_given_is_warned_about() -> None:
    with pytest.warns(PapersWarning, match="asks for registration data, and none is given"):
        prepared = prepare(
            asked({"properties": {"note": {}}}, LETTER),
            Papers(None, {"Letter": Attachment(PDF, file_name="a.pdf")}),
        )

    assert [one.file_name for one in prepared.uploads] == ["a.pdf"]


def test_data_where_only_documents_are_asked_for_is_sent_with_a_warning() -> None:
    with pytest.warns(PapersWarning, match="asks for no registration data"):
        assert prepare(asked(None, LETTER), Papers(GOOD)).request_details == {"data": [GOOD]}


def test_what_is_not_understood_is_not_checked_and_told_of() -> None:
    needed = asked(None, form={"kind": "wizard"})

    with pytest.warns(PapersWarning, match=r"does not understand \(fields.form\)"):
        prepared = prepare(needed, Papers(GOOD))

    assert prepared.request_details == {"data": [GOOD]}
    assert prepared.warnings


# -- documents -------------------------------------------------------------------------------------------------------


def test_good_papers_are_ready_to_be_sent(tmp_path: Path) -> None:
    file = tmp_path / "Statement of use.PDF"
    file.write_bytes(PDF)

    prepared = prepare(
        asked(ENTRY, STATEMENT, LETTER), Papers(GOOD, {" statement ": Attachment(file, "driver's  licence")})
    )

    (upload,) = prepared.uploads
    assert prepared.request_details == {"data": [GOOD]}
    assert (
        upload.attachment_id,
        upload.file_name,
        upload.mime_type,
        upload.content,
        upload.document_type,
    ) == (
        "att-1",
        "Statement of use.PDF",
        "application/pdf",
        PDF,
        "Driver's Licence",
    )
    assert (prepared.is_empty, prepared.warnings, len(prepared.digest)) == (False, (), 64)
    assert repr(prepared).startswith(
        "<PreparedPapers for AU MOBILE: data and files (Statement: Statement of use.PDF)"
    )


def test_document_may_be_named_by_its_id() -> None:
    papers = Papers(GOOD, {"att-1": statement()["Statement"]})

    assert prepare(asked(ENTRY, STATEMENT), papers).uploads[0].attachment_id == "att-1"


def test_missing_document_is_told_with_what_it_may_be() -> None:
    (fault,) = faults(asked(ENTRY, STATEMENT), Papers(GOOD))

    assert fault == (
        "the document Statement is missing (Signed statement; a file of type application/pdf or image/*; document "
        "type Passport or Driver's Licence)"
    )


def test_unknown_document_is_told_with_the_nearest() -> None:
    papers = Papers(GOOD, {**statement(), "Leter": "a.pdf", "Invoice": "b.pdf"})

    assert faults(asked(ENTRY, STATEMENT, LETTER), papers) == (
        "'Leter' is no document that AU MOBILE asks for; did you mean 'Letter'? It asks for Statement and Letter",
        "'Invoice' is no document that AU MOBILE asks for. It asks for Statement and Letter",
    )


def test_document_where_none_is_asked_for_is_a_fault() -> None:
    assert faults(asked(ENTRY), Papers(GOOD, {"Letter": "a.pdf"})) == (
        "'Letter' can't be sent: AU MOBILE asks for no documents",
    )


def test_document_that_is_given_twice_is_a_fault() -> None:
    papers = Papers(GOOD, {**statement(), "att-1": statement()["Statement"]})

    assert faults(asked(ENTRY, STATEMENT), papers) == (
        "the document Statement is given twice, by its title and by its id",
    )


def test_title_of_two_documents_is_a_fault() -> None:
    needed = asked(ENTRY, LETTER, {**LETTER, "id": "att-3"})

    assert faults(needed, Papers(GOOD, {"letter": "a.pdf"})) == (
        "'letter' is the title of 2 documents; name them by their ids att-2 or att-3",
    )


def test_file_that_is_not_there_is_told_with_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "statement.pdf").write_bytes(PDF)

    (fault,) = faults(
        asked(ENTRY, STATEMENT),
        Papers(GOOD, {"Statement": Attachment(tmp_path / "statment.pdf", "Passport")}),
    )

    assert "statment.pdf does not exist; there is statement.pdf" in fault


def test_file_that_is_empty_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")

    assert "is empty" in faults(asked(None, LETTER), Papers(None, {"Letter": tmp_path / "a.pdf"}))[0]
    assert (
        "content is empty"
        in faults(asked(None, LETTER), Papers(None, {"Letter": Attachment(b"", file_name="a.pdf")}))[0]
    )


def test_folder_is_no_file(tmp_path: Path) -> None:
    assert "is a folder" in faults(asked(None, LETTER), Papers(None, {"Letter": tmp_path}))[0]


@pytest.mark.parametrize("name", ["x" * 300 + ".pdf", "a\0b.pdf"], ids=["too long", "null character"])
def test_file_that_can_not_be_read_is_a_fault(tmp_path: Path, name: str) -> None:
    (fault,) = faults(asked(None, LETTER), Papers(None, {"Letter": tmp_path / name}))

    assert fault.startswith("Letter: the file ")


def test_file_of_absurd_size_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "film.pdf").open("wb") as file:
        file.truncate(101 * 2**20)

    assert "has 105.9 MB" in faults(asked(None, LETTER), Papers(None, {"Letter": tmp_path / "film.pdf"}))[0]


def test_content_needs_a_file_name() -> None:
    assert "content needs a file_name" in faults(asked(None, LETTER), Papers(None, {"Letter": PDF}))[0]


@pytest.mark.parametrize("name", ["scans/a.pdf", "scans\\a.pdf"])
def test_file_name_with_folders_is_a_fault(name: str) -> None:
    papers = Papers(None, {"Letter": Attachment(PDF, file_name=name)})

    assert "is a path; give the name alone" in faults(asked(None, LETTER), papers)[0]


def in_text(value: Any) -> str:
    """What a test is called may not depend on the bytes of a file: archives hold the time of day."""
    return value if isinstance(value, str) else type(value).__name__


def archive(*names: str, mimetype: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as zipped:
        if mimetype:
            zipped.writestr("mimetype", mimetype)
        for name in names:
            zipped.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "mime_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.pdf", b"junk before\n" + PDF, "application/pdf"),
        ("a.PNG", PNG, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.tif", b"II*\x00....", "image/tiff"),
        ("a.tiff", b"MM\x00*....", "image/tiff"),
        ("a.gif", b"GIF89a....", "image/gif"),
        ("a.webp", b"RIFF....WEBPVP8 ", "image/webp"),
        ("a.heic", b"\0\0\0\x18ftypheic....", "image/heic"),
        ("a.rtf", b"{\\rtf1 ...}", "application/rtf"),
        ("a.doc", OLD_OFFICE, "application/msword"),
        ("a.xls", OLD_OFFICE, "application/vnd.ms-excel"),
        ("a.docx", archive("word/document.xml"), file_types.DOCX),
        ("a.xlsx", archive("xl/workbook.xml"), file_types.XLSX),
        ("a.odt", archive(mimetype=file_types.ODT), file_types.ODT),
        ("a.zip", archive("scan.pdf"), "application/zip"),
        ("a.ppt", OLD_OFFICE, "application/vnd.ms-powerpoint"),
        ("a.txt", b"Dear Sir or Madam", "text/plain"),
        ("scan", PDF, "application/pdf"),
        ("scan.unheardof", JPEG, "image/jpeg"),
    ],
    ids=in_text,
)
def test_type_of_a_file_is_told_by_name_and_content(name: str, content: bytes, mime_type: str) -> None:
    prepared = prepare(asked(None, LETTER), Papers(None, {"Letter": Attachment(content, file_name=name)}))

    assert prepared.uploads[0].mime_type == mime_type


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", JPEG, "a.pdf is named as application/pdf, but holds image/jpeg"),
        ("a.jpg", PNG, "holds image/png"),
        ("a.docx", OLD_OFFICE, "holds an old Office file"),
        ("a.doc", archive("word/document.xml"), f"holds {file_types.DOCX}"),
        ("a.pdf", archive("a.pdf"), "holds application/zip"),
        ("a.docx", archive("scan.pdf"), "holds application/zip"),
        ("a.pdf", b"Dear Sir or Madam", "does not begin as such a file does; it may be damaged"),
        ("a.docx", b"PK\x03\x04 cut short", "holds application/zip"),
        ("a.txt", b"\x00\x01\x02", "does not begin as such"),
        ("a.txt", PDF, "holds application/pdf"),
        ("scan", b"who knows", "can't be told by its name or content; give mime_type"),
        ("scan.unheardof", b"who knows", "can't be told"),
    ],
    ids=in_text,
)
def test_file_that_is_not_what_its_name_says_is_a_fault(name: str, content: bytes, told: str) -> None:
    papers = Papers(None, {"Letter": Attachment(content, file_name=name)})

    assert told in faults(asked(None, LETTER), papers)[0]


def test_format_that_is_an_archive_inside_is_believed() -> None:
    book = letter(archive("page.xhtml"), "a.epub", mime_type="application/epub+zip")

    assert prepare(asked(None, LETTER), book).uploads[0].mime_type == "application/epub+zip"


def test_type_that_is_given_goes_before_the_name_but_not_before_the_content() -> None:
    fitting = letter(PDF, "scan.bin", mime_type="application/pdf")
    other = letter(PDF, "scan.pdf", mime_type="image/png")

    assert prepare(asked(None, LETTER), fitting).uploads[0].mime_type == "application/pdf"
    (fault,) = faults(asked(None, LETTER), other)
    assert fault.startswith("Letter: scan.pdf is sent as image/png, but holds application/pdf;")


@pytest.mark.parametrize(
    ("allowed", "name", "content", "sent"),
    [
        ([], "a.png", PNG, "image/png"),
        (["application/pdf"], "a.pdf", PDF, "application/pdf"),
        (["APPLICATION/PDF; q=1"], "a.pdf", PDF, "APPLICATION/PDF; q=1"),
        (["image/*"], "a.png", PNG, "image/png"),
        (["*/*"], "a.png", PNG, "image/png"),
        (["image/jpg"], "a.jpg", JPEG, "image/jpg"),
        (["pdf"], "a.pdf", PDF, "application/pdf"),
        ([".pdf", ""], "a.pdf", PDF, "application/pdf"),
        (["text/rtf"], "a.rtf", b"{\\rtf1}", "text/rtf"),
    ],
)
def test_allowed_types_are_read_as_they_are_meant(
    allowed: list[str], name: str, content: bytes, sent: str
) -> None:
    needed = asked(None, {**LETTER, "allowedMimeTypes": allowed})

    prepared = prepare(needed, Papers(None, {"Letter": Attachment(content, file_name=name)}))

    assert prepared.uploads[0].mime_type == sent


@pytest.mark.parametrize("allowed", [["application/pdf"], ["image/jpeg"], ["text/*"], ["jpg"]])
def test_type_that_is_not_allowed_is_a_fault(allowed: list[str]) -> None:
    needed = asked(None, {**LETTER, "allowedMimeTypes": allowed})

    assert faults(needed, Papers(None, {"Letter": Attachment(PNG, file_name="a.png")})) == (
        f"Letter: a.png is image/png, but only {allowed[0]} is taken",
    )


def test_document_type_that_is_missing_or_not_taken_is_a_fault() -> None:
    (missing,) = faults(asked(ENTRY, STATEMENT), Papers(GOOD, statement(document_type=None)))
    (wrong,) = faults(asked(ENTRY, STATEMENT), Papers(GOOD, statement(document_type="Library card")))

    assert missing == (
        "Statement: document_type is missing; say which it is: Passport or Driver's Licence, with "
        "nt.Attachment(path, document_type='Passport') for example"
    )
    assert wrong == (
        "Statement: document_type 'Library card' is not taken; it is one of Passport or Driver's Licence"
    )


def test_document_type_is_sent_along_where_it_is_not_asked() -> None:
    papers = Papers(None, {"Letter": Attachment(PDF, "Invoice", "a.pdf")})

    assert prepare(asked(None, LETTER), papers).uploads[0].document_type == "Invoice"


def test_file_that_changes_after_the_check_is_sent_as_it_was_checked(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(PDF)
    prepared = prepare(asked(None, LETTER), Papers(None, {"Letter": file}))

    file.write_bytes(b"something else")

    assert prepared.uploads[0].content == PDF
    assert repr(prepared.uploads[0].content) == f"<{len(PDF)} bytes>"


# -- data against a schema -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"city": None}, "city (City) must be text"),
        ({"city": ""}, "city (City) must not be empty"),
        ({"city": "x" * 11}, "city (City) must have at most 10 characters"),
        ({"vat": 123}, "vat must be text: put it in quotes"),
        ({"vat": "123"}, "vat does not match ^[A-Z]{2}[0-9]+$ (Two letters, then digits)"),
        ({"vat": "AU123\n"}, "vat does not match ^[A-Z]{2}[0-9]+$ (Two letters, then digits)"),
        ({"email": "nobody"}, "email must be an e-mail address"),
        ({"born": "31.12.1980"}, "born must be a date such as 1980-12-31"),
        ({"staff": "7"}, "staff must be a whole number: write it without quotes"),
        ({"staff": True}, "staff must be a whole number"),
        ({"staff": 0}, "staff must be at least 1"),
        ({"use": "SPAM"}, "use must be one of ALERTS or MARKETING"),
        ({"resale": "no"}, "resale must be True or False"),
        ({"address": {}}, "address / street is missing"),
        ({"address": "here"}, "address must be a group of fields"),
        ({"adress": {}}, "adress is no field that is asked for; did you mean address?"),
    ],
)
def test_data_that_does_not_fit_is_told_by_field(change: dict[str, Any], fault: str) -> None:
    assert faults(asked(), Papers({**GOOD, **change})) == (fault,)


def test_missing_field_is_told_with_its_title() -> None:
    assert faults(asked(), Papers({"vat": "AU1"})) == ("city (City) is missing",)
    assert faults(asked(), Papers([{}])) == ("city (City) is missing", "vat is missing")


def test_missing_data_is_told_with_what_is_required() -> None:
    papers = Papers(None, statement())

    assert faults(asked(ENTRY, STATEMENT), papers) == ("the registration data is missing: city and vat",)
    assert faults(asked("/s.json", STATEMENT), papers) == ("the registration data is missing",)


def test_fault_in_one_of_several_entries_says_which() -> None:
    assert faults(asked(), Papers([GOOD, {**GOOD, "city": ""}])) == (
        "entry 2: city (City) must not be empty",
    )


@pytest.mark.parametrize(
    ("schema", "data", "fault"),
    [
        ({"type": "array", "items": ENTRY}, GOOD | {"city": ""}, "city (City) must not be empty"),
        ({"type": "array", "minItems": 2}, GOOD, "data must have at least 2 entries"),
        (
            {"type": "object", "required": ["data", "terms"], "properties": {"data": {"items": ENTRY}}},
            GOOD,
            "terms is missing",
        ),
        (
            {"properties": {"requestDetails": {"properties": {"data": {"items": ENTRY}}}}},
            GOOD | {"city": ""},
            "city (City) must not be empty",
        ),
        (
            {"type": "array", "prefixItems": [{"type": "array", "items": {"required": ["id"]}}]},
            [[{"id": 1}, {}], {"city": "x"}],
            "entry 1: number 2 / id is missing",
        ),
        (
            {"anyOf": [{"type": "string"}, {"required": ["a"]}, {"required": ["b", "c", "d"]}]},
            {"x": 1},
            "a is missing",
        ),
        (
            {"oneOf": [{}, {"type": "object"}]},
            {"x": 1},
            "the data fits several of the forms of which it may fit one only",
        ),
        ({"not": {"required": ["a"]}}, {"a": 1}, "the data is of a form that is ruled out"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "a needs b too"),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": 1}, "b is missing"),
        ({"properties": {"a": {"uniqueItems": True}}}, {"a": [1, 1]}, "a has an entry twice"),
        ({"properties": {"a": False}}, {"a": 1}, "the data has something that must not be given"),
        ({"properties": {"a": {"const": 2}}}, {"a": 1}, "a must be 2"),
        ({"properties": {"a": {"multipleOf": 2}}}, {"a": 3}, "a must be a multiple of 2"),
        ({"properties": {"a": {"exclusiveMinimum": 3}}}, {"a": 3}, "a must be more than 3"),
        ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, "the data must have at most 1 character"),
        ({"properties": {"a": {"contains": {"const": 1}}}}, {"a": [2]}, "a does not fit the rule contains"),
        (
            {"properties": {"a": {}}, "patternProperties": {"^x": {}}, "additionalProperties": False},
            {"b": 1},
            "the data has fields that are not asked for",
        ),
        (
            {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"required": ["a"]}]},
            [{}],
            "a is missing",
        ),
        ({"items": [{"required": ["a"]}]}, [{}], "a is missing"),
        ({"$schema": "https://other.example/draft", "required": ["a"]}, {"x": 1}, "a is missing"),
        (
            {"$defs": {"t": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/t"}}},
            {"a": 1},
            "a must be text: put it in quotes",
        ),
    ],
)
def test_schemas_of_many_shapes_are_checked(schema: dict[str, Any], data: Any, fault: str) -> None:
    needed = asked({**schema, "title": ""}, rules=[{"template": {"x": ""}}])

    assert faults(needed, Papers(data)) == (fault,)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("email", "a@example.com", "a b@example.com"),
        ("date", "2024-02-29", "2023-02-29"),
        ("date-time", "2026-03-02T09:00:00.5Z", "2026-03-02 nine"),
        ("date-time", "2026-03-02T23:59:60+01:00", "2026-03-02T09:00:00"),
        ("time", "09:00:00Z", "25:00:00Z"),
        ("uri", "https://example.com/a", "example.com"),
        ("uri", "mailto:a@example.com", "https://exa mple.com"),
        ("uuid", "7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347", "7f2c9a4e"),
        ("ipv4", "192.0.2.1", "192.0.2.256"),
        ("ipv6", "2001:db8::1", "2001:db8"),
        ("regex", "^a+$", "("),
    ],
)
def test_formats_are_checked(name: str, good: str, bad: str) -> None:
    needed = asked({"properties": {"value": {"format": name}}, "required": ["value"]})

    assert prepare(needed, Papers({"value": good})).warnings == ()
    (fault,) = faults(needed, Papers({"value": bad}))
    assert fault.startswith("value must be a")
    assert prepare(needed, Papers({"value": 7})).warnings == ()


def test_format_that_is_not_known_is_left_to_the_api() -> None:
    needed = asked({"properties": {"value": {"format": "abn"}}, "required": ["value"]})

    assert prepare(needed, Papers({"value": "anything"})).warnings == ()


def test_schema_that_is_not_valid_is_no_reason_to_refuse() -> None:
    needed = asked({"type": "object", "required": "city", "properties": {"city": {"type": "text"}}})

    with pytest.warns(PapersWarning, match="not valid; the data was not checked here"):
        assert prepare(needed, Papers(GOOD)).request_details == {"data": [GOOD]}


def test_nothing_is_fetched_for_a_schema_and_the_rest_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[Any] = []
    monkeypatch.setattr("urllib.request.urlopen", lambda address, *_, **__: fetched.append(address))
    schema = {
        "required": ["city", "zip"],
        "properties": {
            "city": {"$ref": "https://schemas.example.com/city.json"},
            "zip": {"$ref": "other.json#/zip"},
        },
    }

    with pytest.warns(PapersWarning) as caught:
        prepare(asked(schema), Papers({"city": "Hobart", "zip": "7000"}))

    end = "which is not fetched; that part was not checked here."
    assert sorted(str(one.message) for one in caught) == [
        f"The schema refers to https://schemas.example.com/city.json, {end}",
        f"The schema refers to other.json#/zip, {end}",
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert faults(asked(schema), Papers({"city": "Hobart"})) == ("zip is missing",)
    assert fetched == []


def test_pattern_of_another_dialect_is_left_to_the_api() -> None:
    schema = {"required": ["name"], "properties": {"name": {"pattern": r"^\p{L}+$", "maxLength": 3}}}

    with pytest.warns(PapersWarning, match="can't be checked here"):
        prepare(asked(schema), Papers({"name": "Zoë"}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert faults(asked(schema), Papers({"name": "Zoëlle"})) == ("name must have at most 3 characters",)


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"$ref": "#"}]},
        {"allOf": [{"$ref": "#"}, {"$ref": "#"}]},
        {"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}},
        {"allOf": [{"$dynamicRef": "#"}]},
    ],
    ids=str,
)
def test_schema_that_refers_to_itself_without_end_is_no_reason_to_refuse(schema: dict[str, Any]) -> None:
    needed = asked({**schema, "required": ["vat"]})

    with (
        pytest.warns(
            PapersWarning,
            match=r"^The schema refers to itself without end; it was checked as far as makes sense\.$",
        ),
        contextlib.suppress(PapersError),
    ):
        prepare(needed, Papers(GOOD))


def test_many_faults_are_counted() -> None:
    schema = {"required": [f"field{place}" for place in range(60)]}

    found = faults(asked(schema), Papers([{"x": 1}]))

    assert (len(found), found[-1]) == (41, "and 20 more")


def test_schema_without_the_package_that_checks_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    with pytest.raises(MissingDependencyError, match=r"numbers-toolkit\[orders\]"):
        prepare(asked(), Papers(GOOD))


def test_papers_without_a_schema_need_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    assert prepare(asked("/s.json"), Papers(GOOD)).request_details == {"data": [GOOD]}


def test_data_may_be_sent_although_the_schema_refuses_it() -> None:
    with pytest.warns(PapersWarning, match="Sent although city \\(City\\) must not be empty"):
        prepared = prepare(asked(), Papers({**GOOD, "city": ""}, check_data=False))

    assert prepared.request_details == {"data": [{**GOOD, "city": ""}]}


def test_template_fields_that_are_missing_are_warned_about() -> None:
    needed = asked("/s.json", rules=[{"template": {"city": "", "contact": {"email": "", "phone": ""}}}])

    with pytest.warns(PapersWarning, match=r"also names city and contact\.phone"):
        prepared = prepare(needed, Papers([{"email": "a@example.com"}]))

    assert len(prepared.warnings) == 1
    assert prepare(needed, Papers([{"city": "x"}, {"email": "y", "phone": "z"}])).warnings == ()


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (float("nan"), "city is no number (NaN or infinity); leave it out or write the value"),
        (float("inf"), "city is no number (NaN or infinity); leave it out or write the value"),
        (pd.Timestamp("2026-03-02"), "city is Timestamp, which can't be sent; write it as text or a number"),
        (b"x", "city is bytes, which can't be sent; write it as text or a number"),
        ({"a": {1, 2}}, "city / a is set, which can't be sent; write it as text or a number"),
        ([1, object()], "city / number 2 is object, which can't be sent; write it as text or a number"),
        ("\ud800", "city holds half a character, which can't be sent"),
        ("...", "city still holds the dots of the example; write what it is"),
        ({7: "x"}, "city / 7 has a name that is int, not text; put it in quotes"),
    ],
    ids=["nan", "infinity", "time", "bytes", "set", "object", "half a character", "dots", "name"],
)
def test_value_that_can_not_be_sent_is_told_by_field(value: Any, fault: str) -> None:
    assert faults(asked("/s.json"), Papers({"city": value})) == (fault,)


# -- all at once, nothing shown --------------------------------------------------------------------------------------


def test_all_faults_are_told_at_once() -> None:
    papers = Papers(
        {"city": "", "email": "nobody"},
        {"Statment": "a.pdf", "Statement": Attachment(JPEG, file_name="a.pdf"), "Letter": "nowhere.pdf"},
    )

    found = faults(asked(ENTRY, STATEMENT, LETTER), papers)

    assert [fault.partition(" ")[0] for fault in found] == [
        "vat",
        "city",
        "email",
        "'Statment'",
        "Statement:",
        "Statement:",
        "Letter:",
    ]
    with pytest.raises(PapersError, match=r"can't be sent: 7 faults\. \(1\) vat is missing; \(2\) "):
        prepare(asked(ENTRY, STATEMENT, LETTER), papers)


def test_nothing_personal_shows_in_an_error_or_a_warning() -> None:
    data = {
        "city": SECRETS[2],
        "vat": SECRETS[3],
        "email": SECRETS[0],
        "use": SECRETS[1],
        "address": {"street": [SECRETS[0]]},
    }
    papers = Papers(data, statement(SECRETS[4].encode()))

    with pytest.raises(PapersError) as caught:
        prepare(asked(ENTRY, STATEMENT), papers)

    told = everything_shown(caught.value)
    for secret in SECRETS:
        assert secret not in told


def test_nothing_personal_shows_in_what_is_ready() -> None:
    needed = asked(None, LETTER, rules=[{"template": {"more": ""}}])
    papers = Papers(
        {"name": SECRETS[0]}, {"Letter": Attachment(PDF + SECRETS[4].encode(), file_name="a.pdf")}
    )

    with pytest.warns(PapersWarning) as caught:
        prepared = prepare(needed, papers)

    told = f"{prepared!r} {prepared.uploads!r} {[str(one.message) for one in caught]}"
    for secret in SECRETS:
        assert secret not in told


# -- digest and phone number -----------------------------------------------------------------------------------------


def test_digest_tells_whether_papers_are_the_same() -> None:
    needed = asked(
        None, LETTER, {**LETTER, "id": "att-3", "title": "Invoice"}, rules=[{"template": {"a": ""}}]
    )

    def digest(data: Any = None, letter: bytes = PDF, name: str = "a.pdf", kind: str | None = None) -> str:
        files = {"Invoice": Attachment(PDF, file_name="i.pdf"), "Letter": Attachment(letter, kind, name)}
        return prepare(needed, Papers(data or {"a": 1, "b": "ü"}, files)).digest

    same = [digest(), digest({"b": "ü", "a": 1})]
    others = [
        digest({"a": 1, "b": "u"}),
        digest({"a": "1", "b": "ü"}),
        digest(letter=PDF + b" "),
        digest(name="b.pdf"),
        digest(kind="Letter"),
    ]

    assert len(set(same)) == 1
    assert len({*same, *others}) == 1 + len(others)


SENDER = {
    "required": ["senderId"],
    "properties": {"senderId": {"type": "string", "pattern": r"^\+614\d{8}$"}},
}


def test_phone_number_is_filled_in_for_each_order() -> None:
    prepared = prepare(asked(SENDER), Papers({"senderId": "{phone_number}"}))

    one, other = prepared.for_number("+61491570156"), prepared.for_number("+61491570157")

    assert prepared.waits_for_number
    assert not one.waits_for_number
    assert one.request_details == {"data": [{"senderId": "+61491570156"}]}
    assert other.request_details == {"data": [{"senderId": "+61491570157"}]}
    assert one.digest == other.digest == prepared.digest
    assert prepared.request_details == {"data": [{"senderId": "{phone_number}"}]}


def test_value_that_waits_for_the_number_is_not_judged_but_the_others_are() -> None:
    schema = {**SENDER, "required": ["senderId", "city"]}

    assert faults(asked(schema), Papers({"senderId": "{phone_number}"})) == ("city is missing",)
    assert faults(asked(schema), Papers({"senderId": "07", "city": "x"}))[0].startswith(
        "senderId does not match"
    )


def test_number_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        prepare(asked(SENDER), Papers({"senderId": "{phone_number}"})).for_number("0491570156")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=15,
)
WORDS = st.sampled_from(
    ["type", "properties", "required", "items", "enum", "allOf", "anyOf", "$ref", "pattern", "minimum", "not"]
)
SCHEMAS = st.recursive(
    st.sampled_from(["string", "object", "array", "#", "#/properties", "a", "(", True, None, 3]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.sampled_from("abc"), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(WORDS, SCHEMAS, max_size=4), st.dictionaries(st.sampled_from("abc"), JSON, max_size=3))
@settings(max_examples=150, deadline=None)
def test_no_schema_and_no_data_lead_to_another_error(schema: dict[str, Any], data: dict[str, Any]) -> None:
    with contextlib.suppress(PapersError):
        assert quietly(asked(schema, LETTER), Papers([data])).request_details == {"data": [data]}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.tif", "image/tiff"),
        ("a.JFIF", "image/jpeg"),
        ("a.heic", "image/heic"),
        ("a.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.odt", "application/vnd.oasis.opendocument.text"),
        ("a.rtf", "application/rtf"),
        ("statement", ""),
    ],
)
def test_the_ending_of_a_file_tells_its_type(name, told):
    assert mime_type_of_name(name) == told
