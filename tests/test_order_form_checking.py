"""What is in the form against what the API asks for: each fault at its field, all at once, none with a value."""

from __future__ import annotations

import sys

import pytest

from leaks import everything_shown
from numbers_toolkit import markup
from numbers_toolkit.activation import document_checking
from numbers_toolkit.activation.given_papers import Attachment
from numbers_toolkit.activation.papers import prepare
from numbers_toolkit.activation.requirements import read_requirements
from numbers_toolkit.errors import InvalidInputError, MissingDependencyError, PapersWarning
from numbers_toolkit.payloads import Hidden
from numbers_toolkit.widgets import order_chosen
from numbers_toolkit.widgets.order_checking import check_form
from numbers_toolkit.widgets.order_chosen import ChosenFiles
from numbers_toolkit.widgets.order_documents import document_fields, document_named, downloads
from numbers_toolkit.widgets.order_sheet import Sheet
from numbers_toolkit.widgets.parts.uploads import UploadedFile
from test_order_form_schema import listing

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n...."
SECRET = "Zebediah Quillfeather"
ENTRY = {
    "type": "object",
    "required": ["city", "vat"],
    "additionalProperties": False,
    "properties": {
        "city": {"type": "string", "title": "City", "maxLength": 10},
        "vat": {"type": "string", "pattern": "^[A-Z]{2}[0-9]+$", "description": "Two letters, then digits"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}, "maxItems": 2},
        "email": {"type": "string", "format": "email"},
        "address": {"properties": {"street": {}, "zip": {}}, "minProperties": 2},
        "staff": {"type": "integer", "minimum": 1},
    },
}
STATEMENT = {
    "id": "att-1",
    "title": "Statement",
    "description": "Signed statement",
    "mandatory": True,
    "allowedMimeTypes": ["application/pdf", "image/*"],
    "allowedDocumentTypes": ["Passport", "Licence"],
    "template": [{"name": "statement.rtf", "url": "https://files.example.com/statement.rtf"}],
}
LETTER = {"id": "att-2", "title": "Letter", "allowedMimeTypes": ["pdf"]}
GOOD = {"data/city": "Hobart", "data/vat": "AU123"}


def needed(schema=ENTRY, *attachments, **fields):
    given = {**({"schema": schema} if schema else {}), **fields}
    return read_requirements({"fields": given, "attachments": list(attachments)}, "AU", "MOBILE")


def check(asked, values, **options):
    return check_form(Sheet(asked), Hidden(values), **options)


def faults(values, schema=ENTRY, *attachments):
    found = check(needed(schema, *attachments), values)
    assert found.papers is None
    return dict(found.faults)


def chosen(content=PDF, name="statement.pdf", media_type=""):
    return [UploadedFile(name, media_type, content)]


def file_faults(content=PDF, name="statement.pdf", *, kind="Passport", media_type=""):
    values = {**GOOD, "file/att-1": chosen(content, name, media_type), "type/att-1": kind}
    return faults(values, ENTRY, STATEMENT)


# -- data --------------------------------------------------------------------------------------------------------


def test_papers_that_fit_pass_the_package_s_own_check():
    asked = needed(ENTRY, STATEMENT)
    found = check(asked, {**GOOD, "file/att-1": chosen(), "type/att-1": "Passport"})

    assert (found.count, found.others, found.by_schema) == (0, (), False)
    prepared = prepare(asked, found.papers)
    assert prepared.request_details == {"data": [{"city": "Hobart", "vat": "AU123"}]}
    assert [(one.attachment_id, one.file_name, one.document_type) for one in prepared.uploads] == [
        ("att-1", "statement.pdf", "Passport")
    ]


def test_everything_that_is_wrong_is_told_at_once():
    assert faults({"data/city": "x" * 20, "data/email": "nobody"}, ENTRY, STATEMENT) == {
        "data/city": "City must have at most 10 characters.",
        "data/vat": "Vat is missing.",
        "data/email": "Email must be an e-mail address.",
        "file/att-1": "This document is missing.",
    }


def test_a_pattern_comes_with_what_the_schema_says_of_it():
    told = faults({**GOOD, "data/vat": "123"})

    assert told == {"data/vat": "Vat does not match ^[A-Z]{2}[0-9]+$ (Two letters, then digits)."}


def test_faults_of_a_list_stand_at_its_field():
    told = faults({**GOOD, "data/tags": "one\nfour\nsix"})

    assert told.keys() == {"data/tags"}
    assert "Tags must have at most 2 entries." in told["data/tags"]
    assert "Tags, number 2, must have at most 3 characters." in told["data/tags"]


def test_faults_of_a_group_stand_at_its_first_field():
    assert faults({**GOOD, "data/address/zip": "7000"}) == {
        "data/address/street": "Address does not fit the rule minProperties."
    }


def test_faults_of_later_groups_of_a_list_stand_there():
    sheet = Sheet(needed(listing()))
    sheet.add(sheet.lists({})[0])

    found = check_form(sheet, Hidden({"data/directors/0/name": "A", "data/directors/1/born": "1980"}))

    assert found.faults == {"data/directors/1/name": "Name is missing."}


def test_fields_that_do_not_show_are_neither_sent_nor_checked():
    schema = {
        "properties": {"kind": {"enum": ["firm", "person"]}},
        "if": {"properties": {"kind": {"const": "firm"}}},
        "then": {"properties": {"vat": {"type": "string", "maxLength": 3}}},
        "unevaluatedProperties": False,
    }

    found = check(needed(schema), {"data/kind": "person", "data/vat": "far too long"})

    assert found.papers.request_details == {"data": [{"kind": "person"}]}


def test_what_the_checker_says_of_no_field_is_told_with_the_others():
    found = check(needed({"properties": {"city": {}}, "not": {}}), {"data/city": "Hobart"})

    assert (found.faults, found.others) == ({}, ("The data is of a form that is ruled out.",))


def test_dots_of_an_example_are_not_sent():
    assert faults({**GOOD, "data/city": "..."}) == {
        "data/city": "City still holds the dots of the example; write what it is."
    }


def test_what_waits_for_the_phone_number_is_not_judged():
    found = check(needed(), {**GOOD, "data/city": "{phone_number}"})

    assert found.papers.request_details["data"][0]["city"] == "{phone_number}"


def test_data_that_need_not_be_given_may_be_left_out():
    with pytest.warns(PapersWarning, match="asks for registration data, and none is given"):
        found = check(needed({"properties": {"city": {"type": "string"}}}), {})

    assert found.papers.is_empty


@pytest.mark.filterwarnings("ignore::numbers_toolkit.errors.PapersWarning")
def test_a_template_with_nothing_filled_in_is_refused():
    asked = needed("/schema/a.json", rules=[{"template": {"city": "", "street": ""}}])

    assert check(asked, {}).faults == {"data/city": "Nothing is filled in, and registration data is needed."}
    assert check(asked, {"data/street": "Davey Street"}).papers is not None


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ('{"city": "Hobart"}', {"data": [{"city": "Hobart"}]}),
        ('[{"city": "Hobart"}]', {"data": [{"city": "Hobart"}]}),
        (
            '{"data": [{"city": "Hobart"}], "language": "en"}',
            {"data": [{"city": "Hobart"}], "language": "en"},
        ),
    ],
)
def test_data_written_as_json_is_sent_as_it_is_meant(text, details):
    assert check(needed("/schema/a.json"), {"data": text}).papers.request_details == details


@pytest.mark.parametrize("text", ["Hobart", '["Hobart"]', "12"])
def test_data_written_as_json_has_to_be_a_group(text):
    found = check(needed("/schema/a.json"), {"data": text})

    assert "no group of fields" in found.others[0]


def test_data_that_does_not_fit_can_be_used_all_the_same():
    asked, values = needed(), {**GOOD, "data/vat": "123"}

    assert check(asked, values).by_schema
    with pytest.warns(PapersWarning, match="Sent although vat does not match"):
        found = check(asked, values, check_data=False)
    assert found.papers.check_data is False


def test_what_no_schema_judges_can_not_be_used_all_the_same():
    values = {**GOOD, "data/vat": "123", "data/city": "..."}

    assert not check(needed(), values).by_schema
    assert not check(needed(ENTRY, STATEMENT), {**GOOD, "data/vat": "123"}).by_schema
    assert check(needed(), values, check_data=False).faults.keys() == {"data/city"}


def test_a_machine_without_the_checker_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    with pytest.raises(MissingDependencyError, match=r"numbers-toolkit\[orders\]"):
        check(needed(), GOOD)


def test_no_fault_quotes_what_was_filled_in():
    found = check(
        needed(), {"data/city": SECRET, "data/vat": SECRET, "data/email": SECRET, "data/tags": SECRET}
    )

    assert found.faults.keys() == {"data/city", "data/vat", "data/email", "data/tags"}
    assert SECRET not in repr(found)


# -- documents ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "statement.pdf", "statement.pdf is empty; choose another file."),
        (PNG, "statement.pdf", "named as application/pdf, but holds image/png"),
        (b"hello", "statement.pdf", "does not begin as such a file does"),
        (
            b"hello",
            "statement.txt",
            "Statement.txt is text/plain, but only application/pdf or image/* is taken.",
        ),
        (b"hello", "statement", "What statement is can't be told by its name or content."),
    ],
    ids=["empty", "another type", "damaged", "not taken", "not known"],
)
def test_what_is_wrong_with_a_file_is_told_at_it(content, name, message):
    told = file_faults(content, name)

    assert told.keys() == {"file/att-1"}
    assert message in told["file/att-1"]


def test_what_the_browser_takes_a_file_for_counts_where_nothing_else_tells():
    asked = needed(ENTRY, {**STATEMENT, "allowedMimeTypes": ["application/x-own"]})
    values = {**GOOD, "file/att-1": chosen(b"own", "scan", "application/x-own"), "type/att-1": "Passport"}

    assert check(asked, values).papers is not None


def test_the_kind_of_a_document_is_asked_for_at_its_own_field():
    assert file_faults(kind="") == {"type/att-1": "Say what the document is."}


def test_one_file_in_the_place_of_two_documents_is_noticed():
    values = {**GOOD, "file/att-1": chosen(), "type/att-1": "Passport", "file/att-2": chosen()}

    with pytest.warns(PapersWarning, match="The same file is given for Statement and Letter"):
        assert check(needed(ENTRY, STATEMENT, LETTER), values).papers is not None


def test_two_files_of_one_name_are_two_files():
    values = {**GOOD, "file/att-1": chosen(), "type/att-1": "Passport", "file/att-2": chosen(PDF + b"2")}
    asked = needed(ENTRY, STATEMENT, LETTER)

    uploads = prepare(asked, check(asked, values).papers).uploads

    assert [(one.attachment_id, one.file_name, bytes(one.content)) for one in uploads] == [
        ("att-1", "statement.pdf", PDF),
        ("att-2", "statement.pdf", PDF + b"2"),
    ]


def test_documents_of_one_title_are_told_apart_by_their_ids():
    twin = {**LETTER, "id": "att-3"}
    values = {**GOOD, "file/att-3": chosen()}

    papers = check(needed(ENTRY, LETTER, twin), values).papers

    assert list(papers.attachments) == ["att-3"]


def test_the_field_of_a_document_says_what_is_taken():
    file, kind, letter = document_fields(needed(ENTRY, LETTER, STATEMENT), {})[1:]

    assert (file["label"], file["required"], file["accept"]) == (
        "Statement",
        True,
        "application/pdf,.pdf,image/*",
    )
    assert file["help"] == "Signed statement. A PDF or image/* file; at most 100.0 MB."
    assert (kind["options"], kind["required"]) == (["Passport", "Licence"], False)
    assert (letter["required"], letter["accept"]) == (False, ".pdf")


def test_the_kind_of_a_document_is_required_once_it_is_chosen():
    assert document_fields(needed(ENTRY, STATEMENT), {"file/att-1": chosen()})[2]["required"]


def test_forms_to_fill_in_are_offered_for_download():
    assert 'href="https://files.example.com/statement.rtf"' in downloads(needed(ENTRY, STATEMENT))
    assert downloads(needed(ENTRY, LETTER)) == ""


def test_an_address_that_is_none_of_the_web_is_no_link():
    hostile = {**STATEMENT, "title": "<img src=x>", "template": [{"name": "x", "url": "javascript:alert(1)"}]}
    shown = downloads(needed(ENTRY, hostile))

    assert "href" not in shown
    assert "<img" not in shown
    assert "javascript:alert(1)" in markup.plain(shown)


@pytest.mark.parametrize("name", ["Statement", " statement ", "att-1"])
def test_a_document_is_named_by_title_or_id(name):
    assert document_named(needed(ENTRY, STATEMENT, LETTER), name).attachment_id == "att-1"


@pytest.mark.parametrize(
    ("name", "attachments", "message"),
    [
        (
            "Passport",
            (STATEMENT, LETTER),
            "no document that AU MOBILE asks for; it asks for Statement and Letter",
        ),
        (
            "Letter",
            (LETTER, {**LETTER, "id": "att-3"}),
            "title of 2 documents; name one by its id, att-2 or att-3",
        ),
        ("Letter", (), "it asks for no documents"),
    ],
)
def test_a_document_that_is_not_asked_for_is_refused(name, attachments, message):
    with pytest.raises(InvalidInputError, match=message):
        document_named(needed(ENTRY, *attachments), name)


# -- files of this machine ---------------------------------------------------------------------------------------


def wanted():
    return needed(ENTRY, STATEMENT).attachments[0]


def test_a_file_is_read_when_it_is_chosen(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(PDF)
    files = ChosenFiles()

    values = files.choose(wanted(), Attachment(path, document_type="passport"))
    path.unlink()

    assert values == {"file/att-1": chosen(PDF, "scan.pdf"), "type/att-1": "Passport"}
    assert list(files.changed(values)) == []


def test_a_file_that_was_changed_afterwards_has_to_be_chosen_again(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(PDF)
    files = ChosenFiles()
    values = files.choose(wanted(), Attachment(path))
    assert list(files.changed(values)) == []

    path.write_bytes(PDF[::-1])

    ((field, told),) = files.changed(values)
    assert field == "file/att-1"
    assert told == "scan.pdf was changed on the disk after it was chosen. Choose it again."
    assert list(files.changed({"file/att-1": chosen()})) == []
    assert list(files.changed(files.choose(wanted(), Attachment(path)))) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            lambda folder: Attachment(folder / "gone.pdf"),
            "gone.pdf for Statement can't be read: No such file",
        ),
        (Attachment, "can't be read: Is a directory"),
        (lambda folder: Attachment(b"x"), "The file for Statement needs a name"),
        (
            lambda folder: Attachment(b"x", "Bill", "a.pdf"),
            "not taken as 'Bill'; document_type is one of Passport or",
        ),
    ],
)
def test_a_file_that_can_not_be_taken_is_refused(tmp_path, given, message):
    with pytest.raises(InvalidInputError, match=message):
        ChosenFiles().choose(wanted(), given(tmp_path))


def test_a_file_that_no_document_can_be_is_not_even_read(tmp_path, monkeypatch):
    monkeypatch.setattr(order_chosen, "MOST_BYTES", 10)
    path = tmp_path / "film.pdf"
    path.write_bytes(PDF)

    with pytest.raises(InvalidInputError, match="which no document needs; make it smaller"):
        ChosenFiles().choose(wanted(), Attachment(path))


def test_the_largest_file_is_the_same_wherever_it_is_given():
    assert order_chosen.MOST_BYTES == document_checking.MOST_BYTES


def test_the_content_of_a_file_shows_in_no_error(tmp_path):
    with pytest.raises(InvalidInputError) as caught:
        ChosenFiles().choose(wanted(), Attachment(SECRET.encode(), "Bill", "a.pdf"))

    assert SECRET not in everything_shown(caught.value)
