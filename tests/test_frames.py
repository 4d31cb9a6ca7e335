"""Answers to frames: both ways of reading agree with a plain reference, and nothing odd is lost."""

from __future__ import annotations

import json
import random
import warnings
from decimal import Decimal
from typing import Any

import pandas as pd
import pandas.testing as pt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reference
from numbers_toolkit import decoding, flattening, frames, tables
from numbers_toolkit.errors import ResponseFormatError, UnknownValueWarning
from numbers_toolkit.sandbox import Sandbox
from strategies import ACTIVE_NUMBER

SHAPE = flattening.ACTIVE_NUMBERS
NUMBER = "+13075550142"


def body(numbers: list[Any], **options: Any) -> bytes:
    return json.dumps(
        {"activeNumbers": numbers, "nextPageToken": "", "totalSize": len(numbers)}, **options
    ).encode()


def built(*pages: decoding.Pages) -> tuple[pd.DataFrame, str]:
    """The frame of some pages, and what it warns of."""
    builder = frames.FrameBuilder(SHAPE)
    for one in pages:
        builder.add(frames.flat_batch(one, SHAPE))
    frame = builder.finish()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        builder.warn()
    assert len(caught) <= 1
    return frame, "".join(str(one.message) for one in caught)


def fast(numbers: list[Any]) -> decoding.Pages | None:
    return decoding._decode_fast([body(numbers)], SHAPE.contract)


def tolerant(numbers: list[Any]) -> decoding.Pages:
    return decoding._decode_tolerant(body(numbers), SHAPE.contract, "/p")


def frame_of(**fields: Any) -> tuple[pd.DataFrame, str]:
    return built(decoding.decode_pages([body([{"phoneNumber": NUMBER, **fields}])], SHAPE.contract))


def other_of(frame: pd.DataFrame) -> Any:
    return json.loads(frame["other_fields"].item()) if "other_fields" in frame else None


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIVE_NUMBER, min_size=1, max_size=8))
def test_both_ways_of_reading_give_the_frame_of_the_reference(numbers: list[dict[str, Any]]) -> None:
    expected = reference.active_frame(numbers)

    quick = fast(numbers)
    assert quick is not None, "what the contract allows must take the fast way"
    pt.assert_frame_equal(built(quick)[0], expected)
    pt.assert_frame_equal(built(tolerant(numbers))[0], expected)
    pt.assert_frame_equal(built(decoding.decode_objects(numbers, SHAPE.contract))[0], expected)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(ACTIVE_NUMBER, max_size=4), min_size=1, max_size=5).filter(any))
def test_pages_decoded_together_or_one_by_one_give_the_same(pages: list[list[dict[str, Any]]]) -> None:
    bodies = [body(one, indent=random.Random(len(pages)).choice([None, 2])) for one in pages]
    expected = reference.active_frame([one for page in pages for one in page])

    together = decoding.decode_pages(bodies, SHAPE.contract)
    single = [decoding.decode_pages([one], SHAPE.contract) for one in bodies]

    pt.assert_frame_equal(built(together)[0], expected)
    pt.assert_frame_equal(built(*single)[0], expected)
    assert [end.rows for end in together.ends] == [len(page) for page in pages]


def test_odd_page_among_good_ones_keeps_its_place() -> None:
    pages = [
        body([{"phoneNumber": f"+1307555000{index}", **({"new": 1} if index == 1 else {})}])
        for index in range(3)
    ]

    frame, told = built(decoding.decode_pages(pages, SHAPE.contract))

    assert frame["phone_number"].tolist() == ["+13075550000", "+13075550001", "+13075550002"]
    assert frame["other_fields"].isna().tolist() == [True, False, True]
    assert "unknown field 'new' (1 times)" in told


def test_frame_without_rows_is_the_empty_table() -> None:
    for frame, told in (built(), built(decoding.decode_pages([body([])], SHAPE.contract))):
        pt.assert_frame_equal(frame, tables.ACTIVE_NUMBERS.empty())
        assert told == ""


@pytest.mark.parametrize(
    ("amount", "price", "monthly"),
    [
        ("0.60", "0.600000", "0.200000"),
        (0.6, "0.600000", "0.200000"),
        (1, "1.000000", "0.333333"),
        ("0.123456789", "0.123456789", "0.041152263"),
        ("9999999999999999999", "9999999999999999999.000000", "3333333333333333333.000000"),
        ("0.1234567890123456789", "0.1234567890123456789", "0.0411522630041152263"),
        ("6E-1", "0.600000", "0.200000"),
        ("1e+3", "1000.000000", "333.333333"),
        ("-5", "-5.000000", "-1.666667"),
        (" 7.5 ", "7.500000", "2.500000"),
        ("0", "0.000000", "0.000000"),
        ("0.0000015", "0.0000015", "0.0000005"),
    ],
)
def test_amount_is_exact(amount: Any, price: str, monthly: str) -> None:
    frame, told = frame_of(money={"currencyCode": "USD", "amount": amount}, paymentIntervalMonths=3)

    assert f"{frame['price'].item():f}" == price
    assert f"{frame['monthly_cost'].item():f}" == monthly
    assert told == ""


@pytest.mark.parametrize(
    "amount", ["1e-25", "1_000", "x", "NaN", "Infinity", "1e999999999", "99999999999999999999", "0,60", "٥"]
)
def test_text_that_is_no_amount_is_kept_and_warned_of(amount: str) -> None:
    frame, told = frame_of(money={"currencyCode": "USD", "amount": amount})

    assert frame["price"].isna().all()
    assert other_of(frame) == {"price": amount}
    assert f"price {amount!r} is no amount" in told


def test_one_odd_amount_does_not_spoil_the_others() -> None:
    amounts = ["9999999999999999999", "0.1234567890123456789", "oops", "0.60"]
    numbers = [{"phoneNumber": f"+1307555{i:04d}", "money": {"amount": one}} for i, one in enumerate(amounts)]

    frame, _ = built(decoding.decode_pages([body(numbers)], SHAPE.contract))

    assert [None if pd.isna(one) else Decimal(one) for one in frame["price"]] == [
        Decimal(9999999999999999999),
        Decimal("0.1234567890123456789"),
        None,
        Decimal("0.60"),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-04-02T09:15:20.118342Z", "2026-04-02T09:15:20.118342+00:00"),
        ("2026-04-02T09:15:20", "2026-04-02T09:15:20+00:00"),
        ("2026-04-02T11:15:20+02:00", "2026-04-02T09:15:20+00:00"),
        ("2026-04-02T09:15:20.123456789Z", "2026-04-02T09:15:20.123456+00:00"),
        ("2026-04-02", "2026-04-02T00:00:00+00:00"),
    ],
)
def test_time_in_any_spelling_is_utc(value: str, expected: str) -> None:
    frame, told = frame_of(nextChargeDate=value)

    assert frame["next_charge_date"].item().isoformat() == expected
    assert told == ""


@pytest.mark.parametrize(
    "value", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "soon", 17, "2026-13-01T00:00:00Z"]
)
def test_time_that_means_nothing_is_missing_and_warned_of(value: Any) -> None:
    frame, told = frame_of(nextChargeDate=value)

    assert frame["next_charge_date"].isna().all()
    assert "date" in told.lower()


@pytest.mark.parametrize("value", ["", None])
def test_unset_time_is_missing_in_silence(value: Any) -> None:
    frame, told = frame_of(nextChargeDate=value, expireAt=value)

    assert frame["next_charge_date"].isna().all()
    assert (told, other_of(frame)) == ("", None)


@pytest.mark.parametrize(
    ("value", "months", "dtype", "kept"),
    [
        (0, 0, "Int8", None),
        (127, 127, "Int8", None),
        (400, 400, "Int64", None),
        ("12", 12, "Int8", None),
        (12.0, 12, "Int8", None),
        (None, None, "Int8", None),
        ("", None, "Int8", None),
        (1.5, None, "Int8", {"paymentIntervalMonths": 1.5}),
        (True, None, "Int8", {"paymentIntervalMonths": True}),
        (10**30, None, "Int8", {"paymentIntervalMonths": 10**30}),
        ([1], None, "Int8", {"paymentIntervalMonths": [1]}),
    ],
)
def test_payment_interval(value: Any, months: int | None, dtype: str, kept: Any) -> None:
    frame, told = frame_of(paymentIntervalMonths=value, money={"amount": "12", "currencyCode": "USD"})

    found = frame["payment_interval_months"]
    assert (None if found.isna().item() else found.item(), str(found.dtype)) == (months, dtype)
    assert frame["monthly_cost"].isna().item() is (not months)
    assert other_of(frame) == kept
    assert bool(told) is (kept is not None)


def test_unknown_fields_at_every_level_are_kept_and_warned_of_once() -> None:
    fields = {
        "new": {"a": [1, "two", None]},
        "money": {"amount": "1", "tax": "0.25"},
        "smsConfiguration": {"extra": 1, "scheduledProvisioning": {"why": "x"}},
        "voiceConfiguration": {"extra": 2, "scheduledVoiceProvisioning": {"deep": 1.50}},
    }

    frame, told = frame_of(**fields)

    assert other_of(frame) == {
        "new": {"a": [1, "two", None]},
        "money.tax": "0.25",
        "smsConfiguration.extra": 1,
        "smsConfiguration.scheduledProvisioning.why": "x",
        "voiceConfiguration.extra": 2,
        "voiceConfiguration.scheduledVoiceProvisioning.deep": 1.5,
    }
    assert told.count("unknown field") == 6


def test_unknown_words_are_appended_and_warned_of() -> None:
    sms = {"scheduledProvisioning": {"status": "PAUSED", "errorCodes": ["CARRIER_ON_STRIKE", None, ""]}}
    frame, told = frame_of(
        type="SHORT_CODE",
        capability=["SMS", "RCS"],
        smsConfiguration=sms,
        voiceConfiguration={"type": "HOLOGRAM"},
    )

    assert frame["number_type"].cat.categories.tolist() == ["MOBILE", "LOCAL", "TOLL_FREE", "SHORT_CODE"]
    assert frame["number_type"].item() == "SHORT_CODE"
    assert frame["sms_state"].item() == "PAUSED"
    assert frame["sms_error_codes"].item() == "CARRIER_ON_STRIKE"
    assert frame["voice_type"].item() == "HOLOGRAM"
    assert frame[["has_sms", "has_voice"]].to_numpy().tolist() == [[True, False]]
    assert other_of(frame) == {"capability": ["SMS", "RCS"]}
    for word in ("'SHORT_CODE'", "'RCS'", "'PAUSED'", "'HOLOGRAM'"):
        assert word in told


@pytest.mark.parametrize(
    ("capability", "expected"),
    [
        (None, [None, None]),
        ([], [False, False]),
        ([None], [False, False]),
        ([""], [False, False]),
        (["VOICE", None], [False, True]),
        ("SMS", [True, False]),
        ("", [False, False]),
    ],
)
def test_capability(capability: Any, expected: list[Any]) -> None:
    frame, _ = frame_of(capability=capability)

    assert [None if pd.isna(one) else one for one in frame[["has_sms", "has_voice"]].iloc[0]] == expected


def test_unreadable_parts_of_a_list_are_all_kept() -> None:
    frame, told = frame_of(capability=["SMS", {"a": 1}, ["b"]])

    assert frame["has_sms"].tolist() == [True]
    assert other_of(frame) == {"capability": [{"a": 1}, ["b"]]}
    assert "unreadable 'capability'" in told


@pytest.mark.parametrize("value", [{}, None, ""])
def test_empty_objects_mean_unset(value: Any) -> None:
    frame, told = frame_of(money=value, smsConfiguration=value, voiceConfiguration=value)

    assert frame[["price", "sms_service_plan_id", "voice_type"]].isna().to_numpy().all()
    assert frame[["sms_state", "voice_state"]].to_numpy().tolist() == [["NOT_CONFIGURED", "NOT_CONFIGURED"]]
    assert (told, other_of(frame)) == ("", None)


@pytest.mark.parametrize("value", [[1], 5, "text", True])
def test_object_of_another_kind_is_kept(value: Any) -> None:
    frame, told = frame_of(smsConfiguration=value)

    assert other_of(frame) == {"smsConfiguration": value}
    assert "unreadable 'smsConfiguration'" in told


@pytest.mark.parametrize(
    "name",
    [
        "nul\x00x",
        "\u202eright to left",
        "😀 👩‍👩‍👧",
        "x" * 500,
        " blank ",
        "NA",
        "nan",
        "=1+1",
        "a\r\nb",
        "\ufeffx",
    ],
)
def test_name_is_kept_to_the_letter(name: str) -> None:
    for frame, told in (
        frame_of(displayName=name),
        built(tolerant([{"phoneNumber": NUMBER, "displayName": name}])),
    ):
        assert frame["display_name"].item() == name
        assert told == ""


def test_half_a_character_is_replaced_and_warned_of() -> None:
    frame, told = frame_of(displayName="a\ud800b", other="c\udfffd")

    assert frame["display_name"].item() == "a?b"
    assert "half a character in 'displayName'" in told
    assert other_of(frame) == {"other": "c?d"}


def test_region_of_namibia_is_a_region() -> None:
    frame, _ = frame_of(regionCode="NA")

    assert frame["region_code"].item() == "NA"
    assert frame["region_code"].notna().all()


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ([{"regionCode": "US"}], r"activeNumbers\[0\] has no 'phoneNumber'"),
        ([{"phoneNumber": NUMBER}, {"phoneNumber": None}], r"activeNumbers\[1\] has no 'phoneNumber'"),
        ([{"phoneNumber": NUMBER}, {"phoneNumber": ""}], r"activeNumbers\[1\] has no 'phoneNumber'"),
        ([{"phoneNumber": NUMBER}, None], r"activeNumbers\[1\] is null"),
        ([{"phoneNumber": NUMBER}, "x"], r"activeNumbers\[1\] is text"),
    ],
)
def test_item_without_its_number_is_refused_with_its_place(content: list[Any], place: str) -> None:
    with pytest.raises(ResponseFormatError, match=place):
        decoding.decode_pages([body(content)], SHAPE.contract)


@pytest.mark.parametrize("rows", [1, 19_999, 20_000, 20_001])
def test_row_counts_at_the_edges(rows: int) -> None:
    numbers = [
        {"phoneNumber": f"+1307{index:07d}", "regionCode": ("US", "SE")[index % 2]} for index in range(rows)
    ]
    pages = [body(numbers[start : start + 5000]) for start in range(0, rows, 5000)]

    frame, _ = built(*(decoding.decode_pages([one], SHAPE.contract) for one in pages))

    assert frame["phone_number"].tolist() == [one["phoneNumber"] for one in numbers]
    assert frame["region_code"].tolist() == [one["regionCode"] for one in numbers]
    assert frame.index.equals(pd.RangeIndex(rows))


def test_builder_can_be_finished_twice() -> None:
    builder = frames.FrameBuilder(SHAPE)
    builder.add(
        frames.flat_batch(decoding.decode_pages([body([{"phoneNumber": NUMBER}])], SHAPE.contract), SHAPE)
    )
    builder.finish()

    assert len(builder.finish()) == 0


@pytest.mark.parametrize(
    ("setup", "monthly", "expected"),
    [
        ({"currencyCode": "USD", "amount": "1"}, {"currencyCode": "USD", "amount": "2"}, ("1", "2", "USD")),
        ({"currencyCode": "EUR", "amount": "1"}, {"currencyCode": "USD", "amount": "2"}, (None, "2", "USD")),
        ({"currencyCode": "", "amount": "1"}, {"currencyCode": "USD", "amount": "2"}, ("1", "2", "USD")),
        ({"currencyCode": "EUR", "amount": "1"}, None, ("1", None, "EUR")),
        (None, None, (None, None, None)),
    ],
)
def test_prices_of_two_currencies_are_not_mixed(setup: Any, monthly: Any, expected: tuple[Any, ...]) -> None:
    offer = {"phoneNumber": NUMBER, "setupPrice": setup, "monthlyPrice": monthly}
    differs = expected[0] is None and setup is not None

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = frames.available_numbers_frame([offer])

    row = [
        None if pd.isna(one) else one
        for one in frame[["setup_price", "monthly_price", "currency_code"]].iloc[0]
    ]
    assert row == [Decimal(one) if one and one.isdigit() else one for one in expected]
    assert bool(caught) is differs
    assert other_of(frame) == ({"setupPrice": setup} if differs else None)


def test_price_without_a_currency_of_its_own_stays_beside_one_of_another_currency() -> None:
    monthly = {"currencyCode": "USD", "amount": "2"}
    offers = [
        {
            "phoneNumber": NUMBER,
            "setupPrice": {"currencyCode": "EUR", "amount": "1"},
            "monthlyPrice": monthly,
        },
        {"phoneNumber": NUMBER[:-1] + "3", "setupPrice": {"amount": "1"}, "monthlyPrice": monthly},
    ]

    with pytest.warns(UnknownValueWarning, match=r"in other_fields \(1 times\)\.$"):
        frame = frames.available_numbers_frame(offers)

    assert frame["setup_price"].isna().tolist() == [True, False]
    assert frame["setup_price"].iloc[1] == Decimal(1)


@pytest.mark.parametrize(("strange", "rest"), [(20, ""), (21, "; and 1 more"), (23, "; and 3 more")])
def test_warning_names_twenty_things_and_counts_the_rest(strange: int, rest: str) -> None:
    _, warned = frame_of(**{f"new_{index:02d}": 1 for index in range(strange)})

    assert warned.count("(1 times)") == 20
    assert warned.endswith(f"(1 times){rest}.")


def test_regions_have_one_row_per_type() -> None:
    regions = [
        {"regionCode": "NA", "regionName": "Namibia", "types": ["LOCAL", "MOBILE"]},
        {"regionCode": "XX", "regionName": "", "types": []},
        {"regionCode": "YY", "types": None},
    ]
    expected = pd.DataFrame(
        {
            "region_code": pd.Categorical(
                ["NA", "NA", "XX", "YY"],
                dtype=pd.CategoricalDtype(pd.Index(["NA", "XX", "YY"], dtype=reference.TEXT)),
            ),
            "region_name": pd.Series(["Namibia", "Namibia", None, None], dtype=reference.TEXT),
            "number_type": pd.Categorical(
                ["LOCAL", "MOBILE", None, None],
                dtype=pd.CategoricalDtype(pd.Index(reference.TYPES, dtype=reference.TEXT)),
            ),
        }
    )

    pt.assert_frame_equal(frames.available_regions_frame(regions), expected)


def test_totals_agree_with_a_ledger_of_decimals() -> None:
    rng = random.Random(7)
    amounts = [
        Decimal(rng.randrange(10 ** rng.randrange(1, 9))).scaleb(-rng.randrange(0, 10)) for _ in range(3000)
    ]
    intervals = [rng.choice([1, 3, 6, 12]) for _ in amounts]
    numbers = [
        {
            "phoneNumber": f"+1307{i:07d}",
            "money": {"currencyCode": "USD", "amount": str(amount)},
            "paymentIntervalMonths": months,
        }
        for i, (amount, months) in enumerate(zip(amounts, intervals, strict=True))
    ]

    frame, _ = built(decoding.decode_pages([body(numbers)], SHAPE.contract))

    assert Decimal(frame["price"].sum()) == sum(amounts)
    assert Decimal(frame["monthly_cost"].sum()) == sum(
        reference.monthly(*pair) for pair in zip(amounts, intervals, strict=True)
    )


def test_frame_of_the_sandbox_is_small() -> None:
    with Sandbox(active=20_000, available=0, clock="manual") as sandbox, sandbox.connect() as client:
        pages = [answer.body for answer in all_pages(client)]

    frame, _ = built(decoding.decode_pages(pages, SHAPE.contract))

    assert len(frame) == 20_000
    assert frame.memory_usage(deep=True).sum() / len(frame) <= 130


def all_pages(client: Any) -> Any:
    token = ""
    while True:
        answer = client.active_numbers_page(page_token=token)
        yield answer
        token = answer.object()["nextPageToken"]
        if not token:
            return


def test_warning_points_at_the_users_line() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frames.active_numbers_frame([{"phoneNumber": NUMBER, "new": 1}])

    assert [(one.category, one.filename) for one in caught] == [(UnknownValueWarning, __file__)]
