"""What the activation panel says and asks: the library's advice in the words of its buttons, and its settings."""

from __future__ import annotations

import pandas as pd
import pytest

from numbers_toolkit import files, markup, tables
from numbers_toolkit.activation.items import Advice, PlannedRelease, Wish
from numbers_toolkit.errors import InvalidInputError, PlanError
from numbers_toolkit.formatting import phone_text
from numbers_toolkit.widgets.activation_settings import InUse, Settings
from numbers_toolkit.widgets.activation_task import Buying, Given, Repairing, opened
from numbers_toolkit.widgets.activation_words import (
    as_clicked,
    failures_html,
    faults_html,
    hint_html,
    plan_columns,
    plan_html,
    provisioning_told,
)
from plans import change_plan, plan_of, planned

FIRST, SECOND = "+13075550142", "+13075550143"


@pytest.mark.parametrize(
    ("told", "clicked"),
    [
        ("Go on with resume_activation.", "Go on with 'Resume'."),
        ("Go on with resume_activation, which orders it.", "Go on with 'Resume', which orders it."),
        (
            "Go on with resume_activation(journal, order_again=True) to order it anew.",
            "Go on with 'Resume' and 'Order again' ticked to order it anew.",
        ),
        (
            "go on with resume_activation(journal, known_orders=[id]). Otherwise",
            "go on with 'Resume' and panel.resume(known_orders=[id]). Otherwise",
        ),
        ("service_plan_id 'x y' holds ' '.", "'SMS service plan' 'x y' holds ' '."),
        ("callback_url holds blanks.", "'Events to' holds blanks."),
        ("to use another one, give it as campaign_id=.", "to use another one, give it as '10DLC campaign'."),
        (
            "plan again with mended='CAMPAIGN_EXPIRED'.",
            "plan again with 'Causes that are mended: CAMPAIGN_EXPIRED'.",
        ),
        ("Nothing of this kind: 5 numbers.", "Nothing of this kind: 5 numbers."),
    ],
)
def test_advice_names_what_can_be_clicked(told, clicked):
    assert as_clicked(told) == clicked


def test_a_plan_speaks_of_buttons_too():
    advice = Advice(phone_number=FIRST, step="change campaign", text="Give another one as campaign_id=.")
    shown = markup.plain(plan_html(change_plan(purpose="repair", advice=(advice,))))
    assert "Give another one as '10DLC campaign'." in shown


def test_what_keeps_a_plan_from_being_carried_out_is_said_once():
    whole = plan_of()
    assert hint_html(whole, [], has_client=True) == ""
    assert "needs a client" in hint_html(whole, [("AU", "MOBILE")], has_client=False)
    assert "Papers are required for AU MOBILE" in hint_html(whole, [("AU", "MOBILE")], has_client=True)
    assert "Nothing can be sent safely" in hint_html(change_plan(purpose="repair"), [], has_client=True)


def test_faults_of_a_plan_are_shown_as_text():
    shown = faults_html(PlanError("x", faults=["<b>one</b>", "two"]), [FIRST])
    assert "<b>" not in shown
    assert "for 2 reasons. Nothing was bought." in shown
    assert "Leave out 1 number and check again" in shown


def test_failures_are_told_once_for_all_numbers_that_they_are_the_same_for():
    rows = [
        {
            "phone_number": number,
            "service": "SMS",
            "state": "FAILED",
            "error_code": "CAMPAIGN_EXPIRED",
            "meaning": "<i>It has ended.</i>",
            "remedy": "Renew it.",
            "who_acts": "you",
        }
        for number in (FIRST, SECOND)
    ]
    frame = files.restore(
        pd.DataFrame(rows, columns=list(tables.PROVISIONING_OUTCOME.names), dtype=object),
        tables.PROVISIONING_OUTCOME,
    )
    shown = failures_html(frame)
    assert shown.count("It has ended.") == 1
    assert "<i>" not in shown
    assert "2 numbers" in markup.plain(shown)
    assert "+1 307 555 0142" in shown
    assert failures_html(tables.PROVISIONING_OUTCOME.empty()) == ""


@pytest.mark.parametrize(
    ("counts", "numbers", "told", "tone"),
    [
        ({"READY": 1}, 1, "1 number is ready.", "good"),
        ({"READY": 2, "WAITING": 1}, 3, "2 of 3 numbers are ready, 1 not decided.", "warn"),
        ({"FAILED": 2}, 2, "0 of 2 numbers are ready, 2 failed.", "warn"),
        ({"READY": 1}, 2, "1 of 2 numbers is ready, 1 not decided.", "warn"),
    ],
)
def test_how_set_ups_ended_is_one_sentence(counts, numbers, told, tone):
    text, seen = provisioning_told(counts, numbers)
    assert text.startswith(told)
    assert seen == tone


def test_columns_without_anything_to_say_are_left_out():
    names = [one.name for one in plan_columns(plan_of().to_frame())]
    assert "payment_interval_months" not in names
    assert "papers_required" not in names
    assert "wish" not in names
    more = plan_columns(plan_of(planned(papers=True)).to_frame())
    assert "papers_required" in [one.name for one in more]


# -- settings and tasks -------------------------------------------------------------------------------------------


def test_settings_are_what_plans_are_made_with():
    assert Settings(service_plan_id="p", max_monthly="5 USD").arguments() == {
        "service_plan_id": "p",
        "campaign_id": None,
        "campaign_limit": 50,
        "voice_type": None,
        "voice_id": None,
        "callback_url": None,
        "max_setup": None,
        "max_monthly": "5 USD",
        "max_price": None,
    }


def test_a_repair_knows_a_limit_that_a_person_names():
    assert Settings(campaign_id="C").repair_arguments()["limits"] is None
    assert Settings(campaign_id="C", campaign_limit=None).repair_arguments()["limits"] == {"C": None}


def test_settings_survive_the_form():
    settings = Settings(service_plan_id="p", campaign_id="c", campaign_limit=None, max_price="1 USD")
    for task in (opened("1 US LOCAL")[0], Repairing((FIRST,), ("A",))):
        fields = [one["name"] for one in task.fields(settings, InUse(), {})]
        kept = Settings.of_values(settings.values(InUse(), dict.fromkeys(fields, "")))
        assert (kept.service_plan_id, kept.campaign_id, kept.campaign_limit) == ("p", "c", None)


def test_what_is_bought_is_kept_as_it_was_given():
    frame = pd.DataFrame({"phone_number": [FIRST, SECOND]})
    task, plan, _ = opened(frame)
    frame.loc[0, "phone_number"] = "+13075550199"
    assert plan is None
    assert task.phone_numbers == (FIRST, SECOND)
    assert list(task.what.phone_number) == [FIRST, SECOND]


def test_a_generator_can_be_planned_twice():
    task, _, _ = opened(one for one in [FIRST, "2 US LOCAL"])
    assert task.what == [FIRST, "2 US LOCAL"]


@pytest.mark.parametrize(
    "what",
    [
        [FIRST, SECOND, Wish(count=1, region_code="US", number_type="LOCAL")],
        (FIRST, SECOND, "1 US LOCAL"),
        [pd.DataFrame({"phone_number": [FIRST, SECOND]}), "1 US LOCAL"],
    ],
    ids=["list", "tuple", "frame in a list"],
)
def test_numbers_can_be_left_out_of_whatever_names_them(what):
    left = opened(what)[0].without([FIRST])
    assert left.phone_numbers == (SECOND,)
    assert len(left.wanted.wishes) == 1


def test_a_plan_tells_what_it_was_made_of():
    wish = Wish(count=1, region_code="US", number_type="LOCAL")
    task, plan, _ = opened(plan_of(planned(wish=0), planned(SECOND), wishes=(wish,)))
    assert isinstance(task, Buying)
    assert task.about() == f"1 US LOCAL and 1 chosen ({phone_text(SECOND)})"
    assert plan is not None


def test_a_repair_can_be_planned_anew_and_a_release_can_not():
    advice = Advice(phone_number=SECOND, step="wait", text="Wait.", error_code="MNO_SHARING_ERROR")
    task, _, _ = opened(change_plan(purpose="repair", advice=(advice,)))
    assert task == Repairing((SECOND,), ("MNO_SHARING_ERROR",))
    release = change_plan(PlannedRelease(phone_number=FIRST), purpose="release")
    assert opened(release)[0] == Given(release)


def test_what_names_nothing_is_refused():
    with pytest.raises(InvalidInputError):
        opened(object())
