"""Letters on the keys of a telephone."""

from __future__ import annotations

import pytest

from numbers_toolkit import keypad
from numbers_toolkit.errors import InvalidInputError


def test_every_letter_stands_on_the_key_that_the_standard_names():
    assert keypad.vanity_digits("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "22233344455566677778889999"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("pizza", "74992"),
        ("+1-800-FLOWERS", "+1-800-3569377"),
        ("Crêpe", "27373"),
        ("ﬁne", "3463"),
        ("", ""),
        ("555 *", "555 *"),
    ],
)
def test_letters_become_digits_and_the_rest_stays(text, digits):
    assert keypad.vanity_digits(text) == digits


@pytest.mark.parametrize("text", ["Жук", "smørrebrød", "猫", "<b>ß́ő</b>Þ"])
def test_a_letter_that_is_on_no_key_is_named(text):
    with pytest.raises(InvalidInputError, match="stands on no key"):
        keypad.vanity_digits(text)


def test_words_of_a_pattern_are_found():
    assert keypad.words_in("+1 800 Pizza-hut a") == ("PIZZA", "HUT")
    assert keypad.words_in("+1307") == ()


def test_listed_words_can_be_spelt_and_stand_once_in_order():
    assert list(keypad.WORDS) == sorted(set(keypad.WORDS))
    assert keypad.check_words(keypad.WORDS) == list(keypad.WORDS)
    assert all(4 <= len(word) <= 8 for word in keypad.WORDS)
