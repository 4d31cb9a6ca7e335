"""The provisioning error catalogue."""

from __future__ import annotations

import pickle

import pytest

from numbers_toolkit import error_codes
from numbers_toolkit.error_codes import CATALOGUE, lookup

NINE = [
    "INTERNAL_ERROR",
    "SMS_PROVISIONING_FAILED",
    "CAMPAIGN_PROVISIONING_FAILED",
    "CAMPAIGN_NOT_AVAILABLE",
    "EXCEEDED_10DLC_LIMIT",
    "NUMBER_PROVISIONING_FAILED",
    "PARTNER_SERVICE_UNAVAILABLE",
    "CAMPAIGN_PENDING_ACCEPTANCE",
    "MNO_SHARING_ERROR",
]
NEWER = [
    "CAMPAIGN_EXPIRED",
    "CAMPAIGN_MNO_REJECTED",
    "CAMPAIGN_MNO_SUSPENDED",
    "CAMPAIGN_MNO_REVIEW",
    "INSUFFICIENT_BALANCE",
    "MOCK_CAMPAIGN_NOT_ALLOWED",
    "TFN_NOT_ALLOWED",
    "INVALID_NNID",
]
VOICE = "PROVISIONING_TO_VOICE_PLATFORM_FAILED"


def test_catalogue_holds_all_codes_in_order():
    assert list(CATALOGUE) == [*NINE, *NEWER, VOICE, "ERROR_CODE_UNSPECIFIED"]


def test_every_entry_is_complete_and_uses_the_closed_vocabularies():
    for code, entry in CATALOGUE.items():
        assert entry.code == code
        assert entry.title
        assert entry.meaning.endswith(".")
        assert entry.remedy.endswith(".")
        assert entry.who_acts in ("you", "Sinch (wait)", "Sinch support")
        assert entry.retry in ("wait and repeat", "repeat once", "after a change", "do not repeat")
        assert entry.confidence in error_codes.CONFIDENCE
        assert entry.source


@pytest.mark.parametrize(
    ("retry", "codes"),
    [
        (
            "wait and repeat",
            {"PARTNER_SERVICE_UNAVAILABLE", "CAMPAIGN_PENDING_ACCEPTANCE", "CAMPAIGN_MNO_REVIEW"},
        ),
        ("repeat once", {"INTERNAL_ERROR", "ERROR_CODE_UNSPECIFIED"}),
        (
            "after a change",
            {
                "SMS_PROVISIONING_FAILED",
                "CAMPAIGN_PROVISIONING_FAILED",
                "CAMPAIGN_NOT_AVAILABLE",
                "EXCEEDED_10DLC_LIMIT",
                "MNO_SHARING_ERROR",
                "CAMPAIGN_EXPIRED",
                "INSUFFICIENT_BALANCE",
                VOICE,
            },
        ),
        (
            "do not repeat",
            {
                "NUMBER_PROVISIONING_FAILED",
                "CAMPAIGN_MNO_REJECTED",
                "CAMPAIGN_MNO_SUSPENDED",
                "MOCK_CAMPAIGN_NOT_ALLOWED",
                "TFN_NOT_ALLOWED",
                "INVALID_NNID",
            },
        ),
    ],
)
def test_retry_class_of_every_code(retry, codes):
    assert {code for code, entry in CATALOGUE.items() if entry.retry == retry} == codes


def test_codes_that_wait_are_the_ones_to_repeat_later():
    waiting = {code for code, entry in CATALOGUE.items() if entry.who_acts == "Sinch (wait)"}

    assert waiting == {"PARTNER_SERVICE_UNAVAILABLE", "CAMPAIGN_PENDING_ACCEPTANCE", "CAMPAIGN_MNO_REVIEW"}


def test_support_acts_on_faults_without_a_cause_that_the_user_can_mend():
    support = {code for code, entry in CATALOGUE.items() if entry.who_acts == "Sinch support"}

    assert support == {"INTERNAL_ERROR", "ERROR_CODE_UNSPECIFIED", "INVALID_NNID"}


def test_severities_are_a_ranking_in_which_you_come_before_support_and_waiting_last():
    ranked = sorted(CATALOGUE.values(), key=lambda entry: entry.severity)
    order = {"you": 0, "Sinch support": 1, "Sinch (wait)": 2}

    assert len({entry.severity for entry in ranked}) == len(ranked)
    assert [order[entry.who_acts] for entry in ranked] == sorted(order[entry.who_acts] for entry in ranked)
    assert ranked[0].code == "INSUFFICIENT_BALANCE"


def test_titles_are_unique():
    assert len({entry.title for entry in CATALOGUE.values()}) == len(CATALOGUE)


def test_events_carry_fifteen_codes_and_the_voice_one():
    in_events = {code for code, entry in CATALOGUE.items() if "event" in entry.shown_in}

    polled_only = {"ERROR_CODE_UNSPECIFIED", "INTERNAL_ERROR", "SMS_PROVISIONING_FAILED"}
    assert in_events == set(CATALOGUE) - polled_only
    assert len(in_events) == 16
    assert {code for code, entry in CATALOGUE.items() if "poll" not in entry.shown_in} == {VOICE}


def test_limits_of_a_campaign():
    assert dict(CATALOGUE["EXCEEDED_10DLC_LIMIT"].limits) == {
        "most campaigns": 50,
        "sole proprietor": 1,
        "number pool": None,
    }


def test_published_external_codes():
    external = {
        code: [one for one, _ in entry.external_codes]
        for code, entry in CATALOGUE.items()
        if entry.external_codes
    }

    assert external == {
        "INTERNAL_ERROR": ["CRS0003", "CRS0013", "CRS0015"],
        "CAMPAIGN_NOT_AVAILABLE": ["501", "502"],
        "EXCEEDED_10DLC_LIMIT": ["CRS0001"],
    }


def test_lookup_of_the_old_spelling_gives_todays_entry():
    assert lookup("10DLC_LIMIT_EXCEEDED") is CATALOGUE["EXCEEDED_10DLC_LIMIT"]
    assert error_codes.is_known("10DLC_LIMIT_EXCEEDED")


@pytest.mark.parametrize("code", ["SOMETHING_NEW", "", "internal_error"])
def test_lookup_of_an_unknown_code_keeps_it_and_sends_to_support(code):
    entry = lookup(code)

    assert entry.code == code
    assert (entry.who_acts, entry.retry, entry.confidence) == ("Sinch support", "ask support", "inferred")
    assert "new to this version" in entry.meaning
    assert not error_codes.is_known(code)


def test_unknown_codes_rank_between_support_and_waiting():
    assert lookup("SOMETHING_NEW").severity not in {entry.severity for entry in CATALOGUE.values()}
    assert CATALOGUE["ERROR_CODE_UNSPECIFIED"].severity < lookup("X").severity
    assert lookup("X").severity < CATALOGUE["PARTNER_SERVICE_UNAVAILABLE"].severity


def test_catalogue_cannot_be_changed():
    with pytest.raises(TypeError):
        CATALOGUE["X"] = lookup("X")
    with pytest.raises(AttributeError):
        CATALOGUE["INTERNAL_ERROR"].retry = "do not repeat"


def test_entries_pickle():
    entry = CATALOGUE["CAMPAIGN_EXPIRED"]

    assert pickle.loads(pickle.dumps(entry)) == entry


def test_frame_has_a_row_per_code_as_text():
    frame = error_codes.frame()

    assert frame["code"].to_list() == list(CATALOGUE)
    assert {str(dtype) for name, dtype in frame.dtypes.items() if name != "severity"} == {"str"}
    assert frame["severity"].dtype == "Int64"
    assert not frame.isna().any(axis=None)
    row = frame.set_index("code").loc["CAMPAIGN_NOT_AVAILABLE"]
    assert row["shown_in"] == "poll; event"
    assert row["external_codes"].startswith("501: Sinch is not the direct connect aggregator; 502: ")
    assert row["limits"] == ""
