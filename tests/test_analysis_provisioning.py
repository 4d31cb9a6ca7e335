"""Provisioning errors, states and error frequencies."""

from __future__ import annotations

import warnings
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import active_frame
from numbers_toolkit import analysis, files, tables
from numbers_toolkit.errors import ColumnError, InvalidInputError, UnknownValueWarning
from numbers_toolkit.tables import Column, Table

VOICE = "PROVISIONING_TO_VOICE_PLATFORM_FAILED"
AGE = Column(
    "age", "category", "", False, ("today", "1-7 days", "8-30 days", "31-90 days", "over 90 days", "unknown")
)


def expected(table, *rows, keys=(), upto=None):
    leading = [AGE if key == "age" else tables.PROVISIONING_ERRORS[key] for key in keys]
    table = Table("", "", (*leading, *table.columns[:upto]))
    return files.restore(pd.DataFrame(list(rows), columns=list(table.names), dtype=object), table)


def failed(*codes, **more):
    return {"sms_state": "FAILED", "sms_error_codes": ";".join(codes), **more}


def test_errors_are_a_row_per_number_service_and_code():
    active = active_frame(
        failed(
            "MNO_SHARING_ERROR",
            "CAMPAIGN_PROVISIONING_FAILED",
            sms_scheduled_service_plan_id="plan-1",
            sms_scheduled_campaign_id="C1",
            sms_updated_at="2026-03-01T10:00:00Z",
            voice_state="FAILED",
            voice_updated_at="2026-03-02T10:00:00Z",
            region_code="NA",
        ),
        {},
        failed("MNO_SHARING_ERROR"),
    )

    result = analysis.provisioning_errors(active)

    first = ("+13075550100", "NA", "LOCAL")
    wanted = expected(
        tables.PROVISIONING_ERRORS,
        [*first, "SMS", "CAMPAIGN_PROVISIONING_FAILED", "plan-1", "C1", "2026-03-01T10:00:00Z"],
        [*first, "SMS", "MNO_SHARING_ERROR", "plan-1", "C1", "2026-03-01T10:00:00Z"],
        [*first, "VOICE", VOICE, None, None, "2026-03-02T10:00:00Z"],
        ["+13075550102", "US", "LOCAL", "SMS", "MNO_SHARING_ERROR", None, None, None],
        upto=8,
    )
    pd.testing.assert_frame_equal(result[list(wanted)], wanted)
    assert result["who_acts"].to_list() == ["you"] * 4
    assert result["retry"].to_list() == ["after a change"] * 4
    assert result["remedy"].iloc[1].startswith("In The Campaign Registry check that T-Mobile and AT&T")
    assert "gives no cause" in result["remedy"].iloc[2]
    assert result["meaning"].iloc[3] == "The campaign is not shared with the mobile network operators."


def test_errors_of_a_silent_failure_are_unspecified():
    active = active_frame(failed(), {"sms_state": "WAITING"}, failed())

    result = analysis.provisioning_errors(active)

    assert result["error_code"].to_list() == ["ERROR_CODE_UNSPECIFIED"] * 2
    assert result["phone_number"].to_list() == ["+13075550100", "+13075550102"]
    assert result["retry"].to_list() == ["repeat once"] * 2


def test_errors_without_a_failed_state_are_kept():
    active = active_frame({"sms_state": "PROVISIONED", "sms_error_codes": "INTERNAL_ERROR"})

    assert analysis.provisioning_errors(active)["error_code"].to_list() == ["INTERNAL_ERROR"]


def test_errors_that_are_new_are_kept_with_one_warning():
    active = active_frame(failed("ZETA_NEW", "INTERNAL_ERROR"), failed("ALPHA_NEW"), failed("ZETA_NEW"))

    with pytest.warns(UnknownValueWarning, match=r"ALPHA_NEW \(1\), ZETA_NEW \(2\)") as warned:
        result = analysis.provisioning_errors(active)

    assert len(warned) == 1
    assert warned[0].filename == __file__
    assert result["error_code"].to_list() == ["INTERNAL_ERROR", "ZETA_NEW", "ALPHA_NEW", "ZETA_NEW"]
    assert result["retry"].to_list() == ["repeat once", "ask support", "ask support", "ask support"]


def test_errors_unknown_only_among_unused_categories_do_not_warn():
    active = active_frame(failed("ZETA_NEW"), failed("INTERNAL_ERROR"))

    assert len(analysis.provisioning_errors(active.iloc[1:])) == 1


@pytest.mark.parametrize(
    "joined",
    [
        "10DLC_LIMIT_EXCEEDED",
        "EXCEEDED_10DLC_LIMIT;10DLC_LIMIT_EXCEEDED",
        " EXCEEDED_10DLC_LIMIT ; ;EXCEEDED_10DLC_LIMIT;",
    ],
)
def test_errors_are_listed_once_under_todays_spelling(joined):
    active = active_frame({"sms_state": "FAILED", "sms_error_codes": joined})

    assert analysis.provisioning_errors(active)["error_code"].to_list() == ["EXCEEDED_10DLC_LIMIT"]


def test_errors_read_plain_text_and_missing_codes():
    active = active_frame(failed("INTERNAL_ERROR"), failed(), {})
    plain = active.assign(
        sms_error_codes=pd.Series(["INTERNAL_ERROR", None, float("nan")], dtype=object),
        sms_state=active["sms_state"].astype(object),
        voice_state=active["voice_state"].astype("str"),
        region_code=active["region_code"].astype(object),
    )

    pd.testing.assert_frame_equal(analysis.provisioning_errors(plain), analysis.provisioning_errors(active))


def test_errors_of_nothing_have_every_column_and_dtype():
    wanted = tables.PROVISIONING_ERRORS.empty()

    pd.testing.assert_frame_equal(analysis.provisioning_errors(active_frame()), wanted)
    pd.testing.assert_frame_equal(analysis.provisioning_errors(active_frame({}, {})), wanted)


def test_errors_name_all_missing_columns():
    with pytest.raises(ColumnError, match=r"missing: sms_error_codes, voice_state\."):
        analysis.provisioning_errors(active_frame({}).drop(columns=["sms_error_codes", "voice_state"]))


CODES = ["INTERNAL_ERROR", "MNO_SHARING_ERROR", "CAMPAIGN_EXPIRED", "BRAND_NEW"]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "sms_state": st.sampled_from(["FAILED", "WAITING", "PROVISIONED", "ODD"]),
            "sms_error_codes": st.lists(st.sampled_from(CODES), max_size=3).map(";".join),
            "voice_state": st.sampled_from(["FAILED", "PROVISIONED"]),
            "region_code": st.sampled_from(["US", "NA", None]),
            "sms_scheduled_campaign_id": st.sampled_from(["C1", None]),
        }
    ),
    max_size=10,
)


def ledger(rows):
    """Every (position, service, code), by plain loops."""
    found = set()
    for position, row in enumerate(rows):
        codes = set(filter(None, row["sms_error_codes"].split(";")))
        if row["sms_state"] == "FAILED" and not codes:
            codes = {"ERROR_CODE_UNSPECIFIED"}
        found |= {(position, "SMS", code) for code in codes}
        if row["voice_state"] == "FAILED":
            found.add((position, "VOICE", VOICE))
    return found


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, data=st.data())
def test_errors_and_frequencies_agree_with_a_ledger(rows, data):
    active = active_frame(*rows)
    order = list(data.draw(st.permutations(range(len(rows)))))
    by = data.draw(st.sampled_from([(), "region_code", "service", "campaign_id", "age"]))
    wanted = ledger(rows)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnknownValueWarning)
        errors = analysis.provisioning_errors(active)
        shuffled = analysis.provisioning_errors(active.iloc[order])
        counted = analysis.error_frequencies(active, by, as_of="2026-03-01")
    recounted = analysis.error_frequencies(errors, by, as_of="2026-03-01")

    found = [
        (int(number[-2:]), service, code)
        for number, service, code in zip(
            errors["phone_number"], errors["service"], errors["error_code"], strict=True
        )
    ]
    assert len(found) == len(wanted)
    assert set(found) == wanted
    pd.testing.assert_frame_equal(shuffled, errors)
    pd.testing.assert_frame_equal(counted, recounted)
    totals = counted.groupby("error_code", observed=True)["numbers"].sum().to_dict()
    assert totals == Counter(code for _, _, code in wanted)


def test_frequencies_are_most_frequent_first_with_shares_of_failing_numbers():
    active = active_frame(
        failed("MNO_SHARING_ERROR", "INTERNAL_ERROR"),
        failed("MNO_SHARING_ERROR"),
        {},
        {"voice_state": "FAILED"},
    )

    result = analysis.error_frequencies(active)

    wanted = expected(
        tables.ERROR_FREQUENCIES,
        ["MNO_SHARING_ERROR", 2, 2 / 3, "you", "after a change"],
        ["INTERNAL_ERROR", 1, 1 / 3, "Sinch support", "repeat once"],
        [VOICE, 1, 1 / 3, "you", "after a change"],
        upto=5,
    )
    pd.testing.assert_frame_equal(result[list(wanted)], wanted)
    assert result["remedy"].iloc[0].startswith("In The Campaign Registry")


@pytest.mark.parametrize("of_errors", [False, True])
def test_frequencies_by_keys(of_errors):
    active = active_frame(
        failed("MNO_SHARING_ERROR", region_code="NA", sms_scheduled_campaign_id="C1"),
        failed("MNO_SHARING_ERROR", region_code="NA", sms_scheduled_campaign_id="C1"),
        failed("MNO_SHARING_ERROR", region_code=None),
        {"region_code": "SE"},
    )
    given_frame = analysis.provisioning_errors(active) if of_errors else active

    result = analysis.error_frequencies(given_frame, ["region_code", "campaign_id"])

    wanted = expected(
        tables.ERROR_FREQUENCIES,
        ["NA", "C1", "MNO_SHARING_ERROR", 2, 2 / 3],
        [None, None, "MNO_SHARING_ERROR", 1, 1 / 3],
        keys=["region_code", "campaign_id"],
        upto=3,
    )
    pd.testing.assert_frame_equal(result[list(wanted)], wanted)


def test_frequencies_count_a_number_once_per_code():
    twice = failed(VOICE, voice_state="FAILED")
    active = active_frame(twice)

    assert analysis.error_frequencies(active)["numbers"].to_list() == [1]
    assert analysis.error_frequencies(active, "service")["numbers"].to_list() == [1, 1]


def test_frequencies_by_age():
    now = pd.Timestamp("2026-03-31T12:00:00Z")
    ages = [
        ("2026-04-05T00:00:00Z", "today"),
        ("2026-03-31T12:00:00Z", "today"),
        ("2026-03-30T12:00:01Z", "today"),
        ("2026-03-30T12:00:00Z", "1-7 days"),
        ("2026-03-23T12:00:01Z", "1-7 days"),
        ("2026-03-23T11:00:00Z", "8-30 days"),
        ("2026-03-01T12:00:00Z", "8-30 days"),
        ("2026-02-28T12:00:00Z", "31-90 days"),
        ("2025-12-31T12:00:00Z", "31-90 days"),
        ("2025-12-30T12:00:00Z", "over 90 days"),
        (None, "unknown"),
    ]
    for moment, age in ages:
        active = active_frame(failed("INTERNAL_ERROR", sms_updated_at=moment))
        wanted = expected(tables.ERROR_FREQUENCIES, [age, "INTERNAL_ERROR", 1, 1.0], keys=["age"], upto=3)
        result = analysis.error_frequencies(active, "age", as_of=now)
        pd.testing.assert_frame_equal(result[list(wanted)], wanted)


def test_frequencies_by_age_reckon_from_the_fetch():
    active = active_frame(failed("INTERNAL_ERROR", sms_updated_at="2026-03-01T00:00:00Z"))
    active.attrs["fetched_at"] = pd.Timestamp("2026-03-05T00:00:00Z")

    assert analysis.error_frequencies(active, "age")["age"].to_list() == ["1-7 days"]


def test_frequencies_warn_once_about_new_codes_with_the_numbers_that_have_them():
    active = active_frame(failed("NEW"), failed("NEW"), failed("NEW"))

    with pytest.warns(UnknownValueWarning, match=r"NEW \(3\)") as warned:
        analysis.error_frequencies(active)

    assert len(warned) == 1
    assert warned[0].filename == __file__


def test_frequencies_of_nothing_have_every_column_and_dtype():
    wanted = tables.ERROR_FREQUENCIES.empty([tables.PROVISIONING_ERRORS["region_code"]])

    pd.testing.assert_frame_equal(analysis.error_frequencies(active_frame(), "region_code"), wanted)
    none = analysis.provisioning_errors(active_frame({}))
    pd.testing.assert_frame_equal(analysis.error_frequencies(none, "region_code"), wanted)


@pytest.mark.parametrize("by", ["nonsense", "remedy", "sms_state"])
def test_frequencies_refuse_keys_that_are_none(by):
    with pytest.raises(
        InvalidInputError, match=f"'{by}'; use one or several of age, phone_number, region_code"
    ):
        analysis.error_frequencies(active_frame({}), by)


def test_frequencies_name_missing_columns():
    with pytest.raises(ColumnError, match="columns missing: phone_number"):
        analysis.error_frequencies(pd.DataFrame({"error_code": ["INTERNAL_ERROR"]}))
    with pytest.raises(ColumnError, match="columns missing: phone_number, region_code"):
        analysis.error_frequencies(pd.DataFrame({"a": [1]}))


def test_status_shows_every_known_state_of_both_services():
    active = active_frame(
        {"sms_state": "FAILED", "voice_state": "PROVISIONED"},
        {"sms_state": "FAILED", "voice_state": "PAUSED"},
        {"sms_state": "WAITING", "voice_state": "ODD"},
        {"sms_state": "PROVISIONED", "voice_state": "PROVISIONED"},
    )

    wanted = expected(
        tables.PROVISIONING_STATUS,
        ["SMS", "NOT_CONFIGURED", 0, 0.0],
        ["SMS", "PROVISIONED", 1, 0.25],
        ["SMS", "WAITING", 1, 0.25],
        ["SMS", "IN_PROGRESS", 0, 0.0],
        ["SMS", "FAILED", 2, 0.5],
        ["VOICE", "NOT_CONFIGURED", 0, 0.0],
        ["VOICE", "PROVISIONED", 2, 0.5],
        ["VOICE", "WAITING", 0, 0.0],
        ["VOICE", "IN_PROGRESS", 0, 0.0],
        ["VOICE", "FAILED", 0, 0.0],
        ["VOICE", "ODD", 1, 0.25],
        ["VOICE", "PAUSED", 1, 0.25],
    )
    pd.testing.assert_frame_equal(analysis.provisioning_status(active), wanted)


def test_status_shows_missing_states_last():
    active = active_frame({}).assign(sms_state=pd.Series([None], dtype=object))

    result = analysis.provisioning_status(active)

    assert result[result["service"] == "SMS"]["numbers"].to_list() == [0, 0, 0, 0, 0, 1]
    assert result["state"].isna().to_list() == [False] * 5 + [True] + [False] * 5


def test_status_of_nothing_has_every_column_and_dtype():
    result = analysis.provisioning_status(active_frame())

    pd.testing.assert_frame_equal(result, tables.PROVISIONING_STATUS.empty())
