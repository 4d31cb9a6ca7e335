"""The rules of repair: what follows from each code, and that the strictest of several decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from numbers_toolkit import error_codes
from numbers_toolkit.activation import remedies
from numbers_toolkit.activation.remedies import Choices, Cure, Failure, next_step

FAILED_AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
LATER = FAILED_AT + timedelta(days=3)
VOICE = error_codes.VOICE_FAILED
CAMPAIGN_CODES = [
    code
    for code in error_codes.CATALOGUE
    if "CAMPAIGN" in code or code in ("EXCEEDED_10DLC_LIMIT", "MNO_SHARING_ERROR")
]


def failure(*codes, **given):
    known = {
        "phone_number": "+13075550142",
        "region_code": "US",
        "number_type": "LOCAL",
        "service": "SMS",
        "service_plan_id": "P1",
        "campaign_id": "C1",
        "updated_at": FAILED_AT,
    }
    return Failure(codes=codes, **{**known, **given})


def steps(*codes, now=LATER, choices=None, **given):
    step = next_step(failure(*codes, **given), choices or Choices(), now)
    return [one.step for one in step] if isinstance(step, tuple) else "repeat"


def cure(*codes, choices=None, now=LATER, **given):
    step = next_step(failure(*codes, **given), choices or Choices(), now)
    assert isinstance(step, Cure), step
    return step


def only_advice(*codes, choices=None, now=LATER, **given):
    (told,) = next_step(failure(*codes, **given), choices or Choices(), now)
    return told


@pytest.mark.parametrize("code", [code for code in error_codes.CATALOGUE if code != VOICE])
def test_every_code_has_a_step_that_fits_its_retry_class(code):
    expected = {
        "wait and repeat": {"repeat"},
        "repeat once": {"repeat"},
        "after a change": {"change plan", "change campaign", "top up credit"},
        "do not repeat": {"change campaign", "release and replace", "call support", "unlink campaign"},
    }[error_codes.lookup(code).retry]
    step = remedies._RULES[code].step
    assert step in expected
    assert (step == "call support") == (
        error_codes.lookup(code).who_acts == "Sinch support" and step != "repeat"
    )


def test_rules_know_every_code_of_the_catalogue_and_no_other():
    assert set(remedies._RULES) == set(error_codes.CATALOGUE)
    assert {one.step for one in remedies._RULES.values()} <= set(remedies.STEPS)


@pytest.mark.parametrize("code", ["ERROR_CODE_UNSPECIFIED", "INTERNAL_ERROR"])
def test_what_may_pass_is_repeated_with_the_same_ids(code):
    found = cure(code)

    assert found.changes == {"service_plan_id": "P1", "campaign_id": "C1"}
    assert found.unlink == {}
    assert found.before == {"service_plan_id": "", "campaign_id": ""}
    assert (
        f"failed with {code}: the same update again, a first repeat since 2026-03-01T10:00:00Z"
        in found.reason
    )
    assert "If it fails again, call Sinch support with +13075550142" in found.reason


@pytest.mark.parametrize(
    ("code", "pause"),
    [
        ("INTERNAL_ERROR", timedelta(minutes=15)),
        ("PARTNER_SERVICE_UNAVAILABLE", timedelta(minutes=15)),
        ("CAMPAIGN_PENDING_ACCEPTANCE", timedelta(hours=4)),
        ("CAMPAIGN_MNO_REVIEW", timedelta(hours=12)),
    ],
)
def test_what_needs_time_is_repeated_after_it_and_not_before(code, pause):
    early = only_advice(code, now=FAILED_AT + pause - timedelta(seconds=1))

    assert early.step == "wait until"
    assert datetime.fromisoformat(early.not_before) == FAILED_AT + pause
    assert early.not_before.endswith("Z")
    assert steps(code, now=FAILED_AT + pause) == "repeat"


def test_a_failure_of_unknown_time_is_repeated_at_once():
    found = cure("PARTNER_SERVICE_UNAVAILABLE", updated_at=None)
    assert "a first repeat." in found.reason


def test_the_longest_of_several_waits_counts():
    told = only_advice("CAMPAIGN_MNO_REVIEW", "PARTNER_SERVICE_UNAVAILABLE", now=FAILED_AT)
    assert (told.error_code, told.not_before) == ("CAMPAIGN_MNO_REVIEW", "2026-03-01T22:00:00Z")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("NUMBER_PROVISIONING_FAILED", "INTERNAL_ERROR", "INSUFFICIENT_BALANCE"), ["release and replace"]),
        (("INSUFFICIENT_BALANCE", "PARTNER_SERVICE_UNAVAILABLE"), ["top up credit"]),
        (("SMS_PROVISIONING_FAILED", "CAMPAIGN_EXPIRED"), ["change plan", "change campaign"]),
        (("INVALID_NNID", "INTERNAL_ERROR"), ["call support"]),
        (("CAMPAIGN_MNO_REVIEW", "CAMPAIGN_MNO_SUSPENDED"), ["change campaign"]),
        (("BRAND_NEW", "INTERNAL_ERROR"), ["call support"]),
    ],
)
def test_nothing_is_repeated_while_one_cause_stands(codes, expected):
    assert steps(*codes) == expected
    assert steps(*reversed(codes)) == expected[::-1]


def test_an_unknown_code_goes_to_support_with_what_to_quote():
    told = only_advice("BRAND_NEW")

    assert told.step == "call support"
    assert "Quote number +13075550142, code BRAND_NEW of 2026-03-01T10:00:00Z." in told.text


def test_release_and_replace_is_advice_that_says_that_nothing_is_released():
    told = only_advice("NUMBER_PROVISIONING_FAILED")

    assert "Nothing is released by this plan" in told.text
    assert "mended" not in told.text


@pytest.mark.parametrize("given", ["P2", {"P1": "P2"}])
def test_another_plan_takes_the_place_of_the_one_that_failed(given):
    found = cure("SMS_PROVISIONING_FAILED", choices=Choices(service_plan_id=given))

    assert found.changes == {"service_plan_id": "P2", "campaign_id": "C1"}
    assert "plan P2 in place of P1" in found.reason


@pytest.mark.parametrize("given", ["P1", {"P1": "P1"}, {"P9": "P2"}, ""])
def test_the_plan_that_failed_is_not_used_again(given):
    told = only_advice("SMS_PROVISIONING_FAILED", choices=Choices(service_plan_id=given))
    assert told.step == "change plan"
    assert "It was plan P1" in told.text
    assert ("the same that service_plan_id= names" in told.text) == (given == "P1")


def test_another_plan_is_not_used_where_the_plan_is_not_at_fault():
    found = cure("INTERNAL_ERROR", choices=Choices(service_plan_id="P2", campaign_id="C2"))
    assert found.changes == {"service_plan_id": "P1", "campaign_id": "C1"}


@pytest.mark.parametrize(
    "code",
    [one for one in CAMPAIGN_CODES if one not in ("CAMPAIGN_PENDING_ACCEPTANCE", "CAMPAIGN_MNO_REVIEW")],
)
def test_another_campaign_takes_the_place_of_the_one_that_failed(code):
    found = cure(code, choices=Choices(campaign_id="C2"))
    assert found.changes == {"service_plan_id": "P1", "campaign_id": "C2"}


@pytest.mark.parametrize("code", ["CAMPAIGN_PENDING_ACCEPTANCE", "CAMPAIGN_MNO_REVIEW"])
def test_a_campaign_that_needs_time_is_left_only_when_it_is_named(code):
    early = FAILED_AT + timedelta(minutes=1)
    assert steps(code, now=early, choices=Choices(campaign_id="C2")) == ["wait until"]
    found = cure(code, now=early, choices=Choices(campaign_id={"C1": "C2"}))
    assert found.changes["campaign_id"] == "C2"


def test_another_campaign_settles_all_codes_of_the_old_one():
    codes = ("CAMPAIGN_EXPIRED", "CAMPAIGN_MNO_REVIEW", "MNO_SHARING_ERROR")
    found = cure(*codes, now=FAILED_AT, choices=Choices(campaign_id="C2"))
    assert found.changes["campaign_id"] == "C2"


def test_a_number_leaves_its_present_links_only_for_other_ones():
    codes = ("SMS_PROVISIONING_FAILED", "CAMPAIGN_EXPIRED")
    choices = Choices(service_plan_id="P2", campaign_id="C2")
    found = cure(*codes, choices=choices, service_plan_now="P0", campaign_now="C0")

    assert found.unlink == {"service_plan_id": "", "campaign_id": ""}
    assert found.before == {"service_plan_id": "P0", "campaign_id": "C0"}
    assert cure(*codes, choices=choices, service_plan_now="P2").unlink == {}


def test_a_repeat_does_not_take_working_links_away():
    found = cure("INTERNAL_ERROR", service_plan_now="P0", campaign_now="C0")
    assert found.unlink == {}
    assert found.changes == {"service_plan_id": "P1", "campaign_id": "C1"}


def test_a_campaign_is_sent_with_the_plan_in_force():
    found = cure("INTERNAL_ERROR", service_plan_id="", service_plan_now="P0")
    assert found.changes == {"service_plan_id": "P0", "campaign_id": "C1"}


def test_a_campaign_without_any_plan_needs_one_from_a_person():
    assert steps("INTERNAL_ERROR", service_plan_id="") == ["set again"]
    found = cure("INTERNAL_ERROR", service_plan_id="", choices=Choices(service_plan_id="P2"))
    assert found.changes == {"service_plan_id": "P2", "campaign_id": "C1"}


def test_what_was_being_set_must_be_known():
    told = only_advice("INTERNAL_ERROR", service_plan_id="", campaign_id="")
    assert told.step == "set again"
    assert "plan_update" in told.text


def test_a_toll_free_number_is_taken_off_its_campaign():
    found = cure("TFN_NOT_ALLOWED", "CAMPAIGN_EXPIRED", number_type="TOLL_FREE")
    assert found.changes == {"service_plan_id": "P1", "campaign_id": ""}
    assert "campaign C1 is taken off" in found.reason
    assert "not toll-free numbers" in found.reason


def test_a_plan_that_is_in_force_is_not_set_again_when_a_campaign_is_taken_off():
    found = cure("TFN_NOT_ALLOWED", number_type="TOLL_FREE", service_plan_now="P1")
    assert found.changes == {"campaign_id": ""}


@pytest.mark.parametrize("kind", [("SE", "MOBILE"), ("US", "TOLL_FREE"), ("", "TOLL_FREE")])
def test_no_campaign_is_linked_to_a_number_that_none_can_hold(kind):
    found = cure("INTERNAL_ERROR", region_code=kind[0], number_type=kind[1])
    assert found.changes == {"service_plan_id": "P1", "campaign_id": ""}


def test_a_campaign_in_force_shows_that_the_number_can_be_held():
    found = cure("INTERNAL_ERROR", region_code="CA", campaign_now="C1")
    assert found.changes["campaign_id"] == "C1"


@pytest.mark.parametrize(
    "code", ["INSUFFICIENT_BALANCE", "CAMPAIGN_EXPIRED", "CAMPAIGN_MNO_SUSPENDED", "BRAND_NEW"]
)
def test_a_cause_that_is_mended_is_repeated_at_once(code):
    assert steps(code, choices=Choices(mended=frozenset({code})), now=FAILED_AT) == "repeat"
    assert "mended='" + code in only_advice(code).text


def test_a_mended_cause_does_not_hide_another():
    mended = Choices(mended=frozenset({"INSUFFICIENT_BALANCE"}))
    assert steps("INSUFFICIENT_BALANCE", "CAMPAIGN_EXPIRED", choices=mended) == ["change campaign"]


def test_a_full_campaign_is_tried_again_where_its_limit_is_known():
    assert steps("EXCEEDED_10DLC_LIMIT") == ["change campaign"]
    assert steps("EXCEEDED_10DLC_LIMIT", choices=Choices(limits={"C1": None})) == "repeat"
    assert steps("EXCEEDED_10DLC_LIMIT", choices=Choices(limits={"C9": None})) == ["change campaign"]


@pytest.mark.parametrize("service", ["SMS", "VOICE"])
def test_a_number_that_cannot_do_it_is_not_tried_again(service):
    told = only_advice("INTERNAL_ERROR", service=service, capable=False)
    assert told.step == "release and replace"
    assert f"no {service} capability" in told.text


def test_voice_is_repeated_with_its_type_and_id():
    found = cure(
        VOICE, service="VOICE", voice_type="EST", voice_id="trunk", voice_type_now="RTC", voice_id_now="app"
    )
    assert found.changes == {"voice_type": "EST", "voice_id": "trunk"}
    assert found.before == {"voice_type": "RTC", "voice_id": "app"}
    assert "without a cause" in found.reason


@pytest.mark.parametrize("ids", [{}, {"voice_type": "EST"}, {"voice_type": "SIP2", "voice_id": "x"}])
def test_voice_that_cannot_be_sent_again_is_left_to_a_person(ids):
    assert steps(VOICE, service="VOICE", **ids) == ["set again"]


def test_every_code_of_the_catalogue_has_a_rule():
    assert set(remedies._RULES) == set(error_codes.CATALOGUE)


def test_steps_are_the_words_that_saved_plans_hold():
    assert remedies.STEPS == (
        "repeat",
        "wait until",
        "change plan",
        "change campaign",
        "unlink campaign",
        "top up credit",
        "set again",
        "release and replace",
        "call support",
    )
