"""The form for number orders, driven by its traits and methods as a notebook's next cell would."""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import pickle
import sys
import weakref

import nbformat
import pytest
from ipywidgets.widgets import widget
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import numbers_toolkit as nt
from leaks import everything_shown
from numbers_toolkit.activation.papers import prepare
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.sandbox.requirements import REQUIREMENTS
from numbers_toolkit.transport import RetryPolicy
from numbers_toolkit.widgets.order_form import OrderForm
from scripted_server import Reply, ScriptedServer, error
from test_order_form_schema import FIRM, listing
from widget_views import View, saved

PATIENCE = 30
PDF = b"%PDF-1.7\n1 0 obj\n"
GERMAN = {
    "companyName": "Beispiel GmbH",
    "registrationNumber": "HRB 12345",
    "street": "Musterweg 1",
    "postalCode": "50667",
    "city": "Köln",
    "contactEmail": "office@example.com",
    "intendedUse": "ALERTS",
}
#: A value for each field that some registration of the sandbox asks for.
VALUES = {
    **GERMAN,
    "endBusinessName": "Example Pty",
    "address": "1 Davey Street",
    "country": "AU",
    "contactNumber": "+4915112345678",
    "monthlyMessages": 5000,
    "resale": False,
    "firstName": "Petrus",
    "lastName": "Nangolo",
    "dateOfBirth": "1980-12-31",
}
POSTAL_CODES = {
    "BR": "01310-100",
    "IE": "D02 AF30",
    "IN": "110001",
    "JP": "100-0001",
    "SE": "114 55",
    "SG": "018956",
    "ZA": "8001",
}
SECRETS = ("Zebediah", "Quillfeather-Street-17", "zebediah@example.com", "content-of-the-scan", "1975-03-14")


@pytest.fixture
def form(client):
    made = OrderForm(client, "DE", "MOBILE").wait(PATIENCE)
    yield made
    made.close()


def filled(form):
    form.fill(GERMAN)
    form.attach("Business registration", PDF, document_type="Register extract", file_name="register.pdf")
    return form


def checked(form):
    form.check()
    return form.wait(PATIENCE)


def parts(form):
    return form._view.form


def fields(form):
    return {one["name"]: one for one in parts(form).fields if one["kind"] != "heading" and not one["hidden"]}


def button(form, name):
    rows = [*form._view.actions.buttons, *form._view.order_actions.buttons]
    return next(one for one in rows if one["name"] == name)


def click(form, name):
    rows = (form._view.actions, form._view.order_actions)
    next(one for one in rows if name in [button["name"] for button in one.buttons]).click(name)
    return form.wait(PATIENCE)


def changing(sandbox):
    """Requests that change anything; signing in and looking up do not."""
    reads = ("token", "lookupNumberRequirements")
    return [one for one in sandbox.requests if one.method != "GET" and not one.path.endswith(reads)]


# -- what is asked for -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", REQUIREMENTS, ids=" ".join)
def test_papers_of_every_kind_of_number_can_be_filled_in_and_pass(client, kind):
    form = OrderForm(client, *kind).wait(PATIENCE)
    needed = form.requirements
    given = {**VALUES, "country": kind[0], "postalCode": POSTAL_CODES.get(kind[0], "50667")}

    form.fill({one.name: given[one.name] for one in needed.fields})
    for place, one in enumerate(needed.attachments):
        kinds = one.allowed_document_types
        form.attach(
            one.title,
            PDF + bytes([place]),
            document_type=kinds[0] if kinds else None,
            file_name=f"{place}.pdf",
        )
    checked(form)

    assert form.notice.startswith("The papers are complete."), form.notice
    assert prepare(needed, form.papers).request_details == {
        "data": [{one.name: given[one.name] for one in needed.fields}]
    }
    form.close()


def test_an_empty_form_is_refused_field_by_field_and_nothing_is_sent(form, sandbox):
    checked(form)

    assert form.papers is None
    assert set(parts(form).errors) == {name for name, one in fields(form).items() if one["required"]} - {
        "data/country"
    }
    assert form.notice.startswith("8 things are missing or wrong; nothing was sent.")
    assert "Business registration: This document is missing." in form.notice
    assert changing(sandbox) == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (("US", "LOCAL"), "Nothing special is known to be required for US LOCAL."),
        (("SE", "MOBILE"), "SE MOBILE asks for no papers."),
    ],
)
def test_numbers_that_need_no_papers_say_so(client, kind, told):
    form = OrderForm(client, *kind).wait(PATIENCE)

    assert told in form._view.head.html
    assert "There is nothing to fill in" in form._view.head.html
    assert form.papers.is_empty
    assert fields(form) == {}
    assert button(form, "check")["hidden"]
    form.check()
    assert not form.busy
    form.close()


def test_without_a_kind_it_is_the_one_of_swedish_mobile_numbers(client):
    form = OrderForm(client).wait(PATIENCE)

    assert form.requirements.kind == "SE MOBILE"
    form.close()


def test_the_country_is_known_and_filled_in(form):
    assert parts(form).values["data/country"] == "DE"
    assert fields(form)["data/country"]["options"][0]["label"] == "Germany (DE)"


def test_forms_to_fill_in_are_offered_for_download(form):
    assert 'href="https://files.example.com/attorney.docx"' in form._view.head.html


def test_a_look_up_that_fails_can_be_tried_again():
    answer = REQUIREMENTS["DE", "MOBILE"].document()
    replies = (error(403, "PERMISSION_DENIED", "not allowed"), Reply(body=answer))
    with ScriptedServer(*replies) as server, server.client() as client:
        form = OrderForm(client, "DE", "MOBILE").wait(PATIENCE)

        assert "not allowed" in form.notice
        assert "'Load the requirements again' tries once more" in form.notice
        assert not button(form, "load")["hidden"]
        with pytest.raises(InvalidInputError, match=r"DE MOBILE asks for is not known yet: form.load\(\)"):
            form.fill(GERMAN)

        click(form, "load")

        assert form.requirements is not None
        assert button(form, "load")["hidden"]
        form.close()


def test_a_server_that_is_gone_is_told_in_the_form(sandbox):
    with nt.connect(sandbox=sandbox, retry=RetryPolicy(attempts=1)) as client:
        sandbox.stop()
        form = OrderForm(client, "DE", "MOBILE").wait(PATIENCE)

    assert "'Load the requirements again'" in form.notice
    form.close()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((None, "DE", "MOBILE"), "needs a client, not NoneType"),
        (("client", "Germany", "MOBILE"), "Germany"),
        (("client", "DE", "FANCY"), "FANCY"),
    ],
)
def test_what_can_not_be_right_is_refused_at_once(client, given, message):
    with pytest.raises(InvalidInputError, match=message):
        OrderForm(client if given[0] else None, *given[1:])


# -- strange requirements ----------------------------------------------------------------------------------------


@pytest.fixture
def form_for():
    """Return a form for requirements that a server of the test's own answers."""
    with contextlib.ExitStack() as stack:

        def made(schema=None, *attachments, **answer):
            fields = {"schema": schema} if schema is not None else {}
            body = {"fields": fields, "attachments": list(attachments), **answer}
            server = stack.enter_context(ScriptedServer(Reply(body=body)))
            client = stack.enter_context(server.client())
            form = OrderForm(client, "AU", "MOBILE").wait(PATIENCE)
            stack.callback(form.close)
            return form

        yield made


def test_a_kind_of_value_that_is_not_known_is_written_as_text(form_for):
    form = form_for({"properties": {"fee": {"type": "money", "currency": "EUR"}}, "required": ["fee"]})

    assert fields(form)["data/fee"]["kind"] == "text"
    assert "Fee is of a kind that this version does not know (money)" in form._view.head.html
    form.fill({"fee": "12 EUR"})
    checked(form)
    assert "The schema" in form.notice  # the checker knows no money either, and says so


def test_requirements_that_are_not_understood_are_told(form_for):
    form = form_for({"properties": {"city": {}}}, something_new="a passport", attachments="none")

    assert "something_new" in form.notice
    assert "does not understand (attachments)" in form._view.head.html


@pytest.mark.parametrize("schema", ["/schema/a.json", {"type": "object"}, "{}", 7])
def test_requirements_without_fields_break_nothing(form_for, schema):
    form = form_for(schema)

    checked(form)

    assert not form.busy


def test_a_condition_shows_its_fields_and_forgets_what_is_hidden(form_for):
    form = form_for(FIRM)
    assert list(fields(form)) == ["data/kind", "data/born"]

    form.fill({"kind": "firm", "vat": "SE1"})
    assert list(fields(form)) == ["data/kind", "data/vat"]
    assert fields(form)["data/vat"]["required"]
    assert checked(form).papers.request_details == {"data": [{"kind": "firm", "vat": "SE1"}]}

    View(parts(form)).enter("data/kind", "person")
    assert list(fields(form)) == ["data/kind", "data/born"]
    assert checked(form).papers.request_details == {"data": [{"kind": "person"}]}


def test_a_fault_stays_at_its_field_while_other_fields_come_and_go(form_for):
    form = form_for(FIRM)
    checked(form)
    assert parts(form).errors == {"data/kind": "Kind is missing."}
    View(parts(form)).enter("data/kind", "firm")
    checked(form)

    View(parts(form)).enter("data/vat", "SE1")

    assert parts(form).errors == {}


def test_lists_grow_and_shrink_by_buttons(form_for):
    form = form_for(listing(maxItems=2))

    def rows():
        return [name for name in fields(form) if name.endswith("/name")]

    def press(name):
        form._view.lists.children[0].click(name)

    def off(name):
        return next(one for one in form._view.lists.children[0].buttons if one["name"] == name)["disabled"]

    form.fill({"directors": [{"name": "A"}]})
    assert off("remove:directors")
    press("add:directors")
    assert off("add:directors")
    form.fill({"directors": [{"name": "A"}, {"name": "B"}]})
    assert rows() == ["data/directors/0/name", "data/directors/1/name"]
    assert checked(form).papers.request_details == {"data": [{"directors": [{"name": "A"}, {"name": "B"}]}]}

    press("remove:directors")

    assert form.papers is None
    assert checked(form).papers.request_details == {"data": [{"directors": [{"name": "A"}]}]}
    with pytest.raises(InvalidInputError, match="no list 'owners'; it has directors"):
        form.add("owners")


def test_text_from_elsewhere_is_shown_as_text(form_for):
    hostile = '<img src=x onerror="alert(1)">\u202e' + "x" * 500
    schema = {
        "properties": {"city": {"title": hostile, "type": "string", "description": hostile}},
        "required": ["city"],
    }
    paper = {
        "id": "1",
        "title": hostile,
        "mandatory": True,
        "template": [{"name": hostile, "url": "javascript:1"}],
    }
    form = form_for(schema, paper)

    checked(form)

    for html in (form._view.head.html, form._notice.html):
        assert "<img" not in html
        assert "&lt;img" in html
        assert "\u202e" not in html
    assert "\u202e" not in fields(form)["data/city"]["label"]


# -- checking ----------------------------------------------------------------------------------------------------


def test_complete_papers_are_at_hand_and_observed(form, sandbox):
    seen = []
    form.observe(lambda change: seen.append(change["new"]), "papers")

    checked(filled(form))

    assert seen == [form.papers]
    assert form.papers.request_details == {"data": [{**GERMAN, "country": "DE"}]}
    assert list(form.papers.attachments) == ["Business registration"]
    assert "form.papers" in form.notice
    assert parts(form).errors == {}
    assert changing(sandbox) == []


def test_papers_that_were_changed_have_to_be_checked_again(form):
    checked(filled(form))

    form.fill({"city": "Bonn"})

    assert form.papers is None
    assert form.notice == "Something was changed after the papers were checked. Check them again."
    assert checked(form).papers.request_details["data"][0]["city"] == "Bonn"


def test_a_click_that_leaves_an_edited_field_is_not_passed_over(form):
    """The edit reaches the kernel before the click, which was made on the button as it was before."""
    checked(filled(form))
    seen = button(form, "check")["revision"]

    View(parts(form)).enter("data/city", "Bonn")
    View(form._view.actions).say(kind="click", name="check", revision=seen)

    assert form.wait(PATIENCE).papers.request_details["data"][0]["city"] == "Bonn"


def test_what_is_changed_while_it_is_checked_is_not_taken_for_checked(form):
    filled(form)

    form.check()
    form.fill({"city": "Bonn"})
    form.wait(PATIENCE)

    assert form.papers is None
    assert "changed while the papers were checked" in form.notice


def test_a_second_check_while_one_is_going_on_loses_nothing(form):
    filled(form)

    form.check()
    form.check()

    assert form.wait(PATIENCE).papers is not None


def test_data_that_does_not_fit_can_be_kept_with_a_warning(form):
    filled(form).fill({"postalCode": "5066"})
    checked(form)
    assert "Postal code does not match" in form.notice
    assert not button(form, "keep")["hidden"]

    click(form, "keep")

    assert form.papers.check_data is False
    assert "Sent although postalCode" in form.notice
    assert button(form, "keep")["hidden"]


def test_a_missing_document_can_not_be_passed_over(form):
    form.fill({**GERMAN, "postalCode": "5066"})
    checked(form)

    assert button(form, "keep")["hidden"]


def test_a_number_that_is_none_is_refused_though_it_need_not_be_given(form):
    view = View(parts(filled(form)))
    view.enter("data/monthlyMessages", "many")

    checked(form)

    assert form.papers is None
    assert parts(form).errors == {"data/monthlyMessages": "Write a whole number from 0 to 100,000,000."}
    assert button(form, "keep")["hidden"]


def test_what_can_not_be_read_is_not_kept_either(form):
    filled(form).fill({"postalCode": "5066"})
    View(parts(form)).enter("data/monthlyMessages", "many")

    form.keep()

    assert form.wait(PATIENCE).papers is None
    assert parts(form).errors.keys() == {"data/monthlyMessages"}


def test_what_is_missing_can_be_kept_missing(form):
    filled(form).fill({"city": ""})

    form.keep()

    assert "city" not in form.wait(PATIENCE).papers.request_details["data"][0]


def test_a_file_that_is_still_on_its_way_is_waited_for(form):
    form.fill(GERMAN)
    view, field = View(parts(form)), next(name for name in fields(form) if name.startswith("file/"))
    form.attach("Business registration", PDF, document_type="Register extract", file_name="a.pdf")
    announced = {"name": "b.pdf", "media_type": "application/pdf", "size": 50}
    view.say(kind="file", name=field, upload="1", view=view.name, edit=1, file=announced)

    checked(form)

    assert form.papers is None
    assert parts(form).errors.keys() == {field}
    assert "b.pdf is still being read" in form.notice


def test_enter_in_a_field_checks(form):
    View(parts(form)).say(kind="submit", view="view-1")

    assert "missing or wrong" in form.wait(PATIENCE).notice


def test_emptying_the_form_leaves_what_is_known_by_itself(form):
    checked(filled(form))

    click(form, "clear")

    assert form.papers is None
    assert form.notice == ""
    assert [name for name, value in parts(form).values.items() if value] == ["data/country"]


def test_the_machine_without_the_checker_is_told_what_to_install(form, monkeypatch):
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    checked(filled(form))

    assert "pip install 'numbers-toolkit[orders]'" in form.notice
    assert form.papers is None


# -- files -------------------------------------------------------------------------------------------------------


def test_a_file_that_was_changed_on_the_disk_is_noticed(form, tmp_path):
    path = tmp_path / "register.pdf"
    path.write_bytes(PDF)
    form.fill(GERMAN)
    form.attach("Business registration", path, document_type="Register extract")
    path.write_bytes(PDF + b"2")

    checked(form)
    assert form.papers is None
    assert "register.pdf was changed on the disk after it was chosen" in form.notice

    form.attach("Business registration", path)
    checked(form)
    assert form.papers.attachments["Business registration"].content == PDF + b"2"


def test_a_file_chosen_in_the_browser_counts(form):
    form.fill(GERMAN)
    view = View(parts(form))
    file, kind, *_ = [name for name in fields(form) if not name.startswith("data/")]

    view.upload(file, "register.pdf", PDF[:8], PDF[8:])
    view.enter(kind, "Tax certificate")
    checked(form)

    attachment = form.papers.attachments["Business registration"]
    assert (attachment.content, attachment.document_type) == (PDF, "Tax certificate")


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"\x89PNG\r\n\x1a\n....", "register.pdf", "holds image/png"),
        (b"plain", "register.txt", "is text/plain, but only application/pdf"),
        (b"", "register.pdf", "is empty"),
    ],
)
def test_a_wrong_file_is_told_at_its_field(form, content, name, message):
    form.fill(GERMAN)
    form.attach("Business registration", content, document_type="Register extract", file_name=name)

    checked(form)

    ((field, told),) = parts(form).errors.items()
    assert field.startswith("file/")
    assert message in told


def test_papers_given_to_begin_with_are_filled_in(client, form):
    checked(filled(form))

    again = OrderForm(client, "DE", "MOBILE", papers=form.papers).wait(PATIENCE)

    assert checked(again).papers.request_details == form.papers.request_details
    assert list(again.papers.attachments) == ["Business registration"]
    again.close()


# -- personal data -----------------------------------------------------------------------------------------------


@pytest.fixture
def personal(client, tmp_path):
    form = OrderForm(client, "NA", "MOBILE").wait(PATIENCE)
    form.fill(
        {
            "firstName": SECRETS[0],
            "lastName": SECRETS[0],
            "street": SECRETS[1],
            "city": "Windhoek",
            "contactEmail": SECRETS[2],
            "dateOfBirth": SECRETS[4],
        }
    )
    form.attach("Identity document", PDF + SECRETS[3].encode(), document_type="Passport", file_name="id.pdf")
    yield form
    form.close()


def widgets_of(form):
    found, left = [], [form]
    while left:
        one = left.pop()
        found.append(one)
        left += getattr(one, "children", ())
    return found


def assert_hidden(text):
    for secret in SECRETS:
        assert secret not in text


def test_no_widget_holds_a_value_where_a_notebook_saves_it(personal):
    for step in (lambda: None, lambda: checked(personal)):
        step()
        states = widget.Widget.get_manager_state()["state"]
        assert len(states) > 10
        assert_hidden(json.dumps(states, default=str))
        for one in widgets_of(personal):
            assert_hidden(repr(one))
    assert personal.papers is not None


CELL = """
import os, numbers_toolkit as nt
secrets = os.environ["SECRETS_OF_THE_TEST"].split("|")
client = nt.connect(sandbox=True)
form = nt.widgets.OrderForm(client, "NA", "MOBILE").wait()
form.fill(dict(firstName=secrets[0], lastName=secrets[0], street=secrets[1], city="Windhoek",
               contactEmail=secrets[2], dateOfBirth=secrets[4]))
form.attach("Identity document", b"%PDF-1.7" + secrets[3].encode(), document_type="Passport", file_name="id.pdf")
form.check()
form
"""


def test_a_notebook_that_saves_its_widgets_saves_no_value(tmp_path, monkeypatch):
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("SECRETS_OF_THE_TEST", "|".join(SECRETS))
    cells = [CELL, "print(form.wait().notice)\nform.papers", "form, form._view.form"]
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])

    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources=where, store_widget_state=True
    ).execute()
    text = nbformat.writes(notebook)

    assert "The papers are complete." in text
    assert len(notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]) > 10
    assert_hidden(text)


def test_faults_hold_no_value_either(personal):
    personal.fill({"firstName": SECRETS[0] * 100, "contactEmail": SECRETS[1]})

    checked(personal)

    assert parts(personal).errors.keys() == {"data/firstName", "data/contactEmail"}
    assert_hidden(personal.notice)
    assert_hidden(saved(parts(personal)))


def test_nothing_that_is_filled_in_is_logged(personal, caplog):
    with caplog.at_level(logging.DEBUG):
        checked(personal)

    assert_hidden(caplog.text)


def test_papers_and_form_show_and_pickle_without_values(personal):
    checked(personal)

    assert_hidden(repr(personal.papers))
    assert_hidden(pickle.dumps(personal._sheet).decode("latin-1"))
    for one in (personal, parts(personal)):
        with pytest.raises(pickle.PicklingError) as caught:
            pickle.dumps(one)
        assert_hidden(str(caught.value))


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("fill", {"frstName": SECRETS[0]}, "no place for frstName"),
        ("fill", {"country": SECRETS[0]}, "country can be NA only"),
        ("fill", SECRETS[0], "Data is a mapping"),
        ("attach", ("Passport", SECRETS[3].encode()), "no document"),
    ],
)
def test_errors_quote_no_value(personal, name, given, message):
    arguments = given if isinstance(given, tuple) else (given,)

    with pytest.raises(InvalidInputError, match=message) as caught:
        getattr(personal, name)(*arguments)

    assert_hidden(everything_shown(caught.value))


def test_a_closed_form_has_forgotten_everything(client):
    form = OrderForm(client, "NA", "MOBILE").wait(PATIENCE)
    form.fill({"firstName": SECRETS[0]})
    inner, all_of_it = parts(form), widgets_of(form)
    before = set(widget._instances)

    form.close()
    form.close()

    assert form.papers is None
    assert form.requirements is None
    assert not any(inner.values.values())
    assert not [one for one in all_of_it if one.comm is not None]
    assert set(widget._instances) < before
    with pytest.raises(InvalidInputError, match="the form was closed"):
        form.fill({"firstName": "x"})


def test_a_closed_form_is_freed(client):
    form = OrderForm(client, "DE", "MOBILE").wait(PATIENCE)
    gone = weakref.ref(form._sheet)
    form.close()
    del form
    gc.collect()

    assert gone() is None
