"""Papers of number orders from a JSON file: its form, and every way in which it can be wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from numbers_toolkit.activation import Papers
from numbers_toolkit.cli.papers_file import read_papers
from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "Hobart Street 5"


def written(folder: Path, content: Any) -> str:
    path = folder / "papers.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_no_file_is_no_papers() -> None:
    assert read_papers(None) is None


def test_papers_of_one_kind_are_read_with_files_beside_them(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "passport.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "statement.pdf").write_bytes(b"%PDF-1.7")
    content = {
        "data": {"city": "Hobart", "senderId": "{phone_number}"},
        "attachments": {
            "Statement": "statement.pdf",
            "Proof": {
                "file": "scans/passport.pdf",
                "document_type": "Passport",
                "mime_type": "application/pdf",
            },
        },
        "check_data": False,
    }
    papers = read_papers(written(tmp_path, content))

    assert papers.request_details == {"data": [content["data"]]}
    assert papers.attachments["Statement"].path == tmp_path / "statement.pdf"
    assert papers.attachments["Proof"].document_type == "Passport"
    assert papers.attachments["Proof"].mime_type == "application/pdf"
    assert papers.check_data is False


def test_papers_of_several_kinds_are_read_by_region_and_type(tmp_path: Path) -> None:
    papers = read_papers(
        written(tmp_path, {"papers": {"AU MOBILE": {"data": {"a": 1}}, "SE": {}, "*": {"data": [{"b": 2}]}}})
    )
    assert set(papers) == {("AU", "MOBILE"), "SE", "*"}
    assert all(isinstance(one, Papers) for one in papers.values())


def test_mark_of_a_windows_editor_is_no_fault(tmp_path: Path) -> None:
    assert read_papers(written(tmp_path, '\ufeff{"data": {"city": "Hobart"}}')).request_details


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('{"data": {"street": "Hobart Street 5"}', "no JSON"),
        ("[]", "holds no papers"),
        ({"datas": {"street": SECRET}}, "'datas'"),
        ({"data": [SECRET]}, "list of data"),
        ({"data": SECRET}, "mapping of fields"),
        ({"check_data": "no"}, "true or false"),
        ({"attachments": ["x.pdf"]}, "files by title"),
        ({"attachments": {"Statement": 5}}, "an attachment is a file"),
        ({"attachments": {"Statement": {"document_type": "Passport"}}}, "an attachment is a file"),
        ({"attachments": {"Statement": {"file": "papers.json", "type": "x"}}}, "'type'"),
        ({"attachments": {"Statement": "missing.pdf"}}, "no file"),
        ({"attachments": {"Statement": {"file": "papers.json", "document_type": 5}}}, "document_type"),
        ({"papers": {"SE": SECRET}}, "by region and type"),
        ({"papers": {}, "data": {}}, "'data'"),
    ],
)
def test_file_that_holds_no_papers_is_told_without_what_stands_in_it(
    content: Any, word: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_papers(written(tmp_path, content))
    assert word.lower() in str(caught.value).lower()
    assert SECRET not in str(caught.value)


def test_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "papers.json"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(InvalidInputError, match="UTF-8"):
        read_papers(str(path))
    with pytest.raises(InvalidInputError, match="can't be read"):
        read_papers(str(tmp_path / "missing.json"))
