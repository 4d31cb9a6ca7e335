"""The direction of imports, held as data and checked against the code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import numbers_toolkit as nt

PACKAGE = Path(nt.__file__).parent

#: What each part may import of the package. A part is a module or a folder; a line may name parts above it only.
MAY_IMPORT: dict[str, set[str]] = {
    "hearing": set(),
    "warnings_told": {"hearing"},
    "errors": {"warnings_told"},
    "vocabulary": {"errors"},
    "error_codes": {"errors", "vocabulary"},
    "calling_codes": set(),
    "keypad": {"errors"},
    "amounts": set(),
    "wording": set(),
    "style": set(),
    "palette": set(),
    "markup": {"wording", "style"},
    "regions": set(),
    "formatting": {"wording", "markup", "regions"},
    "money": {"amounts"},
    "attaching": set(),
    "columns": {"attaching", "errors", "money"},
    "tables": {"vocabulary", "money", "columns"},
    "found_tables": {"columns", "tables"},
    "overview_tables": {"columns", "tables"},
    "frame_showing": {
        "errors",
        "vocabulary",
        "error_codes",
        "wording",
        "style",
        "markup",
        "formatting",
        "columns",
        "tables",
        "found_tables",
        "overview_tables",
    },
    "writing": {"errors"},
    "files": {"errors", "tables", "money", "writing"},
    "settings": {"errors"},
    "authentication": {"errors", "settings"},
    "answers": {"errors"},
    "failures": {"errors"},
    "payloads": {"errors"},
    "taping": set(),
    "transport": {"errors", "settings", "authentication", "answers", "failures", "payloads", "taping"},
    "progress": set(),
    "unknown_fields": set(),
    "decoding": {"errors", "unknown_fields"},
    "flattening": {"errors", "vocabulary", "tables", "decoding"},
    "frames": {"errors", "vocabulary", "tables", "decoding", "flattening"},
    "requests_made": {"errors", "vocabulary", "settings", "payloads"},
    "client": {"errors", "vocabulary", "settings", "answers", "payloads", "transport", "requests_made"},
    "paging": {"errors", "answers", "frames"},
    "reading": {"errors", "client", "answers", "decoding", "flattening", "frames", "paging", "progress"},
    "searching": {"errors", "vocabulary", "client", "decoding", "flattening", "progress"},
    "combining": {"errors", "vocabulary", "tables", "client"},
    "loaders": {
        "combining",
        "errors",
        "vocabulary",
        "tables",
        "client",
        "flattening",
        "frames",
        "progress",
        "reading",
        "searching",
    },
    "webhooks": {"errors", "vocabulary", "tables", "files", "settings", "unknown_fields"},
    "analysis": {
        "hearing",
        "errors",
        "vocabulary",
        "error_codes",
        "calling_codes",
        "keypad",
        "wording",
        "tables",
        "found_tables",
        "overview_tables",
    },
    "plots": {"errors", "vocabulary", "error_codes", "tables", "palette"},
    "report": {"hearing", "errors", "vocabulary", "error_codes", "tables", "writing", "analysis", "plots"},
    "sandbox": set(),
    "cassettes": {"errors", "settings", "writing", "calling_codes", "taping"},
    "scanning": {"errors", "cassettes", "sandbox"},
    "connection": {"errors", "settings", "transport", "client", "sandbox", "taping", "cassettes"},
    "testing": {"errors", "sandbox", "cassettes", "client", "connection"},
    "activation": {
        "wording",
        "markup",
        "errors",
        "vocabulary",
        "error_codes",
        "amounts",
        "tables",
        "writing",
        "files",
        "failures",
        "progress",
        "payloads",
        "requests_made",
        "client",
        "connection",
        "transport",
        "frames",
        "combining",
        "searching",
        "loaders",
        "analysis",
    },
    "widgets": {
        "hearing",
        "errors",
        "vocabulary",
        "error_codes",
        "calling_codes",
        "keypad",
        "amounts",
        "wording",
        "style",
        "palette",
        "markup",
        "regions",
        "formatting",
        "money",
        "columns",
        "tables",
        "found_tables",
        "overview_tables",
        "writing",
        "files",
        "payloads",
        "client",
        "loaders",
        "analysis",
        "plots",
        "report",
        "connection",
        "activation",
    },
    "accessor": {
        "errors",
        "wording",
        "columns",
        "tables",
        "frame_showing",
        "analysis",
        "plots",
        "report",
        "widgets",
    },
    "cli": {
        "errors",
        "vocabulary",
        "writing",
        "files",
        "settings",
        "client",
        "connection",
        "loaders",
        "analysis",
        "activation",
        "report",
        "sandbox",
        "scanning",
    },
    "__main__": {"cli"},
}
#: The package's face hands names on, lazily, and may name everything.
FACE = "__init__"


def part_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imported_parts(path: Path) -> set[str]:
    """Parts of the package that a file imports, at the top, in a function or for types alone."""
    parts = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module] if node.module != "numbers_toolkit" else []
            names += [
                f"{node.module}.{alias.name}" for alias in node.names if node.module == "numbers_toolkit"
            ]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        parts |= {name.split(".")[1] for name in names if name.startswith("numbers_toolkit.")}
    return parts - {"__version__"}


FILES = sorted(path for path in PACKAGE.rglob("*.py") if part_of(path) != FACE)


def test_every_part_stands_in_the_table() -> None:
    assert {part_of(path) for path in FILES} <= set(MAY_IMPORT)


def test_table_names_only_parts_above() -> None:
    above: set[str] = set()
    for part, allowed in MAY_IMPORT.items():
        assert allowed <= above, f"{part} may import {allowed - above}, which does not stand above it"
        above.add(part)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_what_stands_above(path: Path) -> None:
    part = part_of(path)
    assert imported_parts(path) - {part} <= MAY_IMPORT[part]


def test_sandbox_reaches_the_client_by_name_only_in_connect() -> None:
    """The island imports nothing; one method hands over to the package at run time."""
    mentions = [
        path.name
        for path in (PACKAGE / "sandbox").rglob("*.py")
        if 'import_module("numbers_toolkit")' in path.read_text(encoding="utf-8")
    ]
    assert mentions == ["embedded.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 520


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_stay_short(path: Path) -> None:
    """At most 60 lines each, docstring apart."""
    long = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            has_docstring = ast.get_docstring(node) is not None
            start = node.body[0].end_lineno if has_docstring and node.body[0].end_lineno else node.lineno
            if node.end_lineno - start > 60:
                long.append(node.name)
    assert not long


def test_only_activation_spends_money() -> None:
    """Whatever costs, changes or gives back numbers goes through the journal; nothing else calls it."""
    paid = {
        "rent_number",
        "rent_any_number",
        "release_number",
        "update_active_number",
        "create_number_order",
        "submit_number_order",
    }
    callers = {
        part_of(path)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in paid
    }
    assert callers == {"activation"}
