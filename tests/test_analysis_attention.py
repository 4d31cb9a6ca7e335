"""The ranked to-do list."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import active_frame
from numbers_toolkit import analysis, files, tables
from numbers_toolkit.errors import ColumnError, InvalidInputError

NOW = "2026-03-31T00:00:00Z"
USED = {"sms_state": "PROVISIONED", "voice_state": "PROVISIONED"}


def failed(*codes, **more):
    return {**USED, "sms_state": "FAILED", "sms_error_codes": ";".join(codes), **more}


def problems(*rows, **options):
    listed = analysis.attention(active_frame(*rows), as_of=NOW, **options)
    return list(zip(listed["phone_number"].str[-2:], listed["problem"], strict=True))


def test_attention_ranks_what_you_can_mend_first_and_idle_numbers_last():
    rows = [
        {},
        failed("PARTNER_SERVICE_UNAVAILABLE"),
        {**USED, "sms_state": "PAUSED"},
        {**USED, "voice_state": "IN_PROGRESS", "voice_updated_at": "2026-03-29T00:00:00Z"},
        failed("INTERNAL_ERROR"),
        {**USED, "expire_at": "2026-04-10T00:00:00Z"},
        {"voice_state": "FAILED"},
        failed("EXCEEDED_10DLC_LIMIT"),
        failed("INSUFFICIENT_BALANCE"),
        USED,
        {**USED, "sms_state": "WAITING", "sms_scheduled_campaign_id": "SOLE"},
        {**USED, "sms_campaign_id": "SOLE"},
    ]

    assert problems(*rows, limits={"SOLE": 1}) == [
        ("08", "Account balance is too low"),
        ("07", "Campaign is full"),
        ("06", "Voice set-up failed"),
        ("10", "Campaign can't hold all numbers to come"),
        ("05", "Released, ends soon"),
        ("04", "Fault inside Sinch"),
        ("03", "Voice set-up hangs"),
        ("02", "SMS state is unknown: PAUSED"),
        ("01", "Partner of Sinch is down"),
        ("00", "Paid, but nothing configured"),
    ]


def test_attention_tells_everything_about_a_row():
    active = active_frame(
        failed(
            "MNO_SHARING_ERROR",
            display_name="Desk",
            region_code="NA",
            sms_service_plan_id="plan-now",
            sms_scheduled_service_plan_id="plan-new",
            sms_campaign_id="C-now",
            sms_updated_at="2026-03-20T12:00:00Z",
            monthly_cost="0.60",
        ),
        {"currency_code": "EUR", "monthly_cost": "3.00"},
    )

    result = analysis.attention(active, as_of=NOW)

    raw = pd.DataFrame(
        [
            {
                "rank": 1,
                "phone_number": "+13075550100",
                "display_name": "Desk",
                "region_code": "NA",
                "number_type": "LOCAL",
                "problem": "Campaign is not shared with the operators",
                "error_code": "MNO_SHARING_ERROR",
                "remedy": "In The Campaign Registry check that T-Mobile and AT&T are both selected, then send "
                "the update again. Otherwise ask Sinch or register a new campaign.",
                "who_acts": "you",
                "retry": "after a change",
                "since": "2026-03-20T12:00:00Z",
                "age_days": 10,
                "service_plan_id": "plan-new",
                "campaign_id": "C-now",
                "monthly_cost": "0.60",
                "currency_code": "USD",
            },
            {
                "rank": 2,
                "phone_number": "+13075550101",
                "region_code": "US",
                "number_type": "LOCAL",
                "problem": "Paid, but nothing configured",
                "remedy": "Configure SMS or voice for the number, or release it.",
                "who_acts": "you",
                "retry": "nothing to repeat",
                "monthly_cost": "3.00",
                "currency_code": "EUR",
            },
        ],
        columns=list(tables.ATTENTION.names),
        dtype=object,
    )
    pd.testing.assert_frame_equal(result, files.restore(raw, tables.ATTENTION))


def test_attention_takes_a_change_after_the_look_for_one_of_today():
    active = active_frame(failed("INTERNAL_ERROR", sms_updated_at="2026-04-05T00:00:00Z"))

    assert analysis.attention(active, as_of=NOW)["age_days"].to_list() == [0]


def test_attention_lists_a_number_once_per_reason():
    row = {
        "sms_state": "FAILED",
        "sms_error_codes": "MNO_SHARING_ERROR;CAMPAIGN_EXPIRED",
        "voice_state": "WAITING",
        "voice_updated_at": "2026-01-01T00:00:00Z",
    }

    assert problems(row) == [
        ("00", "Campaign has expired"),
        ("00", "Campaign is not shared with the operators"),
        ("00", "Voice set-up hangs"),
    ]


def test_attention_puts_the_longest_standing_first_and_unknown_times_last():
    rows = [
        failed("CAMPAIGN_EXPIRED"),
        failed("CAMPAIGN_EXPIRED", sms_updated_at="2026-03-02T00:00:00Z"),
        failed("CAMPAIGN_EXPIRED", sms_updated_at="2026-03-01T00:00:00Z"),
        failed("CAMPAIGN_EXPIRED"),
    ]

    assert [number for number, _ in problems(*rows)] == ["02", "01", "00", "03"]


@pytest.mark.parametrize(
    ("updated_at", "stuck"),
    [("2026-03-29T23:59:59Z", True), ("2026-03-30T00:00:00Z", False), (None, False)],
)
@pytest.mark.parametrize("state", ["WAITING", "IN_PROGRESS"])
def test_attention_calls_a_job_stuck_after_a_day(state, updated_at, stuck):
    found = problems({**USED, "sms_state": state, "sms_updated_at": updated_at})

    assert found == ([("00", "SMS set-up hangs")] if stuck else [])


@pytest.mark.parametrize(
    ("expire_at", "listed"),
    [
        ("2026-03-30T00:00:00Z", False),
        ("2026-03-31T00:00:00Z", False),
        ("2026-03-31T00:00:01Z", True),
        ("2026-04-30T00:00:00Z", True),
        ("2026-04-30T00:00:01Z", False),
    ],
)
def test_attention_lists_released_numbers_that_end_within_thirty_days(expire_at, listed):
    assert problems({**USED, "expire_at": expire_at}) == ([("00", "Released, ends soon")] if listed else [])


def test_attention_lists_released_numbers_by_their_end_and_for_nothing_else():
    rows = [
        failed("CAMPAIGN_EXPIRED", expire_at="2026-04-03T00:00:00Z", sms_updated_at="2020-01-01T00:00:00Z"),
        {"expire_at": "2026-04-02T00:00:00Z"},
        {"expire_at": "2026-09-02T00:00:00Z", "voice_state": "FAILED"},
    ]

    result = analysis.attention(active_frame(*rows), as_of=NOW, expiring_days=3)

    assert result["phone_number"].to_list() == ["+13075550101", "+13075550100"]
    assert set(result["problem"]) == {"Released, ends soon"}
    assert result["since"].isna().all()
    assert result["expire_at"].to_list() == [
        pd.Timestamp("2026-04-02", tz="UTC"),
        pd.Timestamp("2026-04-03", tz="UTC"),
    ]


def test_attention_says_nothing_else_about_released_numbers():
    gone = {"expire_at": "2027-01-01T00:00:00Z"}
    old = "2026-01-01T00:00:00Z"
    coming = {**USED, "sms_state": "WAITING", "sms_scheduled_campaign_id": "SOLE"}
    rows = [
        {**USED, "sms_campaign_id": "SOLE"},
        {**coming, **gone, "sms_updated_at": old},
        {**USED, **gone, "voice_state": "IN_PROGRESS", "voice_updated_at": old},
        {**USED, **gone, "voice_state": "PAUSED"},
        {**USED, **gone, "voice_state": "FAILED"},
        {**gone},
    ]

    assert problems(*rows, limits={"SOLE": 1}) == []


def test_attention_does_not_announce_a_link_that_has_failed_already():
    coming = {**USED, "sms_state": "WAITING", "sms_scheduled_campaign_id": "SOLE"}
    rows = [
        {**USED, "sms_campaign_id": "SOLE"},
        coming,
        failed("EXCEEDED_10DLC_LIMIT", sms_scheduled_campaign_id="SOLE"),
    ]

    assert problems(*rows, limits={"SOLE": 1}) == [
        ("02", "Campaign is full"),
        ("01", "Campaign can't hold all numbers to come"),
    ]


@pytest.mark.parametrize(
    ("row", "idle"),
    [
        ({}, True),
        ({"price": "0"}, False),
        ({"price": None, "monthly_cost": None}, False),
        ({"sms_state": "PROVISIONED"}, False),
        ({"voice_state": "WAITING"}, False),
    ],
)
def test_attention_lists_numbers_that_cost_and_do_nothing(row, idle):
    assert problems(row) == ([("00", "Paid, but nothing configured")] if idle else [])


def test_attention_lists_numbers_to_come_only_where_a_campaign_overflows():
    coming = {**USED, "sms_state": "WAITING", "sms_scheduled_campaign_id": "C1"}
    rows = [*[{**USED, "sms_campaign_id": "C1"}] * 49, coming]

    assert problems(*rows) == []
    assert problems(*rows, coming) == [
        ("49", "Campaign can't hold all numbers to come"),
        ("50", "Campaign can't hold all numbers to come"),
    ]
    assert problems(*rows, coming, limits={"C1": None}) == []


def test_attention_lists_missing_and_unknown_states_of_both_services():
    active = active_frame(USED, {**USED, "voice_state": "PROVISIONING_STATUS_UNSPECIFIED"})
    active["sms_state"] = pd.Series([None, "PROVISIONED"], dtype=object)

    result = analysis.attention(active, as_of=NOW)

    assert result["problem"].to_list() == [
        "SMS state is missing",
        "Voice state is unknown: PROVISIONING_STATUS_UNSPECIFIED",
    ]
    assert set(result["who_acts"]) == {"Sinch support"}


def test_attention_keeps_codes_that_are_new():
    result = analysis.attention(active_frame(failed("BRAND_NEW")), as_of=NOW)

    assert result["problem"].to_list() == ["Unknown error code BRAND_NEW"]
    assert result["error_code"].to_list() == ["BRAND_NEW"]


def test_attention_takes_plain_decimals_and_text():
    active = active_frame({}, failed("CAMPAIGN_EXPIRED"))
    plain = active.assign(
        price=pd.Series([Decimal("0.6")] * 2, dtype=object),
        monthly_cost=pd.Series([Decimal("0.60"), Decimal("0.6")], dtype=object),
        sms_state=active["sms_state"].astype(object),
        currency_code=active["currency_code"].astype("str"),
    )

    pd.testing.assert_frame_equal(analysis.attention(plain, as_of=NOW), analysis.attention(active, as_of=NOW))


@pytest.mark.parametrize("days", [-1, 1.5, None, True])
def test_attention_refuses_odd_windows(days):
    with pytest.raises(InvalidInputError, match="expiring_days"):
        analysis.attention(active_frame({}), as_of=NOW, expiring_days=days)


def test_attention_of_nothing_has_every_column_and_dtype():
    pd.testing.assert_frame_equal(analysis.attention(active_frame()), tables.ATTENTION.empty())
    pd.testing.assert_frame_equal(analysis.attention(active_frame(USED)), tables.ATTENTION.empty())


def test_summary_has_a_row_per_problem_in_order():
    active = active_frame(
        {},
        failed("EXCEEDED_10DLC_LIMIT", sms_updated_at="2026-03-30T00:00:00Z"),
        failed("EXCEEDED_10DLC_LIMIT", sms_updated_at="2026-03-01T00:00:00Z"),
        {},
        failed("EXCEEDED_10DLC_LIMIT", "INTERNAL_ERROR"),
        {},
        {},
    )

    result = analysis.attention_summary(analysis.attention(active, as_of=NOW))

    full = (
        "Link the number to another campaign, take numbers off this one, or ask Sinch to make it a "
        "number-pool campaign; then send the update again."
    )
    fault = "Send the update once more after a while; if it fails again, give the number to Sinch support."
    idle = "Configure SMS or voice for the number, or release it."
    raw = pd.DataFrame(
        [
            [1, "Campaign is full", "EXCEEDED_10DLC_LIMIT", 3, 30, full, "you", "after a change"],
            [2, "Fault inside Sinch", "INTERNAL_ERROR", 1, None, fault, "Sinch support", "repeat once"],
            [3, "Paid, but nothing configured", None, 4, None, idle, "you", "nothing to repeat"],
        ],
        columns=list(tables.ATTENTION_SUMMARY.names),
        dtype=object,
    )
    pd.testing.assert_frame_equal(result, files.restore(raw, tables.ATTENTION_SUMMARY))


def test_summary_of_rows_picked_from_the_list():
    active = active_frame({}, failed("INTERNAL_ERROR"), {"region_code": "SE"})
    listed = analysis.attention(active, as_of=NOW)

    result = analysis.attention_summary(listed[listed["region_code"] == "US"].iloc[::-1])

    assert result["rank"].to_list() == [1, 2]
    assert result["numbers"].to_list() == [1, 1]
    assert result["problem"].to_list() == ["Fault inside Sinch", "Paid, but nothing configured"]


def test_summary_of_nothing_has_every_column_and_dtype():
    result = analysis.attention_summary(tables.ATTENTION.empty())

    pd.testing.assert_frame_equal(result, tables.ATTENTION_SUMMARY.empty())


def test_summary_names_missing_columns():
    with pytest.raises(ColumnError, match="columns missing: rank, age_days"):
        analysis.attention_summary(tables.ATTENTION.empty().drop(columns=["rank", "age_days"]))


STATES = st.sampled_from(["NOT_CONFIGURED", "PROVISIONED", "WAITING", "FAILED", "ODD"])
TIMES = st.sampled_from([None, "2026-03-30T20:00:00Z", "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "sms_state": STATES,
            "sms_error_codes": st.sampled_from(["", "INTERNAL_ERROR", "CAMPAIGN_EXPIRED;INTERNAL_ERROR"]),
            "voice_state": STATES,
            "sms_updated_at": TIMES,
            "voice_updated_at": TIMES,
            "expire_at": st.sampled_from([None, None, None, "2026-04-02T00:00:00Z"]),
            "price": st.sampled_from(["0", "1.00", None]),
        }
    ),
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, data=st.data())
def test_summary_counts_the_list_and_order_does_not_matter(rows, data):
    active = active_frame(*rows)
    order = list(data.draw(st.permutations(range(len(rows)))))

    listed = analysis.attention(active, as_of=NOW)
    summary = analysis.attention_summary(listed)

    pd.testing.assert_frame_equal(analysis.attention(active.iloc[order], as_of=NOW), listed)
    assert listed["rank"].to_list() == list(range(1, len(listed) + 1))
    assert not listed.duplicated(["phone_number", "problem"]).any()
    assert summary["numbers"].sum() == len(listed)
    assert summary["problem"].to_list() == listed["problem"].drop_duplicates().to_list()


def test_what_ends_today_only_can_be_asked_for():
    ends = {**USED, "expire_at": "2026-04-10T00:00:00Z"}

    assert problems(ends, expiring_days=0) == []
    assert [problem for _, problem in problems(ends)] == ["Released, ends soon"]


def test_the_age_of_a_state_that_nobody_knows_is_that_of_its_own_service():
    row = {**USED, "voice_state": "HOVERING", "voice_updated_at": "2026-03-29T00:00:00Z"}

    listed = analysis.attention(active_frame(row), as_of=NOW)

    assert listed["age_days"].to_list() == [2]


def test_the_summary_says_where_its_numbers_come_from():
    frame = active_frame(failed("INTERNAL_ERROR"))
    frame.attrs["source"] = "sandbox"

    listed = analysis.attention(frame, as_of=NOW)

    assert analysis.attention_summary(listed).attrs == listed.attrs
    assert listed.attrs["source"] == "sandbox"
