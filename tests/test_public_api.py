"""What users import: names, lightness, docstrings."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import numbers_toolkit as nt

HEAVY = (
    "pandas",
    "pyarrow",
    "numpy",
    "requests",
    "matplotlib",
    "ipywidgets",
    "IPython",
    "jinja2",
    "uvicorn",
    "tqdm",
    "click",
)
DOCUMENTED = [
    name for name in nt.__all__ if name != "__version__" and not inspect.ismodule(getattr(nt, name))
]


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_import_loads_nothing_heavy() -> None:
    loaded = run_python(f"import sys, numbers_toolkit; print([n for n in {HEAVY!r} if n in sys.modules])")
    assert loaded == "[]"


def test_loading_data_needs_no_plots_widgets_or_server() -> None:
    code = "import sys; from numbers_toolkit import loaders, analysis; print([n for n in {!r} if n in sys.modules])"
    assert run_python(code.format(("matplotlib", "ipywidgets", "jinja2", "uvicorn"))) == "[]"


def test_every_public_name_exists_and_is_listed() -> None:
    assert nt.__all__ == sorted(nt.__all__)
    for name in nt.__all__:
        assert getattr(nt, name) is not None
        assert name in dir(nt)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'activ_numbers'"):
        nt.activ_numbers  # noqa: B018


@pytest.mark.parametrize("name", DOCUMENTED)
def test_public_object_has_a_docstring(name: str) -> None:
    assert inspect.getdoc(getattr(nt, name))


@pytest.mark.parametrize("name", ["connect", "active_numbers", "available_numbers", "available_regions"])
def test_public_function_documents_every_parameter(name: str) -> None:
    function = getattr(nt, name)
    text = inspect.getdoc(function) or ""
    for parameter in inspect.signature(function).parameters:
        assert parameter in text, f"{name} does not explain {parameter}"
    for section in ("Parameters", "Returns", "Examples"):
        assert f"{section}\n{'-' * len(section)}" in text
