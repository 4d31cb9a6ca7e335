"""Frames in a notebook: which are ours, what of them is in sight, and that the others stay pandas' own."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit import analysis, tables
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.frame_showing import known_table, recognise, show
from numbers_toolkit.frame_showing.cells import cell
from numbers_toolkit.frame_showing.layout import columns_in_sight, rows_in_sight
from numbers_toolkit.frame_showing.recognising import all_tables, known_columns

LIVE = {"source": "production", "project_id": "p", "complete": True, "fetched_at": "2026-03-02T09:15:00Z"}


class Reader(HTMLParser):
    """Text of each cell of each row, and every tag there is."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self.titles: list[str] = []
        self._in_cell = False
        self.feed(markup)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self.titles += [value for name, value in attrs if name == "title"]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag) -> None:
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data


def shown(frame: pd.DataFrame, **options: object) -> str:
    markup = show(frame, **options)._repr_html_()
    assert markup is not None
    return markup


def column(frame: pd.DataFrame, name: str, **options: object) -> list[str]:
    head, *rows = Reader(shown(frame, **options)).rows
    return [row[head.index(name)] for row in rows if len(row) == len(head)]


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "", markup, flags=re.DOTALL))


@pytest.fixture
def shell():
    made = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell()
    # Outside a kernel only text is asked for; a notebook asks for HTML.
    made.display_formatter.active_types = ["text/plain", "text/html"]
    return made


def output_of(shell: Any, value: object) -> dict[str, str]:
    return shell.display_formatter.format(value)[0]


# -- which frames are ours --------------------------------------------------------------------------------------


def test_frame_with_all_columns_of_a_table_is_ours() -> None:
    for table in all_tables():
        assert known_table(table.empty()) is not None


@pytest.mark.parametrize("table", [tables.ACTIVE_NUMBERS, tables.AVAILABLE_NUMBERS, tables.ATTENTION])
def test_table_is_known_by_its_columns_in_any_order_and_with_more(table) -> None:
    frame = table.empty()[list(reversed(table.names))].assign(team="")
    assert known_table(frame) == table
    assert recognise(frame).table == table


def test_selected_columns_are_ours_while_the_frame_says_where_it_comes_from() -> None:
    frame = active_frame({}, {})
    frame.attrs = dict(LIVE)
    few = frame[["phone_number", "price"]]
    assert recognise(few) is not None
    few.attrs = {}
    assert recognise(few) is None
    assert recognise(few, asked=True) is not None


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1]}),
        pd.DataFrame({"phone_number": ["+13075550142"], "name": ["Desk"]}),
        pd.DataFrame({"numbers": [3], "share": [1.0]}),
        pd.DataFrame(),
        pd.DataFrame([[1, 2]], columns=["phone_number", "phone_number"]),
        pd.DataFrame({("a", "b"): [1]}),
        tables.ACTIVE_NUMBERS.empty().rename(columns={"price": 0}),
        active_frame({}).set_index(["phone_number", "region_code"]),
    ],
    ids=["other", "partly ours", "short summary", "nothing", "twice", "levels", "no name", "two indexes"],
)
def test_other_frames_are_not_ours(frame) -> None:
    assert recognise(frame) is None


def test_column_of_another_dtype_is_not_taken_for_ours() -> None:
    frame = active_frame({}).assign(price=[0.6], next_charge_date=["soon"])
    known = recognise(frame).columns
    assert "price" not in known
    assert "next_charge_date" not in known
    assert column(frame, "price") == ["0.600000"]


def test_a_column_name_is_of_one_kind_in_all_tables() -> None:
    kinds = {name: known.kind for name, known in known_columns().items()}
    for table in all_tables():
        for one in table.columns:
            alike = {"text", "category"}
            assert one.kind == kinds[one.name] or {one.kind, kinds[one.name]} <= alike, (table.name, one.name)


# -- values -----------------------------------------------------------------------------------------------------


def test_values_are_shown_for_people() -> None:
    frame = active_frame(
        {
            "phone_number": "+46701740605",
            "region_code": "SE",
            "price": "12.5",
            "currency_code": "SEK",
            "sms_state": "FAILED",
            "sms_error_codes": "CAMPAIGN_EXPIRED;SOME_NEW_CODE",
            "has_voice": False,
            "sms_updated_at": "2026-03-02T09:15:27.403118Z",
        }
    )
    markup = shown(frame)
    assert column(frame, "region_code") == ["Sweden (SE)"]
    assert column(frame, "price") == ["12.50 SEK"]
    assert column(frame, "next_charge_date") == ["2026-04-02"]
    assert column(frame, "sms_updated_at") == ["2026-03-02 09:15 UTC"]
    assert column(frame, "sms_state") == ["✕ FAILED"]
    assert column(frame, "sms_error_codes") == ["CAMPAIGN_EXPIRED; SOME_NEW_CODE"]
    assert column(frame, "has_voice") == ["no"]
    assert any("Renew the campaign" in title for title in Reader(markup).titles)
    assert '<span class="tel"><span>+46</span><span>70</span>' in markup


def test_number_that_is_copied_from_the_table_is_e164() -> None:
    numbers = ["+13075550142", "+46701740605", "+2640020000041"]
    frame = active_frame(*({"phone_number": one} for one in numbers))
    assert column(frame, "phone_number") == numbers


def test_amount_stands_with_the_currency_of_its_own_row() -> None:
    frame = active_frame(
        {"price": "1.00", "currency_code": "USD"},
        {"price": "150.000001", "currency_code": "JPY"},
        {"price": "2", "currency_code": None},
        {"price": None, "currency_code": "EUR"},
    )
    assert column(frame, "price") == ["1.00 USD", "150.000001 JPY", "2.00", "–"]
    assert "currency_code" not in Reader(shown(frame)).rows[0]


def test_currency_stays_a_column_where_no_amount_is() -> None:
    frame = active_frame({}, {})[["phone_number", "currency_code"]]
    assert column(frame, "currency_code") == ["USD", "USD"]


def test_amounts_of_a_file_that_pandas_read_itself_are_amounts() -> None:
    frame = active_frame({}).assign(price=pd.Series([Decimal("0.60")], dtype=object))
    assert column(frame, "price") == ["0.60 USD"]


def test_summaries_are_shown_with_shares_and_counts() -> None:
    frame = analysis.inventory(active_frame(*[{}] * 1500, {"region_code": "SE"}), "region_code")
    frame.attrs = dict(LIVE)
    assert column(frame, "numbers") == ["1,500", "1"]
    assert column(frame, "share") == [">99.9%", "<0.1%"]


def test_months_of_renewals_are_months() -> None:
    frame = analysis.renewals_by_month(active_frame({}), as_of="2026-03-02", months=2)
    assert column(frame, "month") == ["2026-03", "2026-04"]


def test_columns_of_the_person_are_shown_plainly() -> None:
    frame = active_frame({}, {}).assign(ratio=[0.123456789, None], team=["<i>", "x"], ready=[True, False])
    assert column(frame, "ratio") == ["0.123457", "–"]
    assert column(frame, "team") == ["<i>", "x"]
    with pd.option_context("display.precision", 2):
        assert column(frame, "ratio")[0] == "0.12"
    with pd.option_context("display.float_format", "{:.1f}!".format):
        assert column(frame, "ratio")[0] == "0.1!"


def test_what_is_no_e164_number_is_shown_as_it_is() -> None:
    frame = active_frame({"phone_number": "12345"}, {"phone_number": "+1 307\u00a0555"})
    assert column(frame, "phone_number") == ["12345", "+1 307\u00a0555"]


def test_durations_have_their_unit() -> None:
    frame = (
        tables.TIME_TO_READY.empty().reindex(range(1)).assign(seconds_to_ready=pd.array([3600.4], "Float64"))
    )
    assert column(frame, "seconds_to_ready") == ["3,600 s"]


def test_index_that_is_a_phone_number_is_shown_as_one() -> None:
    markup = shown(active_frame({}).set_index("phone_number"))
    assert '<th scope="row"><span class="tel">' in markup
    assert "<td>phone_number</td>" in markup


def test_index_of_another_dtype_is_shown_plainly() -> None:
    frame = active_frame({}).set_index(pd.Index(["all"], name="share"))
    assert '<th scope="row"><bdi>all</bdi></th>' in shown(frame)


# -- what nobody may rely on ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><b>',
        "\u202eabc",
        "שלום",
        "x" * 500,
        "a\nb\x00",
    ],
)
def test_display_name_is_text_and_nothing_else(name) -> None:
    frame = active_frame({"display_name": name}, {})
    markup = shown(frame)
    found = Reader(markup)
    assert not {"script", "img", "b"} & set(found.tags)
    assert "\u202e" not in markup
    (told, _) = column(frame, "display_name")
    assert len(told) <= 200


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_nothing_that_a_frame_says_becomes_markup(value, name, source, code) -> None:
    frame = pd.DataFrame(
        {name: [value], "region_code": [code], "sms_error_codes": [code], "phone_number": [value]}
    )
    frame.attrs = {"source": source, "fetched_at": value, "complete": None, "total_size": value}
    tags = set(Reader(shown(frame)).tags)
    assert tags <= {
        "div", "style", "h3", "span", "p", "table", "thead", "tbody", "tr", "th", "td", "bdi", "wbr",
    }  # fmt: skip


def test_text_of_any_width_is_shown_where_a_person_asks_for_it() -> None:
    frame = active_frame({"display_name": "x" * 500})
    with pd.option_context("display.max_colwidth", None):
        assert column(frame, "display_name") == ["x" * 500]
    with pd.option_context("display.max_colwidth", 10):
        assert column(frame, "display_name") == ["xxxxxxxxx…"]


# -- rows and columns in sight ----------------------------------------------------------------------------------


def test_long_frame_shows_its_first_and_last_rows() -> None:
    frame = active_frame(*[{}] * 100)
    assert len(column(frame, "phone_number")) == 10
    assert column(frame, "phone_number", rows=3) == ["+13075550100", "+13075550101", "+13075550199"]
    assert "… 97 more rows …" in text_of(shown(frame, rows=3))
    with pd.option_context("display.max_rows", 4, "display.min_rows", 10):
        assert len(column(frame, "phone_number")) == 4
    with pd.option_context("display.max_rows", None):
        assert len(column(frame, "phone_number")) == 100
    with pd.option_context("display.max_rows", 0):
        assert len(column(frame, "phone_number")) == 10


@given(st.integers(0, 500), st.integers(1, 50))
def test_rows_in_sight_are_as_many_as_asked_for(total, rows) -> None:
    found = rows_in_sight(total, rows)
    positions = found.positions()
    assert len(positions) == min(total, rows)
    assert positions == sorted(set(positions))
    assert found.left_out == total - len(positions)


def test_columns_without_any_value_are_named_below() -> None:
    frame = active_frame({"callback_url": "https://a.example"}, {})
    markup = shown(frame)
    assert "Empty in every row: display_name, expire_at" in text_of(markup)
    assert "callback_url" in Reader(markup).rows[0]
    assert "sms_error_codes" not in Reader(markup).rows[0]


def test_column_with_one_value_far_from_sight_is_kept() -> None:
    frame = active_frame(*[{"display_name": "Desk" if row == 50 else None} for row in range(100)])
    assert column(frame, "display_name") == ["–"] * 10


def test_project_of_all_rows_is_told_once() -> None:
    frame = active_frame({}, {})
    told = text_of(shown(frame))
    assert "The same in every row: project_id 7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347." in told
    two = active_frame({}, {"project_id": "another"})
    assert column(two, "project_id")[1] == "another"


def test_of_too_many_columns_those_that_tell_least_are_left_out() -> None:
    frame = active_frame({"display_name": "Desk"}, {}, {"sms_error_codes": "INTERNAL_ERROR"})
    with pd.option_context("display.max_columns", 5):
        head = Reader(shown(frame)).rows[0]
        told = text_of(shown(frame))
    assert len(head) == 6
    assert {"phone_number", "sms_state", "voice_state", "sms_error_codes"} <= set(head)
    assert "left out are those with fewest values" in told
    assert "display_name" in told


def test_every_column_is_shown_or_named() -> None:
    frame = active_frame({"display_name": "Desk"}, {})
    for most in (None, 0, 1, 7):
        seen = columns_in_sight(frame, recognise(frame).columns, most)
        named = {*seen.shown, *seen.empty, *seen.same, *seen.beside, *seen.left_out}
        assert named == set(frame.columns)
        assert most in (None, 0) or len(seen.shown) == most


@pytest.mark.parametrize("rows", [0, 1])
def test_frame_of_no_row_and_of_one_row(rows) -> None:
    frame = active_frame(*[{}] * rows)
    told = text_of(shown(frame))
    assert ("No rows." in told) == (rows == 0)
    if rows == 0:
        assert all(name in told for name in frame.columns)


def test_only_what_is_in_sight_becomes_text(monkeypatch) -> None:
    made = []

    def counting(value, column, **options):
        made.append(value)
        return cell(value, column, **options)

    monkeypatch.setattr("numbers_toolkit.frame_showing.grid.cell", counting)
    some = active_frame(*[{}] * 100)
    frame = pd.concat([some] * 1000, ignore_index=True)
    markup = shown(frame)
    assert "100,000 rows" in text_of(markup) or "100,000 numbers" in text_of(markup)
    assert len(made) <= 10 * len(frame.columns)


def test_frame_is_not_changed_by_being_shown() -> None:
    frame = active_frame({}, {})
    before = frame.copy(deep=True)
    shown(frame)
    pd.testing.assert_frame_equal(frame, before)


# -- where it comes from ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attrs", "told"),
    [
        ({"source": "sandbox"}, "SANDBOX: invented numbers"),
        ({"source": "cassette"}, "RECORDED: no live reading"),
        ({"source": "a copy"}, "a copy"),
        ({"complete": False, "total_size": 600}, "PARTIAL: not all numbers were read2 of 600 numbers."),
        ({"complete": True, "total_size": 600}, "2 of 600 numbers."),
        ({"complete": True, "total_size": 2}, "2 numbers."),
        ({"complete": None}, "Nothing the API said confirms that these are all"),
        ({"fetched_at": "2026-03-02T09:15:00Z"}, "Read at 2026-03-02 09:15 UTC"),
    ],
)
def test_provenance_is_told(attrs, told) -> None:
    frame = active_frame({}, {})
    frame.attrs = attrs
    assert told in text_of(shown(frame))


def test_live_reading_bears_no_badge() -> None:
    frame = active_frame({})
    frame.attrs = dict(LIVE)
    assert 'class="badge' not in shown(frame)


def test_a_search_says_that_there_may_be_more_and_gives_no_alarm(client) -> None:
    frame = nt.available_numbers(client, "US", "LOCAL", size=5)
    frame.attrs |= {"complete": False}
    for one in (frame, analysis.memorable(frame), analysis.stock_by_prefix(frame)):
        assert "The search showed a part; there may be more on offer." in text_of(shown(one))
        assert "SANDBOX" in shown(one)
        assert "PARTIAL" not in shown(one)


# -- by hand ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [[1], "frame", None, active_frame({})["price"]])
def test_show_takes_a_frame(value) -> None:
    with pytest.raises(InvalidInputError, match="takes a pandas DataFrame"):
        nt.show(value)


@pytest.mark.parametrize("rows", [0, -1, 1.5, True])
def test_show_takes_a_number_of_rows(rows) -> None:
    with pytest.raises(InvalidInputError, match="rows"):
        nt.show(active_frame({}), rows=rows)


def test_shown_frame_is_pandas_text_elsewhere() -> None:
    frame = active_frame({})
    assert repr(nt.show(frame)) == repr(frame)


def test_frame_that_can_not_be_ours_is_shown_by_pandas() -> None:
    frame = pd.DataFrame({("a", "b"): [1]})
    assert nt.show(frame)._repr_html_() == frame._repr_html_()


# -- in a notebook ----------------------------------------------------------------------------------------------


def test_extension_shows_our_frames_and_leaves_others_alone(shell) -> None:
    other = pd.DataFrame({"a": [1]})
    frame = active_frame({})
    before = output_of(shell, other)
    shell.extension_manager.load_extension("numbers_toolkit")

    assert "United States (US)" in output_of(shell, frame)["text/html"]
    assert output_of(shell, frame)["text/plain"] == repr(frame)
    assert output_of(shell, other) == before


def test_unloading_restores_pandas(shell) -> None:
    frame = active_frame({})
    before = output_of(shell, frame)
    for _ in range(2):
        shell.extension_manager.load_extension("numbers_toolkit")
        shell.extension_manager.unload_extension("numbers_toolkit")
        assert output_of(shell, frame) == before
    assert pd.DataFrame not in shell.display_formatter.formatters["text/html"].type_printers


def test_loading_twice_unloads_at_once(shell) -> None:
    frame = active_frame({})
    before = output_of(shell, frame)
    nt.load_ipython_extension(shell)
    nt.load_ipython_extension(shell)
    nt.unload_ipython_extension(shell)
    assert output_of(shell, frame) == before
    nt.unload_ipython_extension(shell)
    assert output_of(shell, frame) == before


def test_formatter_of_somebody_else_shows_other_frames_and_comes_back(shell) -> None:
    formatter = shell.display_formatter.formatters["text/html"]
    formatter.for_type(pd.DataFrame, lambda frame: f"theirs {len(frame)}")
    nt.load_ipython_extension(shell)
    assert output_of(shell, pd.DataFrame({"a": [1]}))["text/html"] == "theirs 1"
    assert "Active numbers" in output_of(shell, active_frame({}))["text/html"]
    nt.unload_ipython_extension(shell)
    assert output_of(shell, active_frame({}))["text/html"] == "theirs 1"


def test_formatter_that_came_later_stays(shell) -> None:
    nt.load_ipython_extension(shell)
    shell.display_formatter.formatters["text/html"].for_type(pd.DataFrame, lambda _: "theirs")
    nt.unload_ipython_extension(shell)
    assert output_of(shell, active_frame({}))["text/html"] == "theirs"


@pytest.mark.parametrize(
    ("option", "value"), [("display.notebook_repr_html", False), ("display.large_repr", "info")]
)
def test_other_form_that_a_person_asked_pandas_for_is_left_to_pandas(shell, option, value) -> None:
    frame = active_frame({})
    with pd.option_context(option, value):
        before = output_of(shell, frame)
        nt.load_ipython_extension(shell)
        assert output_of(shell, frame) == before


def test_styled_frames_and_frames_of_other_classes_are_left_alone(shell) -> None:
    class Mine(pd.DataFrame):
        @property
        def _constructor(self):
            return Mine

        def _repr_html_(self) -> str:
            return "mine"

    nt.load_ipython_extension(shell)
    assert output_of(shell, Mine(active_frame({})))["text/html"] == "mine"


def test_extension_puts_the_accessor_on_frames(shell) -> None:
    nt.load_ipython_extension(shell)
    assert len(active_frame({}).numbers.errors()) == 0
