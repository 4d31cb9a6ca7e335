"""What a person types: forgiven where it is plain, refused where it can't be right."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers_toolkit import vocabulary as v
from numbers_toolkit.errors import InvalidInputError, NumbersToolkitError

NUMBERS = st.from_regex(r"\+[1-9][0-9]{4,14}", fullmatch=True)


@pytest.mark.parametrize(
    ("check", "value", "words"),
    [
        (v.check_region_code, "USA", "two letters"),
        (v.check_region_code, "U1", "two letters"),
        (v.check_region_code, "", "two letters"),
        (v.check_region_code, None, "two letters"),
        (v.check_region_code, math.nan, "Namibia"),
        (v.check_region_code, "ＵＳ", "two letters"),
        (v.check_region_codes, math.nan, "Namibia"),
        (v.check_region_codes, 7, "two letters"),
        (v.check_region_codes, ["US", "USA"], "two letters"),
        (v.check_number_type, "FIXED", "MOBILE, LOCAL, TOLL_FREE"),
        (v.check_number_type, None, "MOBILE, LOCAL, TOLL_FREE"),
        (v.check_number_types, 3, "MOBILE, LOCAL, TOLL_FREE"),
        (v.check_capabilities, ["SMS", "FAX"], "SMS, VOICE"),
        (v.check_voice_type, "SIP", "RTC, EST, FAX"),
        (v.check_order_by, "price", "phoneNumber, displayName"),
        (v.check_order_by, 4, "phoneNumber, displayName"),
        (v.check_phone_number, "13075550142", "no plus sign"),
        (v.check_phone_number, 13075550142, "text"),
        (v.check_phone_number, "+0307", "E.164"),
        (v.check_phone_number, "+1234567890123456", "E.164"),
        (v.check_phone_number, "+1307555O142", "E.164"),
        (v.check_phone_number, "+١٣٠٧٥٥٥٠١٤٢", "E.164"),
        (v.check_phone_number, "+13075550142/../x", "E.164"),
        (v.check_pattern, "abc", "digits"),
        (v.check_pattern, "1" * 40, "40 digits"),
        (v.check_pattern, "55+5", "digits"),
        (v.check_pattern, "+", "0 digits"),
        (v.check_pattern, 555, "quotes"),
        (v.check_pattern, "٥٥٥", "digits"),
    ],
)
def test_bad_value_is_named_with_a_remedy(check: object, value: object, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check(value)

    shown = value[-1] if isinstance(value, list) else value
    assert repr(shown) in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize("pattern", ["307", "1307"])
def test_start_pattern_without_plus_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInputError, match="plus sign"):
        v.check_pattern(pattern, "START")


def test_unknown_search_pattern_is_refused_even_without_a_pattern() -> None:
    with pytest.raises(InvalidInputError, match="START, CONTAINS, END"):
        v.check_pattern(None, "MIDDLE")


@pytest.mark.parametrize("value", [0, -1, True, False, 1.5, "5", None, math.nan])
def test_count_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError, match="size"):
        v.check_count(value, "size")


@pytest.mark.parametrize(
    ("check", "value", "expected"),
    [
        (v.check_number_types, "toll free", ["TOLL_FREE"]),
        (v.check_number_types, None, []),
        (v.check_number_types, (one for one in ["local", "LOCAL"]), ["LOCAL"]),
        (v.check_capabilities, ["voice", "SMS", "Voice"], ["VOICE", "SMS"]),
        (v.check_region_codes, [" na ", "se"], ["NA", "SE"]),
        (v.check_phone_number, " +1 (307) 555‑0142\n", "+13075550142"),
        (v.check_pattern, "", None),
        (v.check_pattern, "  ", None),
        (v.check_pattern, "+1", ("+1", "CONTAINS")),
        (v.check_order_by, "display_name", "displayName"),
        (v.check_order_by, None, None),
        (v.check_voice_type, " est ", "EST"),
    ],
)
def test_plain_slips_are_forgiven(check: object, value: object, expected: object) -> None:
    assert check(value) == expected


@given(NUMBERS)
def test_phone_number_check_changes_nothing_twice(number: str) -> None:
    assert v.check_phone_number(number) == number
    assert v.check_phone_number(" ".join(number)) == number


@given(st.text(max_size=40), st.sampled_from(v.SEARCH_PATTERNS))
def test_pattern_check_is_idempotent_or_refuses(text: str, kind: str) -> None:
    try:
        once = v.check_pattern(text, kind)
    except NumbersToolkitError:
        return
    assert once is None or v.check_pattern(*once) == once


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.none(), st.binary(max_size=4)))
def test_checks_give_the_checked_word_or_the_one_error(value: object) -> None:
    for check in (v.check_phone_number, v.check_region_code, v.check_number_type, v.check_region_codes):
        try:
            once = check(value)
        except InvalidInputError:
            continue
        assert check(once) == once
