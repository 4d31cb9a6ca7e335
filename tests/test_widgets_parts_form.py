"""A form: values both ways, errors where they belong, nothing that was entered in a saved notebook."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("anywidget")

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.parts.form import Form, UploadedFile
from widget_views import View, saved

FIELDS = [
    {"name": "regions", "kind": "choices", "options": ["SE", "US", "GB"], "required": True},
    {"name": "type", "kind": "choice", "options": ["LOCAL", "MOBILE"]},
    {"name": "pattern", "label": "Pattern"},
    {"name": "size", "kind": "number", "min": 1, "max": 100, "step": 1},
    {"name": "head", "kind": "heading", "label": "Papers"},
    {"name": "passport", "kind": "file", "max": 100},
    {"name": "pages", "kind": "file", "many": True},
    {"name": "key", "secret": True},
]


def form_and_view() -> tuple[Form, View, list[tuple[str, Any]]]:
    form = Form(FIELDS, label="Search")
    changed: list[tuple[str, Any]] = []
    form.on_change(lambda name, value: changed.append((name, value)))
    return form, View(form), changed


# -- values -----------------------------------------------------------------------------------------------------


def test_form_begins_empty():
    form, _, _ = form_and_view()

    assert form.values == {
        "regions": [],
        "type": "",
        "pattern": "",
        "size": None,
        "passport": [],
        "pages": [],
        "key": "",
    }


def test_what_a_person_enters_is_there_and_told():
    form, view, changed = form_and_view()

    view.enter("pattern", "+1307")
    view.enter("regions", ["US", "SE"])
    view.enter("size", "25")

    assert changed == [("pattern", "+1307"), ("regions", ["US", "SE"]), ("size", 25)]
    assert (form.values["pattern"], form.values["regions"], form.values["size"]) == (
        "+1307",
        ["US", "SE"],
        25,
    )


def test_what_a_program_enters_is_shown_and_told_where_it_differs():
    form, view, changed = form_and_view()
    form.set_values(pattern="+46")

    form.set_values(pattern="+46", size=25, regions=("SE",))

    assert changed == [("pattern", "+46"), ("size", 25), ("regions", ["SE"])]
    assert view.last("values")["values"] == {"size": "25", "regions": ["SE"]}


def test_none_empties_a_field():
    form, _, _ = form_and_view()
    form.set_values(size=25, pattern="1", regions=["SE"])

    form.set_values(size=None, pattern=None, regions=None)

    assert (form.values["size"], form.values["pattern"], form.values["regions"]) == (None, "", [])


def test_nothing_is_entered_when_one_value_is_wrong():
    form, _, changed = form_and_view()

    with pytest.raises(InvalidInputError, match="does not offer 'NO'"):
        form.set_values(pattern="+1", regions=["NO"])
    with pytest.raises(InvalidInputError, match="The form 'Search' has no field head; it has regions, type"):
        form.set_values(pattern="+1", head="x")

    assert changed == []
    assert form.values["pattern"] == ""


def test_values_are_copies():
    form, _, _ = form_and_view()
    form.set_values(regions=["SE"])

    form.values["regions"].append("US")

    assert form.values["regions"] == ["SE"]


def test_view_that_comes_later_is_shown_what_was_entered():
    form, view, _ = form_and_view()
    view.enter("pattern", "+1307")
    view.enter("size", "1,0")
    form.change_field("type", error="Choose one.")
    later = View(form, name="view-2")

    later.say(kind="hello", view="view-2")

    shown = later.last("values")["values"]
    assert (shown["pattern"], shown["size"], shown["passport"]) == ("+1307", "1,0", [])
    assert later.last("errors")["errors"]["type"] == "Choose one."


def test_views_are_told_up_to_which_edit_the_kernel_knows():
    """A view takes no value that is older than what was typed in it since."""
    _, view, _ = form_and_view()
    other = View(view.part, name="view-2")

    view.enter("pattern", "1")
    other.enter("pattern", "12")
    view.enter("pattern", "123")

    assert view.last("values") == {
        "kind": "values",
        "values": {"pattern": "123"},
        "seen": {"view-1": 2, "view-2": 1},
    }


def test_what_is_not_offered_is_not_taken_and_the_view_learns_it():
    form, view, changed = form_and_view()

    view.enter("type", "PREMIUM")
    view.enter("regions", ["SE", "NO"])

    assert changed == [("regions", ["SE"])]
    assert form.values["type"] == ""
    assert view.last("values")["values"] == {"regions": ["SE"]}


def test_listener_that_changes_the_field_again_has_the_last_word():
    form = Form([{"name": "pattern"}], label="x")
    seen: list[str] = []
    form.on_change(lambda name, value: form.set_values(pattern=value.strip()))
    form.on_change(lambda name, value: seen.append(value))
    view = View(form)

    view.enter("pattern", " 1 ")

    assert form.values["pattern"] == "1"
    assert view.last("values")["values"] == {"pattern": "1"}
    assert seen == ["1"]


def test_fault_of_a_listener_is_told_and_the_value_stays():
    form, view, _ = form_and_view()
    faults: list[str] = []
    form.on_fault(lambda fault: faults.append(str(fault)))
    form.on_change(lambda name, value: {}[name])

    view.enter("pattern", "1")

    assert faults == ["'pattern'"]
    assert form.values["pattern"] == "1"


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "value", "name": "gone", "value": "x"},
        {"kind": "value", "name": "head", "value": "x"},
        {"kind": "value", "name": "passport", "value": ["x"]},
        {"kind": "value", "name": "pattern", "value": {"x": 1}},
        {"kind": "value", "name": "regions", "value": "SE"},
        {"kind": "file", "name": "passport", "upload": "1", "piece": 0},
        {"kind": "remove", "name": "passport", "place": 3},
        {"kind": "remove", "name": "regions", "place": 0},
        {"kind": "give up", "name": "passport", "upload": "9"},
        {"kind": "nothing"},
    ],
)
def test_strange_messages_change_nothing(message):
    form, view, changed = form_and_view()
    before = form.values

    view.say(**message)

    assert changed == []
    assert form.values == before


def test_enter_is_told_after_its_value():
    form, view, changed = form_and_view()
    form.on_submit(lambda: changed.append(("submitted", form.values["pattern"])))

    view.enter("pattern", "+1307")
    view.say(kind="submit", view="view-1")

    assert changed == [("pattern", "+1307"), ("submitted", "+1307")]


def test_form_that_is_disabled_can_not_be_submitted_but_loses_nothing():
    form, view, changed = form_and_view()
    form.on_submit(lambda: changed.append(("submitted", "")))
    form.disabled = True

    view.enter("pattern", "+1307")
    view.say(kind="submit", view="view-1")

    assert changed == [("pattern", "+1307")]


# -- what is saved ----------------------------------------------------------------------------------------------


def test_nothing_that_was_entered_or_is_wrong_with_it_is_in_the_state_that_is_saved():
    form, view, _ = form_and_view()
    view.enter("pattern", "Anna Svensson")
    view.enter("key", "hunter2")
    view.enter("size", "4711")
    view.upload("passport", "anna.pdf", b"born 1990")
    form.show_errors({"pattern": "'Anna Svensson' is no pattern."})

    kept = saved(form)

    for told in ("Anna", "hunter2", "4711", "anna.pdf", "born"):
        assert told not in kept


def test_secret_is_sent_back_to_no_view():
    form, view, _ = form_and_view()

    view.enter("key", "hunter2")
    form.set_values(key="hunter3")
    view.say(kind="hello", view="view-1")

    assert form.values["key"] == "hunter3"
    assert view.last("values")["values"]["key"] == {"kept": True}
    assert "hunter" not in str(view.heard)


def test_closing_forgets_all():
    form, view, changed = form_and_view()
    view.enter("pattern", "Anna")
    view.upload("passport", "a.pdf", b"x")
    changed.clear()

    form.close()
    form.close()

    assert form.values["pattern"] == ""
    assert form.values["passport"] == []
    assert changed == []


# -- structure --------------------------------------------------------------------------------------------------


def test_new_options_give_up_what_they_do_not_offer():
    form, view, changed = form_and_view()
    form.set_values(regions=["SE", "US"], type="MOBILE")
    changed.clear()

    form.change_field("regions", options=["US", "GB"])
    form.change_field("type", options=["LOCAL"])

    assert changed == [("regions", ["US"]), ("type", "")]
    assert view.last("values")["values"] == {"type": ""}


def test_options_that_come_later_keep_what_they_offer():
    form = Form([{"name": "plan", "kind": "choice"}], label="x")
    form.set_values(plan="p1")

    form.change_field("plan", options=["p0", "p1"])

    assert form.values == {"plan": "p1"}


def test_field_changes_without_touching_values():
    form, view, changed = form_and_view()
    view.enter("pattern", "1")
    changed.clear()
    view.heard.clear()

    form.change_field("pattern", help="Digits.", disabled=True, hidden=True, required=True, placeholder="x")

    assert form.fields[2]["help"] == "Digits."
    assert changed == []
    assert [one for one in view.heard if one.get("kind") == "values"] == []


@pytest.mark.parametrize("changes", [{"kind": "number"}, {"colour": "red"}])
def test_wrong_changes_are_refused(changes):
    form, _, _ = form_and_view()

    with pytest.raises(InvalidInputError, match="A field has no"):
        form.change_field("pattern", **changes)
    with pytest.raises(InvalidInputError, match="no field 'gone'; there is regions, type"):
        form.change_field("gone", help="x")


def test_other_fields_keep_what_was_entered_under_the_same_name_and_kind():
    form, view, _ = form_and_view()
    view.enter("pattern", "+1")
    view.enter("regions", ["SE", "US"])
    view.enter("size", "5")

    form.show_fields(
        [
            {"name": "regions", "kind": "choices", "options": ["SE"]},
            {"name": "pattern"},
            {"name": "size", "kind": "text", "error": "Write a size."},
        ]
    )

    assert form.values == {"regions": ["SE"], "pattern": "+1", "size": ""}
    assert form.errors == {"size": "Write a size."}
    assert view.last("values")["values"] == {"regions": ["SE"], "pattern": "+1", "size": ""}


# -- errors -----------------------------------------------------------------------------------------------------


def test_errors_replace_former_ones_and_the_first_field_gets_the_focus():
    form, view, _ = form_and_view()
    view.enter("size", "5")
    form.show_errors({"regions": "Choose."})

    form.show_errors({"size": "Too few.", "pattern": "No pattern.", "type": ""})

    assert form.errors == {"size": "Too few.", "pattern": "No pattern."}
    assert view.last("errors") == {
        "kind": "errors",
        "errors": {"size": "Too few.", "pattern": "No pattern."},
        "focus": "pattern",
        "view": "view-1",
    }


def test_error_of_a_hidden_field_does_not_take_the_focus():
    form, view, _ = form_and_view()
    form.change_field("regions", hidden=True)

    form.show_errors({"regions": "Choose.", "size": "Too few."})

    assert view.last("errors")["focus"] == "size"


def test_error_goes_when_the_value_changes_and_stays_when_it_does_not():
    form, view, _ = form_and_view()
    view.enter("pattern", "x")
    form.show_errors({"pattern": "No pattern.", "type": "Choose."})

    view.enter("pattern", "x")
    assert form.errors == {"pattern": "No pattern.", "type": "Choose."}

    view.enter("pattern", "1")
    assert form.errors == {"type": "Choose."}


def test_number_that_is_none_is_told_when_the_person_leaves_the_field_and_kept_as_typed():
    form, view, _ = form_and_view()

    view.enter("size", "2x", settled=False)
    assert form.errors == {}
    view.enter("size", "2x")

    assert form.values["size"] is None
    assert form.errors == {"size": "Write a whole number from 1 to 100."}
    assert view.last("values")["values"] == {"size": "2x"}

    view.enter("size", "25", settled=False)
    assert (form.values["size"], form.errors) == (25, {})


def test_empty_number_is_no_fault_unless_it_is_required():
    form, view, _ = form_and_view()
    view.enter("size", "5")

    view.enter("size", "")

    assert form.errors == {}
    assert "size" not in form.problems()
    form.change_field("size", required=True)
    assert form.problems()["size"] == "This is required."


def test_check_shows_what_is_missing_and_says_whether_all_is_well():
    form, view, _ = form_and_view()
    view.enter("size", "500", settled=False)

    assert not form.check()
    assert form.errors == {"regions": "Choose at least one.", "size": "Write a whole number from 1 to 100."}

    form.set_values(regions=["SE"], size=5)
    assert form.check()
    assert form.errors == {}


def test_hidden_fields_are_not_checked():
    form, _, _ = form_and_view()

    form.change_field("regions", hidden=True)

    assert form.problems() == {}


def test_error_for_a_field_that_does_not_exist_is_refused():
    form, _, _ = form_and_view()

    with pytest.raises(InvalidInputError, match="no field 'gone'"):
        form.show_errors({"gone": "x"})


# -- files ------------------------------------------------------------------------------------------------------


def test_file_comes_in_pieces_and_is_described_without_its_content():
    _, view, changed = form_and_view()

    view.upload("passport", "a.pdf", b"abc", b"de")

    whole = UploadedFile("a.pdf", "application/pdf", b"abcde")
    assert changed == [("passport", [whole])]
    assert view.last("arrived") == {"kind": "arrived", "name": "passport", "upload": "1"}
    assert view.last("values")["values"] == {
        "passport": [{"name": "a.pdf", "media_type": "application/pdf", "size": 5}]
    }


def test_file_takes_the_place_of_the_former_one_unless_several_are_taken():
    form, view, _ = form_and_view()

    for name in ("a.pdf", "b.pdf"):
        view.upload("passport", name, b"x")
        view.upload("pages", name, b"x")

    assert [one.name for one in form.values["passport"]] == ["b.pdf"]
    assert [one.name for one in form.values["pages"]] == ["a.pdf", "b.pdf"]


def test_same_file_again_is_there_once():
    form, view, _ = form_and_view()

    view.upload("pages", "a.pdf", b"old")
    view.upload("pages", "a.pdf", b"new")

    assert [one.content for one in form.values["pages"]] == [b"new"]


def test_file_can_be_removed():
    form, view, _ = form_and_view()
    view.upload("pages", "a.pdf", b"x")
    view.upload("pages", "b.pdf", b"x")

    view.say(kind="remove", name="pages", place=0, view="view-1", edit=9)

    assert [one.name for one in form.values["pages"]] == ["b.pdf"]


def test_file_that_is_too_large_is_told_at_once_and_the_error_goes_with_it():
    form, view, _ = form_and_view()

    view.upload("passport", "a.pdf", b"x" * 101)
    assert form.errors == {"passport": "a.pdf is larger than 100 bytes, the most that can be taken."}

    view.say(kind="remove", name="passport", place=0, view="view-1", edit=9)
    assert form.errors == {}


def announce(view: View, name: str, file: str, key: str, size: int = 10) -> None:
    view.say(kind="file", name=name, upload=key, file={"name": file, "size": size}, view=view.name, edit=1)


def piece(view: View, name: str, key: str, content: bytes) -> None:
    view.say(kind="file", name=name, upload=key, piece=0, view=view.name, edit=1, buffers=[content])


def test_form_is_not_ready_while_a_file_is_on_its_way():
    form, view, _ = form_and_view()
    form.set_values(regions=["SE"])

    announce(view, "passport", "a.pdf", "1")

    assert form.problems() == {"passport": "a.pdf is still being read. Wait a moment, or choose it again."}
    piece(view, "passport", "1", b"x" * 10)
    assert form.problems() == {}


def test_file_chosen_in_place_of_one_on_its_way_is_the_one_that_counts():
    form, view, _ = form_and_view()
    announce(view, "passport", "large.pdf", "1")
    announce(view, "passport", "small.pdf", "2", size=1)

    piece(view, "passport", "2", b"s")
    piece(view, "passport", "1", b"l" * 10)

    assert [one.name for one in form.values["passport"]] == ["small.pdf"]


def test_file_that_a_view_could_not_read_is_no_longer_waited_for():
    form, view, _ = form_and_view()
    form.set_values(regions=["SE"])
    announce(view, "passport", "a.pdf", "1")

    view.say(kind="give up", name="passport", upload="1", view="view-1", edit=2)

    assert form.problems() == {}


def test_files_of_a_page_that_was_left_are_not_waited_for_when_they_come_from_another():
    form, view, _ = form_and_view()
    form.set_values(regions=["SE"])
    announce(view, "pages", "a.pdf", "1")
    later = View(form, name="view-2")

    later.upload("pages", "b.pdf", b"x")

    assert form.problems() == {}


def test_program_can_hand_over_files_too():
    form, view, changed = form_and_view()
    paper = UploadedFile("a.pdf", "application/pdf", b"x")

    form.set_values(passport=[paper])

    assert changed == [("passport", [paper])]
    assert view.last("values")["values"]["passport"][0]["name"] == "a.pdf"
