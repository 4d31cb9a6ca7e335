"""Names by template: columns and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from numbers_toolkit.activation.naming import NameTemplate, name_fault, names_by_number, national
from numbers_toolkit.errors import InvalidInputError

COLUMNS = ["phone_number", "display_name", "region_code", "team", "my column"]
ROW = {
    "phone_number": "+13075550142",
    "display_name": "Old",
    "region_code": "US",
    "team": "Sales",
    "my column": "x",
}


def filled(text, position=7, **row):
    return NameTemplate(text, COLUMNS).fill({**ROW, **row}, position)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Desk {row}", "Desk 7"),
        ("Desk {row:03d}", "Desk 007"),
        ("Desk {row:3}", "Desk   7"),
        ("{region_code} {national}", "US 3075550142"),
        ("{phone_number}", "+13075550142"),
        ("{display_name} ({team})", "Old (Sales)"),
        ("{my column}", "x"),
        ("{{row}} {row}", "{row} 7"),
        ("  plain  ", "plain"),
        ("", ""),
    ],
)
def test_fields_stand_for_columns(text, name):
    assert filled(text) == name


def test_a_number_without_a_name_gives_an_empty_one():
    assert filled("{display_name} (sales)", display_name=None) == "(sales)"
    assert NameTemplate("{display_name}{team}", COLUMNS).missing({**ROW, "display_name": None}) == []


def test_other_values_must_be_there():
    template = NameTemplate("{team} {region_code} {row} {national}", COLUMNS)
    assert template.missing({**ROW, "team": None, "region_code": None}) == ["team", "region_code"]


def test_values_are_never_read_as_templates():
    assert filled("{team}", team="{phone_number.__class__}") == "{phone_number.__class__}"


@pytest.mark.parametrize(
    "text",
    [
        "{phone_number.__class__}",
        "{team[0]}",
        "{row.__init__.__globals__}",
        "{}",
        "{0}",
        "{teams}",
        "{ team }",
        "{Row}",
    ],
)
def test_what_is_no_column_is_refused_with_those_that_are(text):
    with pytest.raises(
        InvalidInputError, match=r"does not exist; there are row, national, phone_number, .*team"
    ) as caught:
        NameTemplate(text, COLUMNS)
    assert str(caught.value).startswith(f"display_name {text!r} names the field")


@pytest.mark.parametrize(
    "text", ["{row:999999999d}", "{row:x}", "{row!r}", "{team:>10}", "{team!s}", "{row:{team}}"]
)
def test_other_formats_are_refused(text):
    with pytest.raises(InvalidInputError, match=r"only \{row\} can be formatted"):
        NameTemplate(text, COLUMNS)


@pytest.mark.parametrize("text", ["{", "}", "Desk {row", "{row}}", "{row:{}"])
def test_braces_that_do_not_match_are_refused(text):
    with pytest.raises(InvalidInputError, match="is no template"):
        NameTemplate(text, COLUMNS)


@pytest.mark.parametrize(
    ("number", "rest"),
    [
        ("+13075550142", "3075550142"),
        ("+79161234567", "9161234567"),
        ("+46701740605", "701740605"),
        ("+442079460123", "2079460123"),
        ("+35845738120", "45738120"),
        ("+5511912345678", "11912345678"),
        ("+85291234567", "91234567"),
        ("+8613912345678", "13912345678"),
        ("+97145551234", "45551234"),
    ],
)
def test_the_national_number_has_no_country_calling_code(number, rest):
    assert national(number) == rest


def test_names_can_be_given_by_number():
    given = {"+1 307 555 0142": "One", "+13075550143": None}
    assert names_by_number(given) == {"+13075550142": "One", "+13075550143": None}
    series = pd.Series(["One", None], index=["+13075550142", "+13075550143"])
    assert names_by_number(series) == {"+13075550142": "One", "+13075550143": None}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"3075550142": "x"}, "no plus sign"),
        ({0: "x"}, "int, not text"),
        ({"+13075550142": "x", "+1 3075550142": "y"}, "twice"),
        ({"+13075550142": 5}, "is int, not text"),
    ],
)
def test_names_that_cannot_be_are_refused(given, reason):
    with pytest.raises(InvalidInputError, match=reason):
        names_by_number(given)


@pytest.mark.parametrize("name", ["two\nlines", "bell\x07", "tab\t", "line\u2028", "half \ud800", "\x00"])
def test_control_characters_are_a_fault(name):
    assert "control character" in name_fault(name)


@pytest.mark.parametrize("name", ["", "Zoë's Büro", "営業 1", "☎ desk", "=1+1"])
def test_names_in_any_script_are_fine(name):
    assert name_fault(name) == ""
