"""Time to ready and failures over time, against frames worked out by hand."""

from __future__ import annotations

import inspect
import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numbers_toolkit import analysis, files, tables
from numbers_toolkit.errors import ColumnError, IncompleteDataWarning, InvalidInputError
from numbers_toolkit.webhooks import events_frame

A, B, C = "+13075550101", "+13075550102", "+61491570156"
ORDER = "01kq4yfz8d1c3b5n7m9v2x4w6t"
SMS, CAMPAIGN, VOICE = (f"PROVISIONING_TO_{one}" for one in ("SMS_PLATFORM", "CAMPAIGN", "VOICE_PLATFORM"))
RENTED = "2026-03-02T09:00:00Z"


def table(kind, *rows):
    raw = pd.DataFrame(list(rows), columns=list(kind.names), dtype=object)
    return files.restore(raw, kind)


def log(*rows):
    """An event per tuple: time on 2 March (or a full one), number or order, type, status, code."""
    events = []
    for place, (when, resource, kind, status, *code) in enumerate(rows):
        order = kind == "NUMBER_ORDER_PROCESSING"
        events.append(
            {
                "eventId": f"e{place:03d}",
                "timestamp": when if when is None or "T" in when else f"2026-03-02T{when}",
                "resourceId": resource,
                "resourceType": "NUMBER_ORDER" if order else "ACTIVE_NUMBER",
                "eventType": kind,
                "status": status,
                "failureCode": code[0] if code else None,
            }
        )
    return events_frame(events)


def ready(*rows):
    return table(tables.TIME_TO_READY, *rows)


def failures(*rows):
    return table(tables.FAILURES_OVER_TIME, *rows)


# -- time to ready ------------------------------------------------------------------------------------------


def test_time_from_rent_to_ready_per_number_and_service():
    events = log(
        ("09:00:07.5", A, SMS, "SUCCEEDED"),
        ("09:01:00", A, CAMPAIGN, "FAILED", "PARTNER_SERVICE_UNAVAILABLE"),
        ("09:30:00", A, CAMPAIGN, "FAILED", "CAMPAIGN_MNO_REVIEW"),
        ("11:00:00", A, CAMPAIGN, "SUCCEEDED"),
        ("09:00:02", B, VOICE, "FAILED", "PROVISIONING_TO_VOICE_PLATFORM_FAILED"),
        ("09:00:09", B, SMS, "SUCCEEDED"),
    )

    result = analysis.time_to_ready(events, {A: RENTED, B: "2026-03-02T09:00:01Z", C: RENTED})

    wanted = ready(
        [A, "SMS", RENTED, "READY", "2026-03-02T09:00:07.5Z", 7.5, 0, None],
        [A, "CAMPAIGN", RENTED, "READY", "2026-03-02T11:00:00Z", 7200, 2, "CAMPAIGN_MNO_REVIEW"],
        [B, "SMS", "2026-03-02T09:00:01Z", "READY", "2026-03-02T09:00:09Z", 8, 0, None],
        [
            B,
            "VOICE",
            "2026-03-02T09:00:01Z",
            "FAILED",
            None,
            None,
            1,
            "PROVISIONING_TO_VOICE_PLATFORM_FAILED",
        ],
        [C, None, RENTED, "NO_EVENT", None, None, 0, None],
    )
    pd.testing.assert_frame_equal(result, wanted)


RENTALS = {
    "dict": {A: RENTED},
    "series": pd.Series({A: pd.Timestamp(RENTED)}),
    "frame": pd.DataFrame({"phone_number": [A], "rented_at": [pd.Timestamp(RENTED)], "price": [1]}),
    "time without zone": {A: "2026-03-02T09:00:00"},
    "time elsewhere": {A: "2026-03-02T10:00:00+01:00"},
    "number with blanks": {"+1 307 555 0101": RENTED},
    "said twice": pd.DataFrame({"phone_number": [A, A], "rented_at": [RENTED, RENTED]}),
}


@pytest.mark.parametrize("form", RENTALS)
def test_rent_may_be_told_in_any_form(form):
    result = analysis.time_to_ready(log(("09:00:05", A, SMS, "SUCCEEDED")), RENTALS[form])

    wanted = ready([A, "SMS", RENTED, "READY", "2026-03-02T09:00:05Z", 5, 0, None])
    pd.testing.assert_frame_equal(result, wanted)


def test_rental_by_order_begins_when_the_order_is_completed():
    events = log(
        ("08:00:00", ORDER, "NUMBER_ORDER_PROCESSING", "IN_REVIEW"),
        ("09:00:00", ORDER, "NUMBER_ORDER_PROCESSING", "COMPLETED"),
        ("09:30:00", ORDER, "NUMBER_ORDER_PROCESSING", "COMPLETED"),
        ("09:00:30", C, SMS, "SUCCEEDED"),
    )

    result = analysis.time_to_ready(events, orders={C: ORDER, A: "01kq4zzzzzzzzzzzzzzzzzzzzz"})

    wanted = ready(
        [A, None, None, "NO_EVENT", None, None, 0, None],
        [C, "SMS", RENTED, "READY", "2026-03-02T09:00:30Z", 30, 0, None],
    )
    pd.testing.assert_frame_equal(result, wanted)


def test_time_that_is_told_goes_before_the_order():
    events = log(
        ("09:00:00", ORDER, "NUMBER_ORDER_PROCESSING", "COMPLETED"), ("09:00:30", C, SMS, "SUCCEEDED")
    )

    result = analysis.time_to_ready(events, {C: "2026-03-02T09:00:20Z"}, orders={C: ORDER})
    untold = analysis.time_to_ready(events, {C: None}, orders={C: ORDER})

    assert result["seconds_to_ready"].to_list() == [10]
    assert untold["seconds_to_ready"].to_list() == [30]


def test_number_that_was_rented_twice_has_two_rentals():
    rented = pd.DataFrame(
        {"phone_number": [A, A], "rented_at": ["2026-01-01T00:00:00Z", "2026-03-02T09:00:00Z"]}
    )
    events = log(
        ("2025-12-31T23:59:59", A, SMS, "SUCCEEDED"),
        ("2026-01-01T00:00:10", A, SMS, "SUCCEEDED"),
        ("09:00:00", A, SMS, "FAILED"),
        ("09:00:20", A, SMS, "SUCCEEDED"),
    )

    result = analysis.time_to_ready(events, rented)

    wanted = ready(
        [A, "SMS", "2026-01-01T00:00:00Z", "READY", "2026-01-01T00:00:10Z", 10, 0, None],
        [A, "SMS", RENTED, "READY", "2026-03-02T09:00:20Z", 20, 1, None],
    )
    pd.testing.assert_frame_equal(result, wanted)


def test_what_comes_after_the_first_success_changes_nothing():
    events = log(
        ("09:00:10", A, SMS, "SUCCEEDED"),
        ("09:10:00", A, "DEPROVISIONING_FROM_SMS_PLATFORM", "SUCCEEDED"),
        ("09:20:00", A, SMS, "FAILED"),
        ("09:30:00", A, SMS, "SUCCEEDED"),
    )

    result = analysis.time_to_ready(events, {A: RENTED})

    assert result[["seconds_to_ready", "failures"]].to_numpy().tolist() == [[10, 0]]


def test_number_without_a_known_rent_is_listed_without_a_time():
    result = analysis.time_to_ready(log(("09:00:10", B, SMS, "SUCCEEDED")), {A: RENTED})

    wanted = ready(
        [A, None, RENTED, "NO_EVENT", None, None, 0, None],
        [B, "SMS", None, "READY", "2026-03-02T09:00:10Z", None, 0, None],
    )
    pd.testing.assert_frame_equal(result, wanted)


def test_other_events_and_unknown_words_are_no_attempts():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        events = log(
            ("09:00:01", A, "DEPROVISIONING_FROM_CAMPAIGN", "FAILED", "INTERNAL_ERROR"),
            ("09:00:02", A, "PROVISIONING_TO_MARS", "SUCCEEDED"),
            ("09:00:03", A, SMS, "PAUSED"),
        )

    assert analysis.time_to_ready(events, {A: RENTED})["state"].to_list() == ["NO_EVENT"]


def test_events_of_several_logs_count_once():
    events = log(("09:00:10", A, SMS, "FAILED"), ("09:00:20", A, SMS, "SUCCEEDED"))

    twice = analysis.time_to_ready(pd.concat([events, events]), {A: RENTED})

    pd.testing.assert_frame_equal(twice, analysis.time_to_ready(events, {A: RENTED}))
    assert twice["failures"].to_list() == [1]


def test_events_without_a_time_are_left_out_with_a_warning():
    events = log((None, A, SMS, "SUCCEEDED"), ("09:00:05", A, SMS, "FAILED"))

    with pytest.warns(IncompleteDataWarning, match="1 events have no time") as caught:
        result = analysis.time_to_ready(events, {A: RENTED})

    assert result["state"].to_list() == ["FAILED"]
    assert caught[0].filename == __file__


def test_nothing_in_is_nothing_out():
    empty = tables.EVENTS.empty()

    pd.testing.assert_frame_equal(analysis.time_to_ready(empty, {}), tables.TIME_TO_READY.empty())
    pd.testing.assert_frame_equal(
        analysis.time_to_ready(empty, {A: RENTED}), ready([A, None, RENTED, "NO_EVENT", None, None, 0, None])
    )


ODD = {
    "nothing": {},
    "neither": {"rented_at": None, "orders": None},
    "a list": {"rented_at": [A]},
    "text": {"rented_at": RENTED},
    "no number": {"rented_at": {"0101": RENTED}},
    "a whole number": {"rented_at": {13075550101: RENTED}},
    "no time": {"rented_at": {A: "soon"}},
    "a number as time": {"rented_at": {A: "1772443727"}},
    "frame without numbers": {"rented_at": pd.DataFrame({"rented_at": [RENTED]})},
    "frame without times": {"rented_at": pd.DataFrame({"phone_number": [A]})},
    "frame without orders": {"orders": pd.DataFrame({"phone_number": [A]})},
}


@pytest.mark.parametrize("name", ODD)
def test_rent_that_is_told_wrongly_is_refused(name):
    with pytest.raises(InvalidInputError):
        analysis.time_to_ready(tables.EVENTS.empty(), **ODD[name])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 400),
            st.sampled_from([A, B]),
            st.sampled_from([SMS, VOICE]),
            st.sampled_from(["SUCCEEDED", "FAILED"]),
        ),
        max_size=30,
    ),
    st.dictionaries(st.sampled_from([A, B, C]), st.integers(0, 400), max_size=3),
)
def test_time_to_ready_agrees_with_a_plain_loop(rows, rented):
    def at(seconds):
        return pd.Timestamp(RENTED) + pd.Timedelta(seconds=seconds)

    ordered = sorted(enumerate(rows), key=lambda one: (one[1][0], one[0]))
    told = [(at(seconds).strftime("%Y-%m-%dT%H:%M:%S"), *rest) for seconds, *rest in rows]
    wanted = {}
    for number in {*rented, *(row[1] for row in rows)}:
        for kind, service in ((SMS, "SMS"), (VOICE, "VOICE")):
            own = [
                (seconds, status)
                for _, (seconds, one, event, status) in ordered
                if one == number and event == kind and seconds >= rented.get(number, 0)
            ]
            statuses = [status for _, status in own]
            done = statuses.index("SUCCEEDED") if "SUCCEEDED" in statuses else None
            if own:
                waited = None if done is None or number not in rented else own[done][0] - rented[number]
                wanted[number, service] = (
                    "FAILED" if done is None else "READY",
                    waited,
                    statuses[:done].count("FAILED"),
                )

    result = analysis.time_to_ready(log(*told), {number: at(seconds) for number, seconds in rented.items()})

    found = result[result["service"].notna()]
    got = {
        (row.phone_number, row.service): (
            row.state,
            None if pd.isna(row.seconds_to_ready) else row.seconds_to_ready,
            row.failures,
        )
        for row in found.itertuples()
    }
    assert got == wanted
    assert set(rented) <= set(result["phone_number"])


# -- failures over time -------------------------------------------------------------------------------------


def weeks():
    return log(
        ("2026-03-02T00:00:00", A, CAMPAIGN, "FAILED", "CAMPAIGN_MNO_REVIEW"),  # a Monday
        ("2026-03-08T23:59:59.999999", A, CAMPAIGN, "FAILED", "CAMPAIGN_MNO_REVIEW"),
        ("2026-03-04T12:00:00", B, CAMPAIGN, "SUCCEEDED"),
        ("2026-03-17T12:00:00", B, CAMPAIGN, "FAILED", "EXCEEDED_10DLC_LIMIT"),
        ("2026-03-17T13:00:00", B, SMS, "FAILED"),
        ("2026-03-17T14:00:00", A, SMS, "SUCCEEDED"),
    )


def test_failures_by_week_and_code():
    result = analysis.failures_over_time(weeks())

    first, second, third = "2026-03-02", "2026-03-09", "2026-03-16"
    wanted = failures(
        [first, SMS, "FAILED", None, 0, 0, None],
        [first, CAMPAIGN, "FAILED", "CAMPAIGN_MNO_REVIEW", 2, 1, 2 / 3],
        [first, CAMPAIGN, "FAILED", "EXCEEDED_10DLC_LIMIT", 0, 0, 0],
        [second, SMS, "FAILED", None, 0, 0, None],
        [second, CAMPAIGN, "FAILED", "CAMPAIGN_MNO_REVIEW", 0, 0, None],
        [second, CAMPAIGN, "FAILED", "EXCEEDED_10DLC_LIMIT", 0, 0, None],
        [third, SMS, "FAILED", None, 1, 1, 0.5],
        [third, CAMPAIGN, "FAILED", "CAMPAIGN_MNO_REVIEW", 0, 0, 0],
        [third, CAMPAIGN, "FAILED", "EXCEEDED_10DLC_LIMIT", 1, 1, 1],
    )
    pd.testing.assert_frame_equal(result, wanted)


def test_failures_of_a_kind_that_was_not_told_are_counted_by_themselves():
    events = log(
        ("09:00:01", A, None, "FAILED"), ("09:00:02", B, SMS, "FAILED"), ("09:00:03", B, SMS, "SUCCEEDED")
    )

    start = "2026-03-02"
    wanted = failures([start, SMS, "FAILED", None, 1, 1, 0.5], [start, None, "FAILED", None, 1, 1, 1])
    pd.testing.assert_frame_equal(analysis.failures_over_time(events), wanted)


@pytest.mark.parametrize(
    ("period", "starts"),
    [
        ("day", ["2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03"]),
        ("week", ["2026-02-23", "2026-03-02"]),
        ("month", ["2026-02-01", "2026-03-01"]),
    ],
)
def test_every_period_is_there_also_without_a_failure(period, starts):
    events = log(
        ("2026-02-28T23:59:59", A, SMS, "FAILED"),
        ("2026-03-03T00:00:00", A, SMS, "SUCCEEDED"),
    )

    result = analysis.failures_over_time(events, period=period)

    assert [one.strftime("%Y-%m-%d") for one in result["period_start"]] == starts
    assert result["failures"].to_list() == [1] + [0] * (len(starts) - 1)
    assert result["share"].fillna(-1).to_list() == [1] + [-1] * (len(starts) - 2) + [0]


def test_failures_of_orders_are_told_by_their_state():
    kind = "NUMBER_ORDER_PROCESSING"
    events = log(
        ("09:00:00", "o1", kind, "REJECTED"),
        ("09:00:01", "o2", kind, "EXPIRED"),
        ("09:00:02", "o3", kind, "COMPLETED"),
        ("09:00:03", "o4", kind, "BLOCKED"),
        ("09:00:04", "o4", kind, "COMPLETED"),
    )

    result = analysis.failures_over_time(events, period="day")

    wanted = failures(
        ["2026-03-02", kind, "EXPIRED", None, 1, 1, 0.25], ["2026-03-02", kind, "REJECTED", None, 1, 1, 0.25]
    )
    pd.testing.assert_frame_equal(result, wanted)


def test_failures_of_several_logs_count_once():
    pd.testing.assert_frame_equal(
        analysis.failures_over_time(pd.concat([weeks(), weeks()])), analysis.failures_over_time(weeks())
    )


def test_failures_without_a_time_are_left_out_with_a_warning():
    with pytest.warns(IncompleteDataWarning, match="1 events have no time"):
        result = analysis.failures_over_time(log((None, A, SMS, "FAILED"), ("09:00:00", A, SMS, "FAILED")))

    assert result["failures"].to_list() == [1]


def test_log_without_failures_gives_every_column_and_no_row():
    for events in (tables.EVENTS.empty(), log(("09:00:00", A, SMS, "SUCCEEDED"))):
        result = analysis.failures_over_time(events)

        assert len(result) == 0
        assert tuple(result.columns) == tables.FAILURES_OVER_TIME.names
        assert result["period_start"].dtype == "datetime64[us, UTC]"


@pytest.mark.parametrize("period", ["year", "", None, "Day"])
def test_unknown_period_is_refused(period):
    with pytest.raises(InvalidInputError, match="day, week, month"):
        analysis.failures_over_time(weeks(), period=period)


def test_event_of_a_wrong_clock_does_not_make_a_million_rows():
    events = log(("09:00:00", A, SMS, "FAILED"), ("9999-12-31T00:00:00", A, SMS, "FAILED"))

    with pytest.raises(InvalidInputError, match="9999-12-31"):
        analysis.failures_over_time(events, period="day")


# -- both ---------------------------------------------------------------------------------------------------

BOTH = {
    "time_to_ready": (
        lambda events: analysis.time_to_ready(events, {A: RENTED, C: RENTED}),
        tables.TIME_TO_READY,
    ),
    "failures_over_time": (analysis.failures_over_time, tables.FAILURES_OVER_TIME),
}


@pytest.mark.parametrize("name", BOTH)
def test_order_index_and_dtypes_of_the_rows_do_not_matter(name):
    function, _ = BOTH[name]
    events = weeks()
    turned = events.iloc[::-1].set_axis([f"row {place % 2}" for place in range(len(events))])
    kinds = {column.name: column.kind for column in tables.EVENTS.columns}
    plain = events.astype({one: object for one, kind in kinds.items() if kind == "category"})

    pd.testing.assert_frame_equal(function(turned), function(events))
    pd.testing.assert_frame_equal(function(plain), function(events))


@pytest.mark.parametrize("name", BOTH)
def test_input_is_left_as_it_was_and_its_provenance_travels_along(name):
    function, _ = BOTH[name]
    events = weeks()
    events.attrs["source"] = "sandbox"
    before = events.copy(deep=True)

    result = function(events)

    pd.testing.assert_frame_equal(events, before)
    assert result.attrs == events.attrs


@pytest.mark.parametrize("name", BOTH)
def test_results_have_the_documented_columns_and_dtypes(name):
    function, table_of = BOTH[name]

    result = function(weeks())

    assert tuple(result.columns) == table_of.names
    for column in table_of.columns:
        if column.kind != "category":
            assert result[column.name].dtype == column.dtype
        assert column.nullable or not result[column.name].isna().any()


@pytest.mark.parametrize("name", BOTH)
def test_missing_columns_are_named(name):
    with pytest.raises(ColumnError, match=r"event_type.*status"):
        BOTH[name][0](weeks()[["resource_id"]])


@pytest.mark.parametrize("name", BOTH)
def test_docstrings_list_the_columns(name):
    documented = " ".join(inspect.getdoc(getattr(analysis, name)).split())
    for line in BOTH[name][1].describe().splitlines():
        assert f"- {' '.join(line.split())}" in documented
