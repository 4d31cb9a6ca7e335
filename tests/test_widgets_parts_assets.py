"""Scripts and styles of the parts: whole, self-contained, in the package; colours that can be read."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("anywidget")

import numbers_toolkit.widgets.parts
from numbers_toolkit.style import STYLE, content_style, theme
from numbers_toolkit.widgets.parts import assets

FOLDER = Path(numbers_toolkit.widgets.parts.__file__).parent
STATIC = sorted((FOLDER / "static").iterdir())
PARTS = [
    path.stem
    for path in STATIC
    if path.suffix == ".js" and "export default" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("part", PARTS)
def test_script_of_a_part_is_one_module_that_asks_for_no_other(part):
    script = assets.script(part)

    assert script.count("export default") == 1
    assert not re.search(r"^\s*(import|export (?!default))", script, re.MULTILINE)
    # A dynamic import, or a type of a comment that only an editor reads.
    assert not re.search(r"(?<!\{)\bimport\((?!\"\./\w+\.js\"\)\.)", script)


@pytest.mark.parametrize("part", PARTS)
def test_names_of_joined_files_do_not_collide(part):
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", assets.script(part), re.MULTILINE)

    assert sorted(set(names)) == sorted(names)


def test_file_stands_after_all_that_it_needs_and_once():
    script = assets.script("form")

    for function in ("element", "lineControl", "groupControl", "comboControl", "filesControl"):
        assert script.count(f"function {function}(") == 1
    assert (
        script.index("function element(")
        < script.index("function disable(")
        < script.index("function groupControl(")
    )


@pytest.mark.parametrize("path", STATIC, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere_and_no_text_becomes_markup(path):
    text = path.read_text(encoding="utf-8")

    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "fetch(",
    ):
        assert way not in text
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)[\w.]", text)
    if path.suffix == ".css":
        assert "@import" not in text
        assert "url(" not in text


@pytest.mark.parametrize("path", STATIC, ids=lambda path: path.name)
def test_scripts_and_styles_stay_readable(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 620


def selectors_of(sheet):
    """Selectors of a sheet, those in a list each for itself; steps of an animation are none."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"@keyframes [\w-]+ \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet)
    for found in re.findall(r"([^{};]+)\{", sheet):
        if found.strip().startswith("@"):
            continue
        depth, one = 0, ""
        for letter in found:
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if letter == "," and not depth:
                yield one.strip()
                one = ""
            else:
                one += letter
        yield one.strip()


@pytest.mark.parametrize("part", PARTS)
def test_style_reaches_parts_and_panels_only(part):
    selectors = list(selectors_of(assets.style_sheet(part)))

    assert len(selectors) > 20
    for one in selectors:
        assert ".nt-" in one or ".numbers-toolkit-panel" in one


def test_part_without_a_style_of_its_own_has_the_common_one():
    assert assets.style_sheet("nothing-of-its-own").strip().startswith(theme(".nt-part")[:20])


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_controls_can_be_read(scheme):
    block = re.search(rf"\{{([^{{}}]*color-scheme: {scheme};[^{{}}]*)\}}", theme(".nt-part"))[1]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))

    texts = [("ink", ground) for ground in ("paper", "field", "hover")]
    texts += [("quiet", ground) for ground in ("paper", "field", "hover", "plain-back")]
    texts += [("act-ink", "act"), ("act-ink", "act-hover"), ("risk-ink", "risk"), ("risk-ink", "risk-hover")]
    texts += [("chosen-ink", "chosen"), ("bad", "paper")]
    for ink, ground in texts:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for line, ground in [
        ("field-line", "paper"),
        ("field-line", "field"),
        ("focus", "paper"),
        ("bad", "field"),
    ]:
        assert contrast(colours[line], colours[ground]) >= 3, (line, ground)


def test_theme_of_the_notebook_wins_over_the_system():
    rules = theme(".nt-part")

    at = [
        rules.index("prefers-color-scheme: dark"),
        rules.index('[data-jp-theme-light="true"] .nt-part, .vscode-light .nt-part'),
        rules.index('[data-jp-theme-light="false"] .nt-part, .vscode-dark .nt-part'),
        rules.index("[data-jp-theme-light] .nt-part { --ink: var(--jp-content-font-color1"),
        rules.index("--ink: var(--vscode-editor-foreground"),
    ]
    assert at == sorted(at)


def test_content_has_its_colours_from_the_part_and_its_rules_from_pages():
    rules = content_style(".nt-markup")

    assert "--jp-content" not in rules
    assert "--jp-layout" not in rules
    assert ".nt-markup.nt-markup table" in rules
    assert ".numbers-toolkit.numbers-toolkit table" in STYLE


def test_panels_say_what_to_install_where_widgets_are_missing():
    code = (
        "import sys; sys.modules['anywidget'] = None\n"
        "import numbers_toolkit as nt\n"
        "try:\n    nt.widgets\nexcept nt.errors.MissingDependencyError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "pip install 'numbers-toolkit[widgets]'" in done.stdout


def test_panels_are_listed_and_load_when_they_are_used():
    code = (
        "import sys, numbers_toolkit as nt; w = nt.widgets; "
        "print(dir(w), [n for n in sys.modules if n.startswith('numbers_toolkit.widgets.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "['ActivationPanel', 'InventoryPanel', 'OrderForm', 'SearchPanel'] []"
    with pytest.raises(AttributeError, match="no attribute 'ReleasePanel'"):
        numbers_toolkit.widgets.ReleasePanel  # noqa: B018
