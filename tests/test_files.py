"""Files that come back as they went: plus signs, dtypes, exact money, hostile text, and no half file."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pandas.testing as pt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit import files, tables
from numbers_toolkit.errors import ColumnError, InvalidInputError, OutputError
from numbers_toolkit.frames import active_numbers_frame
from strategies import ACTIVE_NUMBER

WAYS = {
    "csv": (files.to_csv, files.read_csv),
    "parquet": (files.to_parquet, files.read_parquet),
    "xlsx": (files.to_excel, files.read_excel),
}
NAMES = [
    "plain",
    "comma, semicolon; tab",
    'quote " and ""',
    "'apostrophe",
    "line\nfeed",
    "=1+1",
    "+13075550142",
    "-2",
    "@cmd",
    "NA",
    "nan",
    "null",
    "None",
    "007",
    "1.50",
    "1e5",
    "True",
    "2026-03-02",
    " padded ",
    "😀 👩‍👩‍👧",
    "\u202eoverride",
    "x" * 500,
    "#REF!",
    None,
]
#: A workbook can't hold these.
CONTROL = ["nul\x00byte", "carriage\rreturn", "both\r\nends", "\x1b[31m"]
WHOLE_MS = "2026-04-02T09:15:20.118Z"


def nasty(names: list[Any]) -> pd.DataFrame:
    prices = ["0.60", "0.123456789", "0", None, "1234567.5", "-3.25"]
    return active_frame(
        *(
            {
                "display_name": name,
                "region_code": ("NA", "US", None)[index % 3],
                "has_sms": (True, False, None)[index % 3],
                "price": prices[index % len(prices)],
                "payment_interval_months": (1, 12, None)[index % 3],
                "next_charge_date": (WHOLE_MS, None, "2026-01-01T00:00:00Z")[index % 3],
                "expire_at": None,
                "sms_state": ("FAILED", "PAUSED", "PROVISIONED")[index % 3],
                "sms_error_codes": ("", "MNO_SHARING_ERROR;INTERNAL_ERROR", "X")[index % 3],
            }
            for index, name in enumerate(names)
        )
    )


@pytest.mark.parametrize("way", WAYS)
def test_nasty_frame_comes_back_exactly(way: str, tmp_path: Path) -> None:
    write, read = WAYS[way]
    frame = nasty(NAMES if way == "xlsx" else NAMES + CONTROL)
    before = frame.copy()

    path = write(frame, tmp_path / f"a.{way}")

    pt.assert_frame_equal(read(path), frame)
    pt.assert_frame_equal(frame, before)


@pytest.mark.parametrize("way", WAYS)
def test_empty_frame_comes_back_with_every_dtype(way: str, tmp_path: Path) -> None:
    write, read = WAYS[way]
    for table in (tables.ACTIVE_NUMBERS, tables.AVAILABLE_NUMBERS, tables.AVAILABLE_REGIONS):
        pt.assert_frame_equal(read(write(table.empty(), tmp_path / f"a.{way}")), table.empty())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "amount",
    [
        "0.1234567890123456789",
        "9999999999999999999",
        "1234567890123.5",
        "0.000000001",
        "123456789012345.678",
        "1E+3",
        "100",
    ],
)
def test_money_is_exact_on_every_way(way: str, amount: str, tmp_path: Path) -> None:
    write, read = WAYS[way]
    frame = active_frame(
        {"price": amount, "next_charge_date": None}, {"price": None, "next_charge_date": None}
    )

    pt.assert_frame_equal(read(write(frame, tmp_path / f"a.{way}")), frame)


@pytest.mark.parametrize("way", WAYS)
def test_what_no_column_holds_comes_back(way: str, tmp_path: Path) -> None:
    write, read = WAYS[way]
    with pytest.warns(nt.errors.UnknownValueWarning):
        frame = active_numbers_frame(
            [
                {"phoneNumber": "+1", "new": {"a": "=1"}},
                {"phoneNumber": "+2"},
                {"phoneNumber": "+3", "type": "SHORT_CODE", "paymentIntervalMonths": 400},
            ]
        )

    pt.assert_frame_equal(read(write(frame, tmp_path / f"a.{way}")), frame)


@pytest.mark.filterwarnings("ignore::numbers_toolkit.errors.UnknownValueWarning")
@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(ACTIVE_NUMBER, min_size=1, max_size=6))
def test_whatever_the_api_sends_comes_back(tmp_path: Path, numbers: list[dict[str, Any]]) -> None:
    frame = active_numbers_frame(numbers)

    pt.assert_frame_equal(files.read_parquet(files.to_parquet(frame, tmp_path / "a.parquet")), frame)
    text = files.read_csv(files.to_csv(frame, tmp_path / "a.csv"))
    # A column without any amount can't tell from text how wide it was.
    if frame["price"].notna().any() and frame["monthly_cost"].notna().any():
        pt.assert_frame_equal(text, frame)


def test_excel_holds_milliseconds_and_no_control_characters(tmp_path: Path) -> None:
    frame = active_frame({"next_charge_date": "2026-04-02T09:15:20.118999Z", "display_name": "a\x00b\rc"})

    back = files.read_excel(files.to_excel(frame, tmp_path / "a.xlsx"))

    assert back["next_charge_date"].item().isoformat() == "2026-04-02T09:15:20.118000+00:00"
    assert back["display_name"].item() == "a\ufffdb\ufffdc"


def test_excel_has_numbers_dates_and_no_formulas(tmp_path: Path) -> None:
    path = files.to_excel(nasty(NAMES), tmp_path / "a.xlsx")

    cells = list(openpyxl.load_workbook(path)["numbers"].iter_rows())
    kinds = {header.value: cell.data_type for header, cell in zip(cells[0], cells[1], strict=True)}
    assert not [cell.value for row in cells for cell in row if cell.data_type == "f"]
    assert (kinds["price"], kinds["next_charge_date"], kinds["phone_number"], kinds["has_sms"]) == (
        "n",
        "d",
        "s",
        "b",
    )


def test_attributes_travel_with_parquet(tmp_path: Path) -> None:
    frame = active_frame({})
    frame.attrs = {"source": "sandbox", "complete": True, "odd": {1, 2}}

    back = files.read_parquet(files.to_parquet(frame, tmp_path / "a.parquet"))

    assert back.attrs == {"source": "sandbox", "complete": True, "odd": "{1, 2}"}
    assert frame.attrs["odd"] == {1, 2}


def test_pandas_alone_can_write_and_read_parquet(tmp_path: Path) -> None:
    frame = nasty(NAMES)
    frame.to_parquet(tmp_path / "a.parquet")

    back = pd.read_parquet(tmp_path / "a.parquet")

    assert back["phone_number"].tolist() == frame["phone_number"].tolist()
    pt.assert_frame_equal(files.restore(back, tables.ACTIVE_NUMBERS), frame)
    assert len(pd.read_parquet(files.to_parquet(frame, tmp_path / "b.parquet"))) == len(frame)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_of_a_spreadsheet_is_read(line_end: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [
        "phone_number,region_code,price,has_sms,note",
        "+13075550142,NA,0.60,TRUE,mine",
        "+447700900123,,,,",
    ]
    path.write_text(mark + line_end.join(rows) + line_end, encoding="utf-8", newline="")

    frame = files.read_csv(path, tables.ACTIVE_NUMBERS)

    assert frame["phone_number"].tolist() == ["+13075550142", "+447700900123"]
    assert frame["region_code"].tolist()[0] == "NA"
    assert frame["has_sms"].isna().tolist() == [False, True]
    assert frame["note"].tolist() == ["mine", ""]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("price", "1_000"),
        ("price", "NaN"),
        ("price", "0,60"),
        ("has_sms", "perhaps"),
        ("payment_interval_months", "1.5"),
        ("next_charge_date", "soon"),
    ],
)
def test_value_that_does_not_fit_is_named_with_its_column(column: str, value: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'phone_number,{column}\n+13075550142,"{value}"\n', encoding="utf-8")

    with pytest.raises(ColumnError, match=column):
        files.read_csv(path, tables.ACTIVE_NUMBERS)


@pytest.mark.parametrize("way", WAYS)
def test_unwritable_place_is_told_and_leaves_nothing(way: str, tmp_path: Path) -> None:
    write, _ = WAYS[way]
    missing, folder = tmp_path / "missing" / f"a.{way}", tmp_path / f"folder.{way}"
    folder.mkdir()
    for place in (missing, folder):
        with pytest.raises(OutputError, match=r"can't be written.*still in memory") as caught:
            write(active_frame({}), place)
        assert repr(str(place)) in str(caught.value)

    assert [one.name for one in tmp_path.iterdir()] == [folder.name]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "fault", [OSError(28, "No space left on device"), ValueError("odd"), KeyboardInterrupt()]
)
def test_failure_half_way_leaves_the_old_file_untouched(
    way: str, fault: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, read = WAYS[way]
    path = write(active_frame({"display_name": "old"}), tmp_path / f"a.{way}")

    def fail(self: Path, target: Path) -> None:
        raise fault

    monkeypatch.setattr(Path, "replace", fail)
    expected = OutputError if isinstance(fault, OSError) else type(fault)
    with pytest.raises(expected):
        write(active_frame({"display_name": "new"}), path)

    assert read(path)["display_name"].tolist() == ["old"]
    assert [one.name for one in tmp_path.iterdir()] == [f"a.{way}"]


def test_threads_that_write_one_file_do_not_disturb_each_other(tmp_path: Path) -> None:
    frame, barrier = nasty(NAMES), threading.Barrier(8)

    def write(_: int) -> None:
        barrier.wait()
        files.to_csv(frame, tmp_path / "a.csv")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    pt.assert_frame_equal(files.read_csv(tmp_path / "a.csv"), frame)
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("way", WAYS)
def test_home_is_found_and_the_real_path_returned(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    path = WAYS[way][0](active_frame({}), f"~/a.{way}")

    assert path == tmp_path / f"a.{way}"
    assert path.exists()


def test_excel_refuses_what_does_not_fit_on_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_EXCEL_ROWS", 1)

    with pytest.raises(InvalidInputError, match="do not fit"):
        files.to_excel(active_frame({}, {}), tmp_path / "a.xlsx")


@pytest.mark.parametrize("text", ["=1+1", "+1+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "+1 307 555"])
def test_text_that_could_run_is_neutralised(text: str) -> None:
    frame = active_frame({"display_name": text, "callback_url": text, "sms_campaign_id": text})

    safe = files.neutralise_formulas(frame)

    for name in ("display_name", "callback_url", "sms_campaign_id"):
        assert safe[name].tolist() == [f"'{text}"]
        assert frame[name].tolist() == [text]
    assert safe["phone_number"].tolist() == frame["phone_number"].tolist()
    assert safe.dtypes.astype(str).tolist() == frame.dtypes.astype(str).tolist()


def test_two_labels_that_become_one_stay_right() -> None:
    frame = active_frame(
        {"callback_url": "=1"}, {"callback_url": "'=1"}, {"callback_url": None}, {"callback_url": "ok"}
    )

    safe = files.neutralise_formulas(frame)

    assert safe["callback_url"].isna().tolist() == [False, False, True, False]
    assert safe["callback_url"].dropna().tolist() == ["'=1", "'=1", "ok"]


def test_safe_csv_holds_no_formula(tmp_path: Path) -> None:
    files.to_csv(nasty(NAMES), tmp_path / "a.csv", safe=True)

    names = pd.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False)["display_name"]
    assert not [one for one in names if one.startswith(("=", "-", "@"))]


def test_restoring_keeps_index_order_and_unknown_columns() -> None:
    raw = pd.DataFrame({"mine": [1, 2], "price": ["1", ""], "phone_number": ["+1", "+2"]}, index=[7, 3])
    raw.attrs = {"source": "x"}

    frame = files.restore(raw, tables.ACTIVE_NUMBERS)

    assert list(frame.columns) == ["mine", "price", "phone_number"]
    assert frame.index.tolist() == [7, 3]
    assert frame.attrs == {"source": "x"}
    assert frame["price"].isna().tolist() == [False, True]
    assert raw["price"].tolist() == ["1", ""]


def test_restoring_twice_changes_nothing() -> None:
    frame = nasty(NAMES)

    pt.assert_frame_equal(files.restore(frame, tables.ACTIVE_NUMBERS), frame)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(
    "make",
    [
        nt.analysis.attention,
        lambda active: nt.analysis.attention_summary(nt.analysis.attention(active)),
        lambda active: nt.analysis.monthly_cost(active, by="region_code"),
        nt.analysis.renewals_by_month,
        nt.analysis.campaign_fill,
        nt.analysis.inventory,
        nt.analysis.error_frequencies,
    ],
)
def test_summaries_come_back_with_their_dtypes(make: Any, ending: str, tmp_path: Path) -> None:
    active = active_frame(
        {"sms_state": "FAILED", "sms_error_codes": "EXCEEDED_10DLC_LIMIT", "sms_campaign_id": "C1",
         "sms_updated_at": "2026-03-01T00:00:00Z"},
        {"region_code": "NA", "price": "1.25"},
    )  # fmt: skip
    active.attrs["fetched_at"] = "2026-03-02T00:00:00Z"
    frame = make(active)
    write, read = {
        "csv": (nt.to_csv, nt.read_csv),
        "xlsx": (nt.to_excel, nt.read_excel),
        "parquet": (nt.to_parquet, nt.read_parquet),
    }[ending]
    back = read(write(frame, tmp_path / f"x.{ending}"))
    kinds = [str(dtype) for dtype in frame.dtypes]
    assert [str(dtype) for dtype in back.dtypes] == kinds
    assert back.astype(str).equals(frame.astype(str))
