"""Values as text for people: grouped, complete, and never an error."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext

import pandas as pd
import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers_toolkit import formatting, vocabulary
from numbers_toolkit.regions import REGION_NAMES
from numbers_toolkit.sandbox.catalogue import REGION_NAMES as NAMES_OF_THE_API
from numbers_toolkit.tables import OUTCOMES

MISSING = (None, float("nan"), pd.NA, pd.NaT, Decimal("NaN"), "")
FUNCTIONS = (
    formatting.phone_text,
    formatting.money_text,
    formatting.time_text,
    formatting.date_text,
    formatting.state_text,
    formatting.region_name,
    formatting.region_text,
)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("value", MISSING, ids=repr)
def test_missing_value_is_empty_text(function, value) -> None:
    assert function(value) == ""


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@given(value=st.one_of(st.text(), st.integers(), st.floats(), st.decimals(), st.datetimes(), st.booleans()))
def test_nothing_raises_and_all_is_one_line_without_control_characters(function, value) -> None:
    text = function(value)
    assert isinstance(text, str)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_formatting_loads_nothing_heavy() -> None:
    code = (
        "import sys; from numbers_toolkit import formatting; formatting.money_text(1, 'USD')\n"
        "print([name for name in ('pandas', 'pyarrow', 'phonenumbers', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- phone numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+13075550142", "+1 307 555 0142"),
        ("+18005550142", "+1 800 555 0142"),
        ("+46701740605", "+46 70 174 06 05"),
        ("+442079460123", "+44 20 7946 0123"),
        ("+33199001234", "+33 1 99 00 12 34"),
        ("+61491570156", "+61 491 570 156"),
        ("+353209150041", "+353 20 915 0041"),
    ],
)
def test_phone_number_is_grouped_as_its_country_writes_it(number, shown) -> None:
    assert formatting.phone_text(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        # A zero would be read as a prefix, and dropped.
        ("+4402079460123", "+44 020 794 601 23"),
        ("+2640020000041", "+264 002 000 0041"),
        ("+999123456", "+999 123 456"),  # no country
        ("+12", "+12"),
        ("+1", "+1"),
        ("+123456789012345", "+1 234 567 890 123 45"),
        ("13075550142", "13075550142"),
        ("+1 307 555 0142", "+1 307 555 0142"),
        ("tel:+1307", "tel:+1307"),
        (13075550142, "13075550142"),
        ("+13075550142\n", "+13075550142\ufffd"),
    ],
)
def test_number_of_no_known_plan_is_shown_all_the_same(number, shown) -> None:
    assert formatting.phone_text(number) == shown


@given(st.from_regex(r"\+[1-9][0-9]{0,14}", fullmatch=True))
def test_no_digit_of_a_number_is_lost_or_added(number) -> None:
    shown = formatting.phone_text(number)
    assert shown.replace(" ", "") == number
    assert "  " not in shown
    assert shown == shown.strip()


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_example_number_of_every_region_is_grouped_after_its_calling_code(region) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert formatting.phone_text(text).split(" ")[0] == f"+{number.country_code}"


# -- money ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (Decimal("0.6"), "USD", "0.60 USD"),
        (Decimal("1234567.891"), "EUR", "1,234,567.891 EUR"),
        (Decimal("-3.5"), "SEK", "-3.50 SEK"),
        (Decimal("0.000001"), "USD", "0.000001 USD"),
        (Decimal("12345678901234567890.123456"), "USD", "12,345,678,901,234,567,890.123456 USD"),
        ("0.10", "USD", "0.10 USD"),
        (2, "USD", "2.00 USD"),
        (Decimal("0.60"), None, "0.60"),
        (Decimal("0.60"), float("nan"), "0.60"),
        ("much", "USD", "much USD"),
        (Decimal("Infinity"), "USD", "Infinity USD"),
    ],
)
def test_amount_has_all_its_digits_and_its_currency(amount, currency, shown) -> None:
    assert formatting.money_text(amount, currency) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_amount_is_never_rounded(amount) -> None:
    shown = formatting.money_text(amount, "USD").removesuffix(" USD")
    assert Decimal(shown.replace(",", "")) == amount


def test_amount_is_shown_the_same_whatever_precision_the_caller_set() -> None:
    with localcontext(prec=2):
        assert formatting.money_text(Decimal("1234.56"), "USD") == "1,234.56 USD"


# -- times ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "time", "day"),
    [
        (datetime(2026, 3, 2, 9, 15, 59, tzinfo=UTC), "2026-03-02 09:15 UTC", "2026-03-02"),
        (datetime(2026, 3, 2, 1, tzinfo=timezone(timedelta(hours=2))), "2026-03-01 23:00 UTC", "2026-03-01"),
        (datetime(2026, 3, 2, 9, 15), "2026-03-02 09:15", "2026-03-02"),  # noqa: DTZ001 - no zone is the point
        (date(2026, 3, 2), "2026-03-02", "2026-03-02"),
        (pd.Timestamp("2026-03-02T09:15:00.123456Z"), "2026-03-02 09:15 UTC", "2026-03-02"),
        ("2026-03-02T09:15:00.123456Z", "2026-03-02 09:15 UTC", "2026-03-02"),
        ("2026-03-02", "2026-03-02", "2026-03-02"),
        ("2026-13-45", "2026-13-45", "2026-13-45"),
        ("tomorrow", "tomorrow", "tomorrow"),
        (20260302, "20260302", "20260302"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00", "0001-01-01"),
    ],
)
def test_time_is_told_in_utc_or_left_as_it_is(value, time, day) -> None:
    assert formatting.time_text(value) == time
    assert formatting.date_text(value) == day


# -- states -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state",
    [
        *vocabulary.PROVISIONING_STATES,
        *vocabulary.EVENT_STATUSES,
        *(one for one in OUTCOMES if one != "unknown"),
    ],
)
def test_known_state_has_a_mark(state) -> None:
    mark, tone = formatting.state_mark(state)
    assert len(mark) == 1
    assert mark != "?"
    assert tone in ("plain", "good", "warn", "bad", "info")


def test_states_are_told_apart_without_colour() -> None:
    marks = {}
    for state in vocabulary.PROVISIONING_STATES:
        marks.setdefault(formatting.state_mark(state)[0], []).append(state)
    assert all(len(states) == 1 for states in marks.values())


@pytest.mark.parametrize("state", ["PROVISIONING_STATUS_UNSPECIFIED", "unknown", "<b>", 17])
def test_state_that_is_not_known_asks_for_a_look(state) -> None:
    assert formatting.state_mark(state) == ("?", "warn")


def test_missing_state_is_nothing() -> None:
    assert formatting.state_mark(None) == ("–", "plain")


def test_state_in_words() -> None:
    assert formatting.state_text("IN_PROGRESS") == "in progress"
    assert formatting.state_text("not tried") == "not tried"
    assert formatting.state_text("NEW_STATE") == "NEW_STATE"


# -- regions ----------------------------------------------------------------------------------------------------


def test_every_region_with_a_numbering_plan_has_a_name() -> None:
    assert set(phonenumbers.SUPPORTED_REGIONS) <= set(REGION_NAMES)


def test_region_names_are_told_apart_and_ready_to_show() -> None:
    assert len(set(REGION_NAMES.values())) == len(REGION_NAMES)
    assert all(re.fullmatch(r"[A-Z]{2}", code) for code in REGION_NAMES)
    assert all(name == name.strip() and name[0].isupper() for name in REGION_NAMES.values())
    assert list(REGION_NAMES) == sorted(REGION_NAMES)


def test_names_of_the_sandbox_and_of_the_package_agree() -> None:
    assert {code: REGION_NAMES[code] for code in NAMES_OF_THE_API} == dict(NAMES_OF_THE_API)


def test_namibia_is_a_region_and_no_missing_value() -> None:
    assert formatting.region_text("NA") == "Namibia (NA)"


@pytest.mark.parametrize(("code", "shown"), [("se", "Sweden (se)"), ("ZZ", "ZZ"), ("<b>", "<b>"), (7, "7")])
def test_region_that_is_not_known_is_its_code(code, shown) -> None:
    assert formatting.region_text(code) == shown
