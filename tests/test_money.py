"""Text that is an amount, and dtypes that hold it without rounding."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers_toolkit import money

EXACT = st.decimals(-(10**18), 10**18, allow_nan=False, allow_infinity=False, places=19) | st.decimals(
    -(10**19) + 1, 10**19 - 1, allow_nan=False, allow_infinity=False, places=0
)


@given(st.lists(EXACT, min_size=1))
def test_every_amount_fits_its_dtype_exactly(amounts: list[Decimal]) -> None:
    read = [money.exact_amount(str(one)) for one in amounts]

    held = pa.array(read, money.exact_money_dtype(read).pyarrow_dtype).to_pylist()

    assert held == amounts


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x",
        "1_000",
        "1,5",
        "0x10",
        "NaN",
        "Infinity",
        "--1",
        "1e",
        "1e99999",
        "1e-30",
        "1" * 20,
        "٥",
        "1 000",
        "$5",
    ],
)
def test_text_that_is_no_amount_gives_none(text: str) -> None:
    assert money.exact_amount(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [("5.", "5"), (".5", "0.5"), ("+1", "1"), ("1E+3", "1000"), (" 0.60\n", "0.60"), ("0E-30", "0")],
)
def test_amount_in_any_spelling(text: str, amount: str) -> None:
    assert money.exact_amount(text) == Decimal(amount)


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    amount = money.exact_amount(text)

    assert amount is None or amount.is_finite()
