"""Files are written whole or not at all, and nothing else is touched."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from numbers_toolkit.errors import OutputError
from numbers_toolkit.writing import replacing

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, text: str = "new") -> None:
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def test_file_is_replaced_and_nothing_else_left(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")
    write(path)
    assert path.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o600)
    write(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_file_behind_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old", encoding="utf-8")
    link.symlink_to(real)
    write(link)
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"


def test_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(path.read_text(encoding="utf-8")))
    reader.start()
    write(path)
    reader.join(timeout=20)
    assert got == ["new"]
    assert path.is_fifo()


def test_failure_leaves_the_old_file_and_no_part(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")

    def fill(temporary: Path) -> None:
        temporary.write_text("half", encoding="utf-8")
        raise OSError(28, "disk full")

    with pytest.raises(OutputError, match=r"a\.csv.*disk full"), replacing(path) as temporary:
        fill(temporary)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["", "no/such/folder/a.csv"])
def test_place_that_can_not_hold_a_file_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="can't be written"):
        write(tmp_path / name)
