"""The report, tested by parsing it: what stands where, that it is whole, inert, and the same every time."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import matplotlib as mpl
import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit.errors import ColumnError, InvalidInputError, OutputError
from numbers_toolkit.report import Report, build_report

MADE = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
LIVE = {
    "source": "production",
    "fetched_at": "2026-03-14T09:15:00+00:00",
    "complete": True,
}
HOSTILE = "</bdi></title><script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>"
VOID = {"meta", "base", "link", "br", "img", "input", "hr"}
FAILED = {
    "sms_state": "FAILED",
    "sms_error_codes": "EXCEEDED_10DLC_LIMIT",
    "sms_scheduled_campaign_id": "CFULL01",
    "sms_scheduled_service_plan_id": "plan-1",
    "sms_updated_at": "2026-03-01T00:00:00Z",
}
SET_UP = {"sms_state": "PROVISIONED", "sms_service_plan_id": "plan-1"}


class Page(HTMLParser):
    """Collects the elements of a page, and complains where they are not nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[tuple[tuple[str, ...], str]] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append((tuple(self.open), data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def text(self, tag: str = "body") -> str:
        return " ".join(
            " ".join(words.split()) for where, words in self.words if tag in where and words.strip()
        )


def page_of(report: Report) -> Page:
    return Page(report.html)


def mixed(**attrs: object) -> pd.DataFrame:
    """Six numbers: one broken, one in another currency, one hostile, one Namibian, one waiting."""
    active = active_frame(
        {**FAILED, "display_name": HOSTILE},
        {**SET_UP, "sms_campaign_id": "CFULL01"},
        {
            **SET_UP,
            "region_code": "SE",
            "currency_code": "EUR",
            "price": "1.333333",
            "monthly_cost": "1.333333",
        },
        {**SET_UP, "region_code": "NA", "number_type": "MOBILE"},
        {**SET_UP, "sms_state": "WAITING", "sms_updated_at": "2026-03-14T09:00:00Z"},
        {**SET_UP, "voice_state": "FAILED", "voice_updated_at": "2026-03-10T09:00:00Z"},
    )
    active.attrs = {**LIVE, "total_size": 6, **attrs}
    return active


def many(count: int) -> pd.DataFrame:
    """Many numbers with every kind of trouble: each row long, hostile and failed."""
    some = active_frame(
        *(
            {
                **FAILED,
                "display_name": HOSTILE * 6,
                "region_code": f"{chr(65 + index % 26)}{chr(65 + index // 26)}",
                "sms_error_codes": f"CODE_{index % 40};EXCEEDED_10DLC_LIMIT",
                "sms_scheduled_campaign_id": f"C{index:06}",
                "currency_code": ("USD", "EUR", "SEK")[index % 3],
            }
            for index in range(400)
        )
    )
    active = pd.concat([some] * (count // 400), ignore_index=True)
    active["phone_number"] = [f"+1307{index:07}" for index in range(len(active))]
    active.attrs = {**LIVE, "total_size": len(active)}
    return active


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(mixed(), generated_at=MADE)


@pytest.fixture(scope="module")
def page(report) -> Page:
    return page_of(report)


def test_page_is_whole_semantic_and_in_a_language(report, page):
    assert report.html.startswith("<!DOCTYPE html>")
    assert page.all("html") == [{"lang": "en"}]
    assert [len(page.all(tag)) for tag in ("head", "main", "nav", "h1")] == [1, 1, 1, 1]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_links_lead_to_places_that_exist_once(page):
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [attrs["href"] for attrs in page.all("a")]
    assert targets
    assert {target.removeprefix("#") for target in targets} <= set(ids)
    named = [attrs[name] for _, attrs in page.elements for name in ("aria-labelledby",) if name in attrs]
    assert {one for names in named for one in names.split()} <= set(ids)


def test_nothing_is_loaded_from_outside_and_nothing_runs(report, page):
    loading = {"src", "srcset", "data", "action", "poster", "background", "ping", "formaction", "xlink:href"}
    for tag, attrs in page.elements:
        assert tag not in {"script", "link", "iframe", "object", "embed", "form", "img", "base"}
        assert not loading & set(attrs), tag
        assert not [name for name in attrs if name.startswith("on")], tag
        assert attrs.get("href", "#").startswith("#")
    assert "@import" not in report.html
    assert set(re.findall(r"url\(([^)]*)\)", page.text("style"))) == set()
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", report.html))


def test_hostile_display_name_is_shown_as_text(page):
    assert "</bdi></title><script>alert(1)" in page.text("table")
    assert page.all("script") == []
    assert HOSTILE in [attrs.get("title") for attrs in page.all("bdi")]


def test_right_to_left_text_and_control_characters_stay_in_their_cell():
    active = active_frame({**FAILED, "display_name": "\u202eevil\x00\x1b[31m مكتب"})

    page = page_of(build_report(active, generated_at=MADE))

    where = next(where for where, words in page.words if "evil" in words)
    assert where[-1] == "bdi"
    assert "\x00" not in page.text()
    assert "\x1b" not in page.text()


def test_every_drawing_has_words_and_a_table(page, report):
    drawings = [figure for section in report.sections for figure in section.figures]
    assert len(page.all("svg")) == len(page.all("figure")) == len(drawings) >= 8
    assert all(attrs["role"] == "img" and attrs["aria-labelledby"] for attrs in page.all("svg"))
    for figure in drawings:
        inside = Page(figure.svg)
        assert inside.text("title") == figure.table.caption
        assert inside.text("desc") == figure.alternative
        assert figure.table.rows


def test_tables_have_captions_and_headings(page):
    assert len(page.all("caption")) == len(page.all("table")) > 8
    assert {attrs.get("scope") for attrs in page.all("th")} == {"col", "row"}


def test_drawings_take_the_colours_of_the_page(report):
    for section in report.sections:
        for figure in section.figures:
            assert "var(--ink)" in figure.svg
            assert not re.findall(r"(?:fill|stroke): ?#[0-9a-f]{6}", figure.svg)
    assert "prefers-color-scheme:dark" in report.html
    assert "@media print" in report.html


def test_report_leads_with_what_needs_action(report, page):
    assert [section.key for section in report.sections][:3] == ["first", "numbers", "errors"]
    assert report.sections[-1].key == "data"
    assert re.match(r"\d of 6 numbers need action, for \d reasons. 2 failed to be set up\.", report.lead)
    first = report.sections[0]
    full = next(action for action in first.actions if action.code == "EXCEEDED_10DLC_LIMIT")
    assert full.numbers == "1"
    assert full.who_acts == "you"
    assert full.remedy in page.text("ol")


def test_headlines_are_exact_and_never_add_currencies(report):
    cards = {card.label: card for card in report.cards}

    assert cards["Numbers owned"].lines == ("6",)
    assert cards["Numbers failing"].lines == ("2",)
    assert cards["Numbers failing"].tone == "bad"
    assert cards["Monthly cost"].lines == ("USD 3.00", "EUR 1.333333")
    assert cards["Due in 30 days"].lines == ("USD 3.00", "EUR 1.333333")


def test_charges_after_thirty_days_are_not_counted_as_due():
    active = active_frame(
        {"next_charge_date": "2026-03-15T00:00:00Z", "payment_interval_months": 3},
        {"next_charge_date": "2026-04-14T00:00:00Z", "payment_interval_months": 3},
    )

    report = build_report(active, as_of="2026-03-14", generated_at=MADE)

    due = next(card for card in report.cards if card.label == "Due in 30 days")
    assert due.lines == ("USD 0.60",)
    assert due.detail == "1 charge from 2026-03-14"


def test_to_do_list_names_the_number_and_links_to_its_remedy(report):
    table = next(section for section in report.sections if section.key == "numbers").tables[0]

    row = next(row for row in table.rows if row[0].text == "+13075550100")
    problem = next(cell for cell in row if cell.under == "EXCEEDED_10DLC_LIMIT")
    assert problem.anchor in {action.anchor for action in report.sections[0].actions}
    assert row[0].full == ""


def test_namibia_is_a_region(report):
    inventory = next(section for section in report.sections if section.key == "inventory")
    assert "NA" in {row[0].text for row in inventory.figures[0].table.rows}


def test_costs_and_renewals_have_one_drawing_per_currency_the_most_used_first(report):
    for key in ("costs", "renewals"):
        section = next(section for section in report.sections if section.key == key)
        assert [figure.table.caption[-3:] for figure in section.figures] == ["USD", "EUR"]
        assert not section.tables


def test_headline_of_many_currencies_shows_the_most_used_and_counts_the_rest():
    codes = ["USD"] * 4 + ["EUR"] * 3 + ["GBP"] * 2 + ["SEK", "NOK"]
    report = build_report(active_frame(*({"currency_code": code} for code in codes)), generated_at=MADE)
    cards = {card.label: card for card in report.cards}
    assert cards["Monthly cost"].lines == ("USD 2.40", "EUR 1.80", "GBP 1.20", "and 2 more")


def test_beyond_three_currencies_the_rest_is_one_table():
    codes = ["USD"] * 4 + ["EUR"] * 3 + ["GBP"] * 2 + ["SEK", "NOK"]
    report = build_report(active_frame(*({"currency_code": code} for code in codes)), generated_at=MADE)
    for key in ("costs", "renewals"):
        section = next(section for section in report.sections if section.key == key)
        assert [figure.table.caption[-3:] for figure in section.figures] == ["USD", "EUR", "GBP"]
        shown = {cell.text for row in section.tables[0].rows for cell in row}
        assert {"SEK", "NOK"} <= shown
        assert "USD" not in shown


def test_equal_input_and_time_give_equal_bytes(report):
    with mpl.rc_context({"xtick.major.pad": 30, "font.size": 30, "svg.fonttype": "path"}):
        again = build_report(mixed(), generated_at=MADE)

    assert again == report
    assert again.html.encode() == report.html.encode()
    assert again.html != build_report(mixed(), generated_at=datetime(2027, 1, 1, tzinfo=UTC)).html


def test_report_leaves_input_and_settings_alone():
    active, settings = mixed(), dict(mpl.rcParams)
    before, attrs = active.copy(), dict(active.attrs)

    build_report(active, generated_at=MADE)

    pd.testing.assert_frame_equal(active, before)
    assert active.attrs == attrs
    assert dict(mpl.rcParams) == settings


def test_report_is_frozen(report):
    with pytest.raises(FrozenInstanceError):
        report.title = "other"


@pytest.mark.parametrize(
    ("attrs", "said", "unsaid"),
    [
        ({"source": "sandbox"}, "Sandbox data.", "Partial"),
        ({"source": "cassette"}, "Recorded data.", "Partial"),
        ({"source": None}, "Source unknown.", "Partial"),
        ({"complete": False, "total_size": 1234}, "Only 6 of 1,234 numbers were read", "Sandbox"),
        ({"complete": None, "total_size": 7}, "Only 6 of 7 numbers were read", "Sandbox"),
        ({}, "6 of 6, complete", "Sandbox data."),
    ],
)
def test_page_says_what_its_data_is(attrs, said, unsaid):
    report = build_report(mixed(**attrs), generated_at=MADE)

    text = page_of(report).text()

    assert said in text
    assert unsaid not in text
    assert bool(report.banners) == bool(attrs)


def test_sandbox_is_said_in_every_drawing():
    report = build_report(mixed(source="sandbox"), generated_at=MADE)

    for section in report.sections:
        for figure in section.figures:
            assert "Sandbox data" in figure.svg


def test_data_notes_list_filters_source_time_and_warnings():
    active = mixed(filters={"region_code": ["US", "SE"], "search_pattern": "CONTAINS", "capabilities": []})
    active.loc[0, "price"] = None

    listed = build_report(active, generated_at=MADE).sections[-1].facts
    facts = dict(listed)

    assert facts["Filters"] == "region_code = SE, US"
    assert facts["Read at"] == "2026-03-14 09:15:00 UTC"
    assert facts["Source"] == "production"
    assert any(name == "Note" and "price" in text for name, text in listed)


def test_empty_inventory_gets_a_friendly_page():
    report = build_report(active_frame(), generated_at=MADE)

    page = page_of(report)

    assert report.lead == "There are no active numbers."
    assert page.all("figure") == []
    assert "About the data" in page.text()


def test_healthy_inventory_says_so():
    active = active_frame(SET_UP, SET_UP)
    active.attrs = {**LIVE, "total_size": 2}

    report = build_report(active, generated_at=MADE)

    assert report.lead == "Nothing needs action: all 2 numbers are in order."
    assert report.tone == "good"
    assert "No number has a provisioning error." in page_of(report).text()


def test_ten_thousand_numbers_stay_small_and_say_what_was_left_out():
    report = build_report(many(10_000), generated_at=MADE)

    assert len(report.html.encode()) < 1_000_000
    text = page_of(report).text()
    assert re.search(r"\d+ of 20,000; all: numbers_toolkit\.analysis\.attention\(active\)\.", text)
    assert "The first 100 of" in text


def test_page_is_written_whole_and_replaces_what_was_there(report, tmp_path):
    target = tmp_path / "report.html"
    target.write_text("old")
    old = target.stat().st_ino

    written = report.to_html(target)

    assert written == target
    assert target.read_bytes() == report.html.encode()
    assert target.stat().st_ino != old  # moved into place, not written over
    assert list(tmp_path.iterdir()) == [target]


def test_unwritable_path_raises_and_leaves_nothing(report, tmp_path):
    with pytest.raises(OutputError, match=r"missing.*still in memory"):
        report.to_html(tmp_path / "missing" / "report.html")
    with pytest.raises(OutputError, match="can't be written"):
        report.to_html(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_notebook_shows_the_page_in_a_frame_of_its_own(report):
    shown = report._repr_html_()

    frame = Page(shown).all("iframe")[0]
    inner = Page(frame["srcdoc"])
    assert len(Page(shown).elements) == 1
    assert "sandbox" in frame
    assert inner.all("base") == [{"href": "about:srcdoc"}]
    assert inner.text("h1") == report.title
    assert len(repr(report)) < 400


def test_title_is_escaped_and_shown():
    page = page_of(build_report(active_frame(), title="A <b>bold</b> & plain title", generated_at=MADE))

    assert page.text("h1") == "A <b>bold</b> & plain title"
    assert page.all("b") == []


def test_errors_made_before_are_used():
    active = mixed()

    report = build_report(active, errors=active.iloc[:0].pipe(_no_errors), generated_at=MADE)

    assert "No number has a provisioning error." in page_of(report).text()


def _no_errors(active: pd.DataFrame) -> pd.DataFrame:
    from numbers_toolkit import analysis

    return analysis.provisioning_errors(active)


def test_wrong_input_raises_before_anything_is_built():
    with pytest.raises(ColumnError, match="phone_number"):
        build_report(mixed().drop(columns="phone_number"))
    with pytest.raises(InvalidInputError, match="as_of 'soon'"):
        build_report(mixed(), as_of="soon")
    with pytest.raises(InvalidInputError, match="generated_at"):
        build_report(mixed(), generated_at=pd.NaT)


@pytest.mark.parametrize("package", ["jinja2", "matplotlib"])
def test_report_without_a_package_names_the_extra(package):
    code = (
        f"import sys; sys.modules['{package}'] = None\n"
        "from numbers_toolkit.errors import MissingDependencyError\n"
        "try:\n    import numbers_toolkit.report\n"
        "except MissingDependencyError as error:\n    sys.exit('numbers-toolkit[report]' not in str(error))\n"
        "sys.exit(1)"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_report_never_loads_pyplot():
    code = (
        "import sys, numbers_toolkit.report as report; from numbers_toolkit import tables; "
        "report.build_report(tables.ACTIVE_NUMBERS.empty()).html; sys.exit('matplotlib.pyplot' in sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def drawn_texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_drawings_say_the_same_as_their_tables():
    """Making a drawing small must not touch its words: its digits are sums of money."""
    frame = active_frame(
        {"price": "0.129999", "region_code": "IN"},
        {"price": "9.87", "payment_interval_months": 12, "region_code": "BR"},
        {"sms_campaign_id": "v1.234567", "sms_service_plan_id": "p", "sms_state": "PROVISIONED"},
        {"sms_campaign_id": "#0072b2", "sms_service_plan_id": "p", "sms_state": "PROVISIONED"},
    )
    frame.attrs["fetched_at"] = "2026-03-02T00:00:00Z"
    report = build_report(frame, generated_at=MADE)
    sections = {section.key: section for section in report.sections}
    costs = drawn_texts(sections["costs"].figures[0].svg)
    assert {"IN", "BR", "US", "0.129999", "0.8225"} <= {text.strip() for text in costs}
    assert "Monthly cost by region, USD" in costs
    campaigns = {text.strip() for text in drawn_texts(sections["campaigns"].figures[0].svg)}
    assert {"v1.234567", "#0072b2"} <= campaigns
    assert any(text.startswith("2 numbers linked") for text in campaigns)


@pytest.mark.parametrize(
    ("attrs", "banner"),
    [
        ({"complete": True, "total_size": 6}, None),
        ({"complete": True, "total_size": 60}, "A selection."),
        ({"complete": False, "total_size": 60}, "Partial data."),
        ({"complete": None, "total_size": None}, "Unconfirmed."),
        ({"complete": True, "total_size": 6, "filters": {"region_code": ["US"]}}, "Filtered."),
    ],
)
def test_banner_says_how_much_of_the_inventory_this_is(attrs, banner):
    frame = active_frame(*[{}] * 6)
    frame.attrs = {"source": "production", "fetched_at": "2026-03-02T00:00:00Z", **attrs}
    headings = [one.heading for one in build_report(frame, generated_at=MADE).banners]
    assert headings == ([banner] if banner else [])


def test_repeated_numbers_are_told_of():
    frame = active_frame({}, {})
    doubled = pd.concat([frame, frame], ignore_index=True)
    assert "Repeated numbers." in [one.heading for one in build_report(doubled, generated_at=MADE).banners]


def test_actions_say_what_their_numbers_cost_a_month():
    frame = active_frame(
        {"price": "1.50"},
        {"price": "9.00", "payment_interval_months": 12, "currency_code": "EUR"},
        {"price": "2.25"},
        {"sms_service_plan_id": "p", "sms_state": "PROVISIONED", "price": "100"},
    )
    frame.attrs["fetched_at"] = "2026-03-02T00:00:00Z"
    (action,) = build_report(frame, generated_at=MADE).sections[0].actions
    assert action.problem == "Paid, but nothing configured"
    assert action.costs == "USD 3.75, EUR 0.75"
    assert "Costs a month: USD 3.75, EUR 0.75" in build_report(frame, generated_at=MADE).html
