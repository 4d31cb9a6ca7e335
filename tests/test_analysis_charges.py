"""The calendar of charges."""

from __future__ import annotations

import calendar
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import active_frame
from numbers_toolkit import analysis, files, tables
from numbers_toolkit.errors import ColumnError, IncompleteDataWarning, InvalidInputError


def expected(*rows):
    raw = pd.DataFrame(list(rows), columns=list(tables.RENEWALS.names), dtype=object)
    return files.restore(raw, tables.RENEWALS)


def charge_dates(row, as_of, months):
    listed = analysis.upcoming_charges(active_frame(row), as_of=as_of, months=months)
    return [one.strftime("%Y-%m-%d") for one in listed["charge_date"]]


def test_renewals_show_every_month_for_every_currency():
    active = active_frame(
        {"price": "0.60", "next_charge_date": "2026-03-10T09:00:00Z"},
        {"price": "0.10", "next_charge_date": "2026-03-20T09:00:00Z"},
        {
            "price": "9.00",
            "currency_code": "EUR",
            "payment_interval_months": 3,
            "next_charge_date": "2026-04-01T00:00:00Z",
        },
    )

    result = analysis.renewals_by_month(active, as_of="2026-03-01", months=5)

    wanted = expected(
        ["2026-03-01", "EUR", 0, "0"],
        ["2026-03-01", "USD", 2, "0.70"],
        ["2026-04-01", "EUR", 1, "9"],
        ["2026-04-01", "USD", 2, "0.70"],
        ["2026-05-01", "EUR", 0, "0"],
        ["2026-05-01", "USD", 2, "0.70"],
        ["2026-06-01", "EUR", 0, "0"],
        ["2026-06-01", "USD", 2, "0.70"],
        ["2026-07-01", "EUR", 1, "9"],
        ["2026-07-01", "USD", 2, "0.70"],
    )
    pd.testing.assert_frame_equal(result, wanted)


@pytest.mark.parametrize(
    ("interval", "charged"),
    [
        (1, [1] * 13),
        (2, [1, 0] * 6 + [1]),
        (3, [1, 0, 0] * 4 + [1]),
        (6, [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]),
        (12, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        (24, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_renewals_come_at_every_interval(interval, charged):
    active = active_frame({"payment_interval_months": interval, "next_charge_date": "2026-01-15T00:00:00Z"})

    result = analysis.renewals_by_month(active, as_of="2026-01-01", months=13)

    assert result["charges"].to_list() == charged


def test_charges_at_the_end_of_a_month_do_not_drift():
    row = {"next_charge_date": "2026-01-31T09:00:00Z"}

    assert charge_dates(row, "2026-01-01", 5) == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]
    assert charge_dates(row, "2028-02-01", 2) == ["2028-02-29", "2028-03-31"]


def test_charges_keep_their_time_of_day():
    active = active_frame({"next_charge_date": "2026-01-31T23:59:59.999999Z"})

    listed = analysis.upcoming_charges(active, as_of="2026-02-01", months=1)

    assert listed["charge_date"].to_list() == [pd.Timestamp("2026-02-28T23:59:59.999999Z")]


@pytest.mark.parametrize(
    ("expire_at", "dates"),
    [
        ("2026-03-10T00:00:00Z", ["2026-01-10", "2026-02-10"]),
        ("2026-03-10T00:00:01Z", ["2026-01-10", "2026-02-10", "2026-03-10"]),
        ("2026-03-09T00:00:00Z", ["2026-01-10", "2026-02-10"]),
        ("2026-01-10T00:00:00Z", []),
        ("2025-06-01T00:00:00Z", []),
        ("2030-01-01T00:00:00Z", ["2026-01-10", "2026-02-10", "2026-03-10", "2026-04-10"]),
    ],
)
def test_charges_at_or_after_the_end_of_the_rental_do_not_happen(expire_at, dates):
    row = {"next_charge_date": "2026-01-10T00:00:00Z", "expire_at": expire_at}

    assert charge_dates(row, "2026-01-01", 4) == dates


@pytest.mark.parametrize(
    ("interval", "as_of", "dates"),
    [
        (1, "2026-03-10T00:00:00Z", ["2026-03-10", "2026-04-10"]),
        (1, "2026-03-10T00:00:01Z", ["2026-04-10"]),
        (3, "2026-03-01T00:00:00Z", ["2026-04-10"]),
        (12, "2026-03-01T00:00:00Z", []),
    ],
)
def test_charges_carry_a_date_in_the_past_forward_by_whole_intervals(interval, as_of, dates):
    row = {"next_charge_date": "2025-10-10T00:00:00Z", "payment_interval_months": interval}

    assert charge_dates(row, as_of, 2) == dates


def test_renewals_begin_where_the_frame_was_fetched_unless_told_otherwise():
    active = active_frame({"next_charge_date": "2026-03-10T00:00:00Z"})
    active.attrs["fetched_at"] = "2026-03-05T12:00:00+00:00"

    fetched = analysis.renewals_by_month(active, months=1)
    told = analysis.renewals_by_month(active, as_of=datetime(2026, 7, 1), months=1)  # noqa: DTZ001 - naive on purpose
    zoned = analysis.renewals_by_month(active, as_of="2026-07-01T00:30:00+02:00", months=1)

    assert fetched["month"].to_list() == [pd.Timestamp("2026-03-01", tz="UTC")]
    assert told["month"].to_list() == [pd.Timestamp("2026-07-01", tz="UTC")]
    assert zoned["month"].to_list() == [pd.Timestamp("2026-06-01", tz="UTC")]


def test_renewals_begin_now_when_nothing_says_otherwise():
    before = datetime.now(UTC)

    month = analysis.renewals_by_month(active_frame({}), months=1)["month"].iloc[0]

    assert (month.year, month.month) in {(one.year, one.month) for one in (before, datetime.now(UTC))}


@pytest.mark.parametrize(
    "unknown",
    [
        {"price": None},
        {"currency_code": None},
        {"payment_interval_months": None},
        {"payment_interval_months": 0},
        {"next_charge_date": None},
    ],
)
def test_renewals_report_numbers_they_cannot_place(unknown):
    active = active_frame({"price": "1.00", "next_charge_date": "2026-03-10T00:00:00Z"}, unknown)

    with pytest.warns(IncompleteDataWarning, match="next charge date: 1") as warned:
        result = analysis.renewals_by_month(active, as_of="2026-03-01", months=1)

    assert warned[0].filename == __file__
    pd.testing.assert_frame_equal(result, expected(["2026-03-01", "USD", 1, "1.00"]))


def test_renewals_do_not_report_released_numbers_without_a_next_charge():
    active = active_frame({"next_charge_date": None, "expire_at": "2026-04-01T00:00:00Z"})

    assert len(analysis.renewals_by_month(active, as_of="2026-03-01")) == 0


@pytest.mark.parametrize("months", [0, -1, 1.5, "3", True, 1201])
def test_renewals_refuse_a_calendar_without_length(months):
    with pytest.raises(InvalidInputError, match="months is"):
        analysis.renewals_by_month(active_frame({}), months=months)
    with pytest.raises(InvalidInputError, match="months is"):
        analysis.upcoming_charges(active_frame({}), months=months)


@pytest.mark.parametrize("as_of", ["tomorrow-ish", pd.NaT, object()])
def test_renewals_refuse_what_is_no_point_in_time(as_of):
    with pytest.raises(InvalidInputError, match="as_of"):
        analysis.renewals_by_month(active_frame({}), as_of=as_of)


def test_renewals_of_nothing_have_every_column_and_dtype():
    pd.testing.assert_frame_equal(analysis.renewals_by_month(active_frame()), tables.RENEWALS.empty())
    pd.testing.assert_frame_equal(analysis.upcoming_charges(active_frame()), tables.UPCOMING_CHARGES.empty())


def test_renewals_name_all_missing_columns():
    with pytest.raises(ColumnError, match="price, currency_code, payment_interval_months, next_charge_date"):
        analysis.renewals_by_month(active_frame({})[["phone_number"]])


def test_renewals_are_never_summed_from_binary_fractions():
    active = active_frame({"next_charge_date": "2026-03-10T09:00:00Z"}).assign(price=[0.1])
    with pytest.raises(ColumnError, match="price is float64, not decimal128"):
        analysis.renewals_by_month(active, as_of="2026-03-01")


def test_upcoming_charges_list_each_charge_in_order():
    active = active_frame(
        {"price": "0.60", "next_charge_date": "2026-03-20T00:00:00Z", "display_name": "Desk"},
        {
            "price": "2.00",
            "next_charge_date": "2026-03-10T00:00:00Z",
            "region_code": "NA",
            "currency_code": "EUR",
        },
    )

    result = analysis.upcoming_charges(active, as_of="2026-03-15", months=2)

    raw = pd.DataFrame(
        [
            ["2026-03-20", "+13075550100", "Desk", "US", "LOCAL", "0.60", "USD"],
            ["2026-04-10", "+13075550101", None, "NA", "LOCAL", "2.00", "EUR"],
            ["2026-04-20", "+13075550100", "Desk", "US", "LOCAL", "0.60", "USD"],
        ],
        columns=list(tables.UPCOMING_CHARGES.names),
        dtype=object,
    )
    pd.testing.assert_frame_equal(result, files.restore(raw, tables.UPCOMING_CHARGES))


def test_upcoming_charges_take_plain_decimals():
    active = active_frame({"price": "0.60"}, {"price": "0.70"})
    plain = active.assign(price=pd.Series([Decimal("0.6"), Decimal("0.70")], dtype=object))

    pd.testing.assert_frame_equal(
        analysis.upcoming_charges(plain, as_of="2026-04-01"),
        analysis.upcoming_charges(active, as_of="2026-04-01"),
    )


INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001 - the zone follows
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "price": st.decimals(min_value=0, max_value=1000, places=3).map(str),
            "currency_code": st.sampled_from(["USD", "EUR"]),
            "payment_interval_months": st.sampled_from([1, 2, 3, 6, 12]),
            "next_charge_date": INSTANTS.map(datetime.isoformat),
            "expire_at": st.none() | INSTANTS.map(datetime.isoformat),
        }
    ),
    max_size=6,
)


def plus_months(start, months):
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return start.replace(
        year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1])
    )


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, as_of=INSTANTS, months=st.integers(1, 14), data=st.data())
def test_calendar_agrees_with_charges_counted_one_by_one(rows, as_of, months, data):
    order = data.draw(st.permutations(range(len(rows))))
    end = plus_months(as_of.replace(day=1, hour=0, minute=0, second=0, microsecond=0), months)
    ledger = defaultdict(list)
    for row in rows:
        start = datetime.fromisoformat(row["next_charge_date"])
        last = datetime.fromisoformat(row["expire_at"]) if row["expire_at"] else end + timedelta(days=1)
        for step in range(0, 12 * 8, row["payment_interval_months"]):
            due = plus_months(start, step)
            if as_of <= due < min(end, last):
                ledger[due.year, due.month, row["currency_code"]].append(Decimal(row["price"]))

    active = active_frame(*rows)
    result = analysis.renewals_by_month(active, as_of=as_of, months=months)

    assert len(result) == months * len({row["currency_code"] for row in rows})
    for month, currency, charges, amount in result.itertuples(index=False):
        due = ledger.pop((month.year, month.month, currency), [])
        assert (charges, amount) == (len(due), sum(due, Decimal(0)))
    assert not ledger
    shuffled = analysis.renewals_by_month(active.iloc[list(order)], as_of=as_of, months=months)
    pd.testing.assert_frame_equal(shuffled, result)
    listed = analysis.upcoming_charges(active, as_of=as_of, months=months)
    assert len(listed) == result["charges"].sum()
    assert sum(listed["amount"], Decimal(0)) == sum(result["amount"], Decimal(0))
