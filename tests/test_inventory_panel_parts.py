"""The parts that only the inventory panel has: drawings that take the page's colours, and files for the browser."""

from __future__ import annotations

import pytest

from numbers_toolkit.palette import DARK, LIGHT
from numbers_toolkit.widgets.parts.download import Download
from numbers_toolkit.widgets.parts.drawing import Drawing
from widget_views import View, saved

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"><text>+13075550100</text></svg>'


def test_a_view_is_sent_the_drawings_whenever_it_asks():
    drawing = Drawing(label="Errors")
    drawing.show(PICTURE)
    view = View(drawing)

    view.say(kind="hello")

    assert view.last("pictures") == {"kind": "pictures", "pictures": [PICTURE]}
    drawing.show()
    assert view.last("pictures")["pictures"] == []
    drawing.close()


def test_drawings_are_in_no_saved_state():
    drawing = Drawing(label="Errors")
    drawing.show(PICTURE)

    assert "+1307" not in saved(drawing)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_all_colours_of_drawings_are_the_page_s_variables(theme):
    own = {name: colour for name, colour in theme.items() if name not in ("ink", "paper")}

    assert all(f"--{name}: {colour};" in Drawing._css for name, colour in own.items())
    assert LIGHT.keys() == DARK.keys()


def test_a_file_is_handed_over_as_a_message_only():
    download = Download()
    sent = []
    download.send = lambda content, buffers: sent.append((content, buffers))

    download.offer("numbers.csv", b"+13075550100", "text/csv")

    assert sent == [({"kind": "file", "name": "numbers.csv", "media_type": "text/csv"}, [b"+13075550100"])]
    assert "+1307" not in saved(download)
    download.close()
    download.offer("late.csv", b"", "text/csv")
    assert len(sent) == 1
