"""One row per number: what became of it, how far its set-up came, and what to do."""

from __future__ import annotations

import pandas as pd
import pytest

import numbers_toolkit as nt
from numbers_toolkit import files, tables
from numbers_toolkit.activation.overview import failed_numbers, overview, setup_counts
from numbers_toolkit.errors import ColumnError

FIRST, SECOND, THIRD = "+13075550142", "+13075550143", "+13075550144"


def results(*rows):
    full = [{"action": "rent", "outcome": "activated", "attempts": 1, **row} for row in rows]
    raw = pd.DataFrame(full, columns=list(tables.RESULTS.names), dtype=object)
    frame = files.restore(raw, tables.RESULTS)
    frame.attrs = {"source": "sandbox", "complete": True}
    return frame


def provisioning(*rows):
    full = [{"service": "SMS", **row} for row in rows]
    raw = pd.DataFrame(full, columns=list(tables.PROVISIONING_OUTCOME.names), dtype=object)
    return files.restore(raw, tables.PROVISIONING_OUTCOME)


def states(*given):
    return provisioning(
        *({"phone_number": FIRST, "service": service, "state": state} for service, state in given)
    )


def told(frame, *names):
    shown = frame[list(names)].astype(object)
    return list(shown.where(shown.notna(), None).itertuples(index=False, name=None))


def test_before_anything_is_known_of_the_set_up_the_run_speaks():
    given = results(
        {"phone_number": FIRST},
        {"phone_number": SECOND, "outcome": "refused", "reason": "No.", "what_to_do": "Ask."},
    )
    shown = overview(given)
    assert told(shown, "phone_number", "outcome", "set_up", "told", "what_to_do") == [
        (FIRST, "activated", None, None, None),
        (SECOND, "refused", None, "No.", "Ask."),
    ]
    assert shown.attrs == {"source": "sandbox", "complete": True}


def test_a_failure_comes_with_its_code_meaning_and_remedy():
    failure = {
        "phone_number": FIRST,
        "state": "FAILED",
        "error_code": "CAMPAIGN_EXPIRED",
        "meaning": "It has ended.",
        "remedy": "Renew it.",
    }
    ready = {"phone_number": FIRST, "service": "VOICE", "state": "PROVISIONED"}
    shown = overview(results({"phone_number": FIRST}), provisioning(failure, ready))
    assert told(shown, "set_up", "error_code", "told", "what_to_do") == [
        ("FAILED", "CAMPAIGN_EXPIRED", "It has ended.", "Renew it.")
    ]


def test_several_codes_of_a_number_stand_together():
    rows = [
        {
            "phone_number": FIRST,
            "state": "FAILED",
            "error_code": code,
            "meaning": f"{code}.",
            "remedy": "Ask.",
        }
        for code in ("A", "B")
    ]
    shown = overview(results({"phone_number": FIRST}), provisioning(*rows))
    assert told(shown, "error_code", "told", "what_to_do") == [("A;B", "A. B.", "Ask.")]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ([("SMS", "PROVISIONED"), ("VOICE", "NOT_CONFIGURED")], "READY"),
        ([("SMS", "NOT_CONFIGURED"), ("VOICE", "NOT_CONFIGURED")], None),
        ([("SMS", "PROVISIONED"), ("VOICE", "WAITING")], "WAITING"),
        ([("SMS", "IN_PROGRESS"), ("VOICE", "WAITING")], "IN_PROGRESS"),
        ([("SMS", "FAILED"), ("VOICE", "IN_PROGRESS")], "FAILED"),
        ([("SMS", "NOT_ACTIVE"), ("VOICE", "NOT_ACTIVE")], "NOT_ACTIVE"),
        ([("SMS", "NOT_READ"), ("VOICE", "NOT_READ")], "NOT_READ"),
        ([("SMS", "HOVERING"), ("VOICE", "PROVISIONED")], "HOVERING"),
    ],
)
def test_one_word_says_how_far_all_services_came(given, word):
    shown = overview(results({"phone_number": FIRST}), states(*given))
    assert told(shown, "set_up") == [(word,)]


def test_rows_keep_their_order_and_money_its_type():
    given = results(
        {"phone_number": THIRD, "setup_price": "1.00", "monthly_price": "0.60", "currency_code": "USD"},
        {"phone_number": FIRST},
    )
    shown = overview(given, states(("SMS", "WAITING")))
    assert told(shown, "phone_number", "set_up") == [(THIRD, None), (FIRST, "WAITING")]
    assert shown["setup_price"].dtype == given["setup_price"].dtype


def test_an_empty_result_has_every_column():
    shown = overview(results(), tables.PROVISIONING_OUTCOME.empty())
    assert shown.empty
    assert {"set_up", "error_code", "told", "what_to_do"} <= set(shown.columns)


def test_frames_of_something_else_are_refused():
    with pytest.raises(ColumnError):
        overview(tables.ACTIVE_NUMBERS.empty())
    with pytest.raises(ColumnError):
        overview(results(), tables.ACTIVE_NUMBERS.empty())


def test_states_are_counted_by_number():
    frame = provisioning(
        {"phone_number": FIRST, "state": "FAILED", "error_code": "A"},
        {"phone_number": FIRST, "state": "FAILED", "error_code": "B"},
        {"phone_number": SECOND, "state": "PROVISIONED"},
        {"phone_number": THIRD, "state": "NOT_CONFIGURED"},
    )
    assert setup_counts(frame) == {"FAILED": 1, "READY": 1}
    assert failed_numbers(frame) == (FIRST,)


def test_what_a_run_and_its_waiting_return_fits(client, tmp_path):
    run = nt.activate(nt.plan_activation(client, "2 US LOCAL"), journal=tmp_path / "r.jsonl", progress=False)
    frame = nt.wait_until_provisioned(client, run, progress=False)
    assert told(overview(run.to_frame(), frame), "outcome", "set_up") == [("activated", None)] * 2
