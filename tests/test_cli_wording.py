"""Advice of the library in the words of the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import numbers_toolkit as nt
from numbers_toolkit.cli.wording import as_typed, ways_to_go_on

ACTIVATION = Path(nt.__file__).parent / "activation"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Go on later with resume_activation.", "Go on later with `numbers-toolkit resume JOURNAL`."),
        (
            'Go on with nt.resume_activation("my run.jsonl").',
            "Go on with `numbers-toolkit resume 'my run.jsonl'`.",
        ),
        ('nt.read_result("run.jsonl") shows it.', "`numbers-toolkit resume run.jsonl --show` shows it."),
        (
            "go on with resume_activation(journal, known_orders=[id]).",
            "go on with `numbers-toolkit resume JOURNAL --known-order ID`.",
        ),
        ("plan it with everything=True; carrying it out", "plan it with --everything; carrying it out"),
        ("plan again with mended='INSUFFICIENT_BALANCE'.", "plan again with --mended INSUFFICIENT_BALANCE."),
        ("say so with limits={'CABC123': None}.", "say so with --limit CABC123=none."),
        (
            "to use another one, give it as service_plan_id=.",
            "to use another one, give it as --service-plan.",
        ),
        ("but service_plan_id='' takes it away", "but --service-plan '' takes it away"),
        ("voice_id='x' needs a type", "--voice-id 'x' needs a type"),
        (
            "for example max_setup={'SEK': ..., 'USD': ...}.",
            "for example --max-setup '25.00 USD', once for each.",
        ),
        ("give them as papers=nt.Papers(...).", "give them as --papers FILE."),
        ("Set it with plan_update.", "Set it with `numbers-toolkit update`."),
    ],
)
def test_arguments_become_options_and_functions_commands(text: str, typed: str) -> None:
    assert as_typed(text) == typed


@pytest.mark.parametrize(
    "text",
    [
        "there are row, national, display_name, voice_id, callback_url.",
        "field 'smsConfiguration.servicePlanId': must be given",
        "{campaign_id} in braces",
        "service_plan_id of 11 numbers",
        "",
    ],
)
def test_names_of_columns_and_of_the_api_stay(text: str) -> None:
    assert as_typed(text) == text


def test_every_argument_that_advice_names_has_its_option() -> None:
    """What the library tells people to pass to resume_activation can be typed as well."""
    told = [
        found
        for path in ACTIVATION.glob("*.py")
        for found in re.findall(
            r"resume_activation\(journal, \"?\s*\"?(\w+)=", path.read_text(encoding="utf-8")
        )
    ]
    assert {"papers", "order_again"} <= set(told)
    for name in told:
        assert ways_to_go_on(f"Go on with resume_activation(journal, {name}=...).") != [""]


def test_ways_to_go_on_are_told_once_and_in_order() -> None:
    text = "resume_activation(journal, order_again=True), resume_activation, or resume_activation(journal)."
    assert ways_to_go_on(text) == ["--order-again", ""]
