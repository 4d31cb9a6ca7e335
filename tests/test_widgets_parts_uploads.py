"""Files in pieces: whole, in order, or not there."""

from __future__ import annotations

import pytest

pytest.importorskip("anywidget")

from numbers_toolkit.widgets.parts.uploads import Arriving, UploadedFile


def take(arriving: Arriving, piece: int, content: bytes) -> UploadedFile | None:
    return arriving.take(piece, [memoryview(content)])


def test_file_is_there_when_its_last_piece_is():
    arriving = Arriving.announced({"name": "a.pdf", "media_type": "application/pdf", "size": 5})

    assert take(arriving, 0, b"abc") is None
    assert take(arriving, 1, b"de") == UploadedFile("a.pdf", "application/pdf", b"abcde")


def test_order_of_arrival_does_not_matter_and_a_piece_that_comes_twice_counts_once():
    arriving = Arriving.announced({"name": "a.pdf", "size": 5})

    assert take(arriving, 1, b"de") is None
    assert take(arriving, 1, b"de") is None
    whole = take(arriving, 0, b"abc")

    assert whole is not None
    assert whole.content == b"abcde"


@pytest.mark.parametrize("name", ["/etc/a.pdf", "..\\..\\a.pdf", "C:\\docs\\a.pdf", "a.pdf"])
def test_name_has_no_folder(name):
    assert Arriving.announced({"name": name, "size": 0}).name == "a.pdf"


def test_name_can_not_turn_the_direction_of_the_text_around_it():
    assert Arriving.announced({"name": "fdp.\u202egpj", "size": 0}).name == "fdp.\ufffdgpj"


def test_content_shows_nowhere():
    assert "secret" not in repr(UploadedFile("a.txt", "text/plain", b"secret"))
