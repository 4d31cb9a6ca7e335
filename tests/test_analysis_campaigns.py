"""How full the 10DLC campaigns are."""

from __future__ import annotations

import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit import analysis, files, tables
from numbers_toolkit.errors import ColumnError, InvalidInputError


def expected(*rows):
    raw = pd.DataFrame(list(rows), columns=list(tables.CAMPAIGN_FILL.names), dtype=object)
    return files.restore(raw, tables.CAMPAIGN_FILL)


def linked(campaign, count):
    return [{"sms_campaign_id": campaign, "sms_state": "PROVISIONED"}] * count


def asked(campaign, state):
    return {"sms_scheduled_campaign_id": campaign, "sms_state": state}


def test_fill_counts_linked_scheduled_and_failed_numbers_fullest_first():
    active = active_frame(
        *linked("C1", 3),
        *linked("C2", 48),
        asked("C2", "WAITING"),
        asked("C2", "IN_PROGRESS"),
        asked("C2", "SOMETHING_NEW"),
        asked("C2", "FAILED"),
        asked("C3", "FAILED"),
        {},
    )

    wanted = expected(
        ["C2", 48, 3, 1, 50, -1, 1.02],
        ["C1", 3, 0, 0, 50, 47, 0.06],
        ["C3", 0, 0, 1, 50, 50, 0.0],
    )
    pd.testing.assert_frame_equal(analysis.campaign_fill(active), wanted)


def test_fill_of_a_campaign_with_more_than_fifty_numbers_has_no_limit():
    active = active_frame(*linked("C1", 51), *linked("C2", 50))

    wanted = expected(["C2", 50, 0, 0, 50, 0, 1.0], ["C1", 51, 0, 0, None, None, None])
    pd.testing.assert_frame_equal(analysis.campaign_fill(active), wanted)


def test_fill_takes_limits_that_the_user_knows():
    active = active_frame(
        *linked("SOLE", 1), *linked("POOL", 2), *linked("BIG", 51), asked("SOLE", "WAITING")
    )

    result = analysis.campaign_fill(active, limits={"SOLE": 1, "POOL": None, "BIG": 100, "ABSENT": 3})

    wanted = expected(
        ["SOLE", 1, 1, 0, 1, -1, 2.0],
        ["BIG", 51, 0, 0, 100, 49, 0.51],
        ["POOL", 2, 0, 0, None, None, None],
    )
    pd.testing.assert_frame_equal(result, wanted)


def test_fill_does_not_count_a_linked_number_as_scheduled_or_failed():
    same = {"sms_campaign_id": "C1", "sms_scheduled_campaign_id": "C1"}
    active = active_frame({**same, "sms_state": "WAITING"}, {**same, "sms_state": "FAILED"})

    pd.testing.assert_frame_equal(analysis.campaign_fill(active), expected(["C1", 2, 0, 0, 50, 48, 0.04]))


def test_fill_counts_a_move_at_both_campaigns():
    active = active_frame({"sms_campaign_id": "A", "sms_scheduled_campaign_id": "B", "sms_state": "WAITING"})

    wanted = expected(["A", 1, 0, 0, 50, 49, 0.02], ["B", 0, 1, 0, 50, 49, 0.02])
    pd.testing.assert_frame_equal(analysis.campaign_fill(active), wanted)


def test_fill_reads_plain_text_and_blank_ids():
    active = active_frame(*linked("C1", 2))
    blank = active.assign(
        sms_scheduled_campaign_id=pd.Series(["", ""], dtype="str"),
        sms_campaign_id=pd.Series(["C1", ""], dtype=object),
    )

    pd.testing.assert_frame_equal(analysis.campaign_fill(blank), expected(["C1", 1, 0, 0, 50, 49, 0.02]))


@pytest.mark.parametrize("limit", [0, -1, 1.5, "50", True])
def test_fill_refuses_limits_that_are_none(limit):
    with pytest.raises(InvalidInputError, match="The limit of campaign 'C1'"):
        analysis.campaign_fill(active_frame({}), limits={"C1": limit})


def test_fill_of_nothing_has_every_column_and_dtype():
    pd.testing.assert_frame_equal(analysis.campaign_fill(active_frame()), tables.CAMPAIGN_FILL.empty())
    pd.testing.assert_frame_equal(analysis.campaign_fill(active_frame({})), tables.CAMPAIGN_FILL.empty())


def test_fill_names_all_missing_columns():
    with pytest.raises(ColumnError, match="sms_campaign_id, sms_scheduled_campaign_id, sms_state"):
        analysis.campaign_fill(pd.DataFrame({"phone_number": ["+13075550100"]}))
