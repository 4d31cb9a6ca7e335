"""Where the calling code of a number ends."""

from __future__ import annotations

import pytest

from numbers_toolkit.calling_codes import CODES_OF_ONE_DIGIT, CODES_OF_TWO_DIGITS, calling_code, national_part


@pytest.mark.parametrize(
    ("phone_number", "code", "rest"),
    [
        ("+13075550142", "1", "3075550142"),
        ("+79161234567", "7", "9161234567"),
        ("+46701740610", "46", "701740610"),
        ("+264811234567", "264", "811234567"),
        ("+80012345678", "800", "12345678"),
        ("+1", "1", ""),
        ("+35", "35", ""),
        ("3075550142", "", "3075550142"),
        ("+0123", "", "+0123"),
        ("", "", ""),
        ("+", "", "+"),
        ("+٣٥٨", "", "+٣٥٨"),
    ],
)
def test_code_and_rest(phone_number, code, rest):
    assert calling_code(phone_number) == code
    assert national_part(phone_number) == rest


def test_no_code_begins_another_one():
    assert not {code[0] for code in CODES_OF_TWO_DIGITS} & CODES_OF_ONE_DIGIT
    assert all(len(code) == 2 for code in CODES_OF_TWO_DIGITS)
