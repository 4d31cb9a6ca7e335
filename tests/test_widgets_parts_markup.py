"""Markup that is shown: escaped by the kernel, saved by no notebook."""

from __future__ import annotations

import pytest

pytest.importorskip("anywidget")

from numbers_toolkit import markup
from numbers_toolkit.widgets.parts.markup import Markup
from widget_views import View, saved


def test_markup_reaches_the_views_by_message():
    shown = Markup(role="status")
    view = View(shown)

    shown.html = markup.paragraph("<b>Desk</b>")

    assert view.heard == [{"kind": "html", "html": "<p>&lt;b&gt;Desk&lt;/b&gt;</p>"}]


def test_view_that_comes_later_asks_for_it():
    shown = Markup(markup.paragraph("Desk"))
    view = View(shown)

    view.say(kind="hello")

    assert view.last("html")["html"] == "<p>Desk</p>"


def test_same_markup_is_not_sent_again():
    shown = Markup(markup.paragraph("Desk"))
    view = View(shown)

    shown.html = markup.paragraph("Desk")

    assert view.heard == []


@pytest.mark.parametrize("text", ["<p>Desk</p>", None, 5])
def test_anything_but_markup_is_refused(text):
    shown = Markup()

    with pytest.raises(TypeError, match=r"Only markup of numbers_toolkit\.markup can be shown"):
        shown.html = text
    with pytest.raises(TypeError, match="Only markup"):
        Markup(text)


def test_state_that_a_notebook_saves_holds_none_of_it():
    assert "Desk" not in saved(Markup(markup.paragraph("Desk")))


def test_changes_can_be_observed():
    shown = Markup()
    seen: list[str] = []
    shown.observe(lambda change: seen.append(change["new"]), "html")

    shown.html = markup.code("x")

    assert seen == ["<code>x</code>"]


def test_closed_one_takes_markup_without_a_fault():
    shown = Markup()
    shown.close()

    shown.html = markup.code("x")

    assert shown.html == "<code>x</code>"
