"""From the form to the order and after it: nothing is bought without a word, and what became of it is shown."""

from __future__ import annotations

import pytest

import numbers_toolkit as nt
from numbers_toolkit.errors import InvalidInputError, JournalError
from numbers_toolkit.widgets.order_form import OrderForm
from scripted_server import FakeClock
from test_order_form import GERMAN, PATIENCE, PDF, assert_hidden, button, checked, click, parts, widgets_of

HOURS = 3600


@pytest.fixture
def client(sandbox):
    clock = FakeClock()
    clock.on_sleep = lambda: sandbox.advance(clock.waits[-1])
    with nt.connect(sandbox=sandbox, clock=clock) as connected:
        yield connected


@pytest.fixture
def plan(client):
    return nt.plan_activation(client, "2 DE MOBILE")


@pytest.fixture
def form(client, plan, tmp_path):
    made = OrderForm(client, plan=plan, journals=tmp_path).wait(PATIENCE)
    yield made
    made.close()


def fill(form, **values):
    form.fill({**GERMAN, **values})
    form.attach("Business registration", PDF, document_type="Register extract", file_name="register.pdf")
    return checked(form)


def confirm(form):
    """Go on to the question in the panel that orders, and answer it with yes."""
    panel = form.activation.wait(PATIENCE)
    if panel.stage != "confirm":
        panel.proceed()
    assert panel.stage == "confirm", panel.notice
    panel.confirm()
    panel.wait(PATIENCE)
    return form.wait(PATIENCE)


def ordered(form, **values):
    fill(form, **values).order()
    return confirm(form)


def states(form):
    return form.orders.order_state.astype(str).to_list()


def bought(sandbox):
    return sorted(charge.phone_number for charge in sandbox.ledger)


# -- on to the order ---------------------------------------------------------------------------------------------


def test_the_kind_of_number_is_that_of_the_plan(form):
    assert form.requirements.kind == "DE MOBILE"
    assert button(form, "order")["label"] == "Go on to order 2 numbers"
    assert button(form, "order")["disabled"]


def test_unchecked_papers_order_nothing(form, sandbox):
    form.order()

    assert form.notice == "Check the papers first; nothing was sent."
    assert form.activation is None
    assert not sandbox.orders


def test_going_on_to_the_order_buys_nothing_yet(form, sandbox):
    fill(form)
    assert form.notice == "The papers are complete. Nothing was sent; go on to the order when you like."

    click(form, "order")
    form.activation.wait(PATIENCE)

    assert form.activation.papers == {("DE", "MOBILE"): form.papers}
    assert form.activation in widgets_of(form)
    assert not sandbox.orders


def test_orders_are_made_with_the_papers_and_followed_to_their_end(form, sandbox, plan):
    ordered(form)

    assert form.result.counts == {"activated": 2}
    assert states(form) == ["COMPLETED"] * 2
    assert form.notice == "2 orders: 2 completed."
    assert button(form, "order")["hidden"]
    assert bought(sandbox) == sorted(one.phone_number for one in plan.numbers)
    assert button(form, "resume")["hidden"]
    assert button(form, "order_anew")["hidden"]


def test_numbers_without_a_plan_are_planned_in_the_panel(client, sandbox, tmp_path):
    form = OrderForm(client, "DE", "MOBILE", numbers="1 DE MOBILE", journals=tmp_path).wait(PATIENCE)
    assert button(form, "order")["label"] == "Go on to order the numbers"

    fill(form).order()
    form.activation.wait(PATIENCE).check()
    confirm(form)

    assert states(form) == ["COMPLETED"]
    assert len(sandbox.ledger) == 1
    form.close()


def test_an_order_that_goes_on_is_not_begun_a_second_time(form, sandbox):
    fill(form).order()
    panel = form.activation.wait(PATIENCE)
    panel.proceed()
    panel.confirm()

    form.order()

    assert form.activation is panel
    assert "still being carried out below" in form.notice
    panel.wait(PATIENCE)
    assert len(sandbox.orders) == 2


def test_ordering_the_same_plan_again_shows_what_became_of_it(form, sandbox):
    ordered(form)

    form.order()
    form.activation.wait(PATIENCE)

    assert form.activation.result.counts == {"activated": 2}
    assert len(sandbox.orders) == 2


def test_papers_changed_before_the_order_are_taken_away_from_it(form):
    fill(form).order()
    form.activation.wait(PATIENCE)

    form.fill({"city": "Bonn"})
    assert form.activation.papers is None

    checked(form)
    assert form.activation.papers == {("DE", "MOBILE"): form.papers}


@pytest.mark.parametrize("name", ["order", "resume", "order_anew", "refresh"])
def test_where_there_is_nothing_to_order_that_is_said(client, name):
    form = OrderForm(client, "DE", "MOBILE").wait(PATIENCE)

    getattr(form, name)()

    assert form.notice
    assert not form.busy
    assert form.activation is None
    form.close()


@pytest.mark.parametrize(
    ("wanted", "kind", "message"),
    [
        ("1 US LOCAL", (None, None), "The plan orders no numbers: none of its numbers needs papers"),
        ("1 DE MOBILE", ("SE", None), "The plan orders no SE numbers; it orders DE MOBILE."),
        ("1 DE MOBILE", (None, "LOCAL"), "The plan orders no LOCAL numbers; it orders DE MOBILE."),
    ],
)
def test_a_form_for_a_plan_without_such_orders_is_refused(client, wanted, kind, message):
    with pytest.raises(InvalidInputError, match=message):
        OrderForm(client, *kind, plan=nt.plan_activation(client, wanted))


def test_papers_of_one_kind_are_not_used_for_another(client, sandbox, tmp_path):
    plan = nt.plan_activation(client, "1 DE MOBILE, 1 AU MOBILE")
    form = OrderForm(client, "DE", plan=plan, journals=tmp_path).wait(PATIENCE)
    fill(form).order()

    assert form.activation.wait(PATIENCE).papers == {("DE", "MOBILE"): form.papers}
    form.close()


# -- what becomes of it ------------------------------------------------------------------------------------------


def test_what_the_reviewers_ask_for_can_be_given(form, sandbox):
    ordered(form, city="SANDBOX_BLOCK")
    assert states(form) == ["BLOCKED"] * 2
    assert "Please correct the data" in form.orders.reason[0]
    assert "SANDBOX_BLOCK" not in form.orders.to_csv()
    assert not button(form, "resume")["hidden"]
    rows = form._view.table.frame
    assert rows.what_to_do.str.contains("before it ends at 2026-03-04").all()

    form.fill({"city": "Köln"})
    assert button(form, "resume")["disabled"]
    checked(form)
    click(form, "resume")
    assert form.activation.stage == "confirm"
    confirm(form)

    assert states(form) == ["COMPLETED"] * 2
    assert len(sandbox.orders) == 2
    assert len(bought(sandbox)) == 2


def test_rejected_numbers_can_be_ordered_anew(form, sandbox):
    ordered(form, companyName="SANDBOX_REJECT")
    assert states(form) == ["REJECTED"] * 2
    assert bought(sandbox) == []
    assert button(form, "resume")["hidden"]

    form.fill({"companyName": "Beispiel GmbH"})
    checked(form)
    click(form, "order_anew")
    form.activation.wait(PATIENCE).check()
    confirm(form)

    assert states(form) == ["COMPLETED"] * 2
    assert len(bought(sandbox)) == 2


def test_orders_that_have_expired_are_made_anew(form, sandbox):
    ordered(form, city="SANDBOX_BLOCK")
    sandbox.advance(49 * HOURS)
    form.refresh()
    form.wait(PATIENCE)
    assert states(form) == ["EXPIRED"] * 2
    assert form.orders.order_expires_at.notna().all()
    assert not button(form, "resume")["hidden"]

    form.fill({"city": "Köln"})
    checked(form)
    form.resume()
    confirm(form)

    assert states(form) == ["COMPLETED"] * 2
    assert len(bought(sandbox)) == 2


def test_papers_that_the_api_refuses_leave_a_draft_to_go_on_with(client, plan, sandbox, tmp_path):
    """The schema of the answer may know less than the API."""
    form = OrderForm(client, plan=plan, journals=tmp_path).wait(PATIENCE)
    fill(form, postalCode="5066")
    click(form, "keep")
    form.order()
    confirm(form)

    assert states(form) == ["CREATED"] * 2
    assert "refuses the registration data" in form.orders.reason[0]
    assert bought(sandbox) == []

    form.fill({"postalCode": "50667"})
    checked(form)
    form.resume()
    confirm(form)

    assert states(form) == ["COMPLETED"] * 2
    form.close()


def test_a_new_kernel_goes_on_from_the_journal(form, client, sandbox, tmp_path):
    ordered(form, city="SANDBOX_BLOCK")
    journal = form.result.journal
    form.close()

    again = OrderForm(client, journal=journal, journals=tmp_path).wait(PATIENCE)
    assert again.requirements.kind == "DE MOBILE"
    assert states(again.wait(PATIENCE)) == ["BLOCKED"] * 2
    fill(again)
    assert "go on with the orders below" in again.notice
    again.resume()
    confirm(again)

    assert states(again) == ["COMPLETED"] * 2
    assert len(sandbox.orders) == 2
    again.close()


def test_a_journal_that_is_none_is_refused(client, tmp_path):
    with pytest.raises(JournalError):
        OrderForm(client, journal=tmp_path / "none.jsonl")


def test_orders_are_read_again_at_will(form, sandbox):
    ordered(form)
    before = len([one for one in sandbox.requests if one.operation == "get_order"])

    click(form, "refresh")

    assert len([one for one in sandbox.requests if one.operation == "get_order"]) == before + 2


def test_a_server_that_is_gone_is_said_and_loses_nothing(form, sandbox):
    ordered(form)
    sandbox.stop()

    click(form, "refresh")

    assert form.notice
    assert states(form) == ["COMPLETED"] * 2
    assert form.papers is not None


def test_the_journal_holds_nothing_personal(form):
    ordered(form, companyName="Zebediah", city="Quillfeather-Street-17", contactEmail="zebediah@example.com")

    assert form.result.counts == {"activated": 2}
    assert_hidden(form.result.journal.read_text(encoding="utf-8"))
    assert_hidden(repr(form.result))
    assert_hidden(form.orders.to_csv())


def test_a_closed_form_closes_what_it_opened(form):
    ordered(form)
    panel = form.activation

    form.close()

    assert panel.closed
    assert form.activation is None
    assert form.result is None
    assert not any(parts(form).values.values())
