"""The sandbox shares nothing with the client, and is cheap to import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import numbers_toolkit.sandbox

FOLDER = Path(numbers_toolkit.sandbox.__file__).parent
MODULES = sorted(FOLDER.glob("*.py"))
ALLOWED = {"uvicorn", *sys.stdlib_module_names}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_imports_stay_on_the_island(path):
    for name in imports(path):
        assert name.startswith("numbers_toolkit.sandbox") or name.partition(".")[0] in ALLOWED, name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_modules_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node, clean=False) or ""
            body = node.end_lineno - node.lineno + 1 - documented.count("\n")
            assert body <= 45, f"{node.name}: {body} lines"


def test_import_loads_no_server():
    program = "import sys, numbers_toolkit.sandbox; print('uvicorn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False"]


def test_public_names_are_sorted_and_there():
    names = numbers_toolkit.sandbox.__all__

    assert len(set(names)) == len(names)
    assert all(hasattr(numbers_toolkit.sandbox, name) for name in names)
