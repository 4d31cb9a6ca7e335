"""The style of everything that is shown in a notebook: one sheet, scoped to its own class.

Colours are JupyterLab's where it stands in one, else this sheet's own, light or dark as the system says. JupyterLab
and VS Code say on the page's body which theme they have; that wins over the system.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ROOT_CLASS", "STYLE", "colours", "content_style", "theme"]

ROOT_CLASS: Final = "numbers-toolkit"

_LIGHT: Final = """
  --ink: #1b2733; --quiet: #55606b; --line: #dde3e8; --paper: #ffffff;
  --good: #00664a; --good-back: #e6f5ef; --warn: #5c3d00; --warn-back: #fff0c2;
  --bad: #a83a00; --bad-back: #fff1e8; --info: #005a9c; --info-back: #e8f2fa;
  --plain: #3d4a56; --plain-back: #eef2f5; --shade: rgba(27, 39, 51, .28); color-scheme: light;
"""
_DARK: Final = """
  --ink: #e6edf3; --quiet: #a3afbb; --line: #303a45; --paper: #161b22;
  --good: #58d3ae; --good-back: #0d2a21; --warn: #ffe2a0; --warn-back: #3a2c05;
  --bad: #ff9d6b; --bad-back: #33190b; --info: #79bdf2; --info-back: #0f2a42;
  --plain: #c3ced8; --plain-back: #232b34; --shade: rgba(230, 237, 243, .3); color-scheme: dark;
"""
#: What a page does not need and a control does: its frame, its ground, what is chosen, what acts.
_LIGHT_CONTROLS: Final = """
  --field: #ffffff; --field-line: #75818c; --hover: #eef2f5; --chosen: #dcecf9; --chosen-ink: #0b3a5e;
  --act: #005a9c; --act-hover: #00477c; --act-ink: #ffffff;
  --risk: #a83a00; --risk-hover: #862e00; --risk-ink: #ffffff;
  --focus: #0b6bcb; --float: 0 6px 20px rgba(27, 39, 51, .18);
"""
_DARK_CONTROLS: Final = """
  --field: #0f141a; --field-line: #74818e; --hover: #232b34; --chosen: #17395a; --chosen-ink: #d6e9fa;
  --act: #79bdf2; --act-hover: #9bcef6; --act-ink: #0b1a27;
  --risk: #ff9d6b; --risk-hover: #ffb48d; --risk-ink: #2a1104;
  --focus: #8cc8ff; --float: 0 6px 20px rgba(0, 0, 0, .55);
"""
_THEME: Final = """
@ {LIGHT}
@media (prefers-color-scheme: dark) { @ {DARK} }
[data-jp-theme-light="true"] @, .vscode-light @ {LIGHT}
[data-jp-theme-light="false"] @, .vscode-dark @ {DARK}
"""
_CONTRAST: Final = """
.vscode-high-contrast-light @ {LIGHT}
.vscode-high-contrast:not(.vscode-high-contrast-light) @ {DARK}
"""
#: The host's own ground, ink and fonts, so that a panel looks at home in any theme of JupyterLab and VS Code.
_HOSTS: Final = """
@ {
  --font: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif;
  --mono: ui-monospace, Menlo, Consolas, monospace;
}
[data-jp-theme-light] @ {
  --ink: var(--jp-content-font-color1, #1b2733); --paper: var(--jp-layout-color1, #ffffff);
  --font: var(--jp-ui-font-family, system-ui, sans-serif); --mono: var(--jp-code-font-family, monospace);
}
.vscode-light @, .vscode-dark @, .vscode-high-contrast @ {
  --ink: var(--vscode-editor-foreground, #1b2733); --paper: var(--vscode-editor-background, #ffffff);
  --font: var(--vscode-font-family, system-ui, sans-serif); --mono: var(--vscode-editor-font-family, monospace);
}
"""
_FRAME: Final = """
@ {
  box-sizing: border-box; max-width: 76rem; padding: .75rem 1rem; text-align: left; overflow-wrap: anywhere;
  border: 1px solid var(--jp-border-color2, var(--line)); border-radius: 8px;
  color: var(--jp-content-font-color1, var(--ink)); background: var(--jp-layout-color1, var(--paper));
  font: 14px/1.5 var(--jp-ui-font-family, system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif);
}
"""
#: The class stands twice where a rule has to win over the notebook's own rules for tables.
_CONTENT: Final = """
@@ h3, @@ h4 { margin: 0; padding: 0; color: inherit; font-weight: 600; line-height: 1.3; }
@@ h3 { font-size: 1.2em; }
@@ h4 { font-size: 1em; margin: 1.1em 0 .35em; }
@ .head { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem .6rem; margin-bottom: .35rem; }
@@ p { margin: .3em 0; max-width: 80ch; }
@@ ul { margin: .3em 0; padding-left: 1.2em; max-width: 80ch; }
@@ li { margin: .15em 0; }
@ .quiet { color: var(--jp-content-font-color2, var(--quiet)); font-size: .92em; }
@ .badge {
  display: inline-block; padding: 0 .6em; border-radius: 99px; white-space: nowrap;
  font-size: .85em; font-weight: 600;
}
@ .note { margin: .6em 0; padding: .45em .8em; border-left: 4px solid; border-radius: 4px; }
@@ .note > * { margin-top: 0; margin-bottom: 0; }
{TONES}
@ dl { margin: .3em 0; padding: 0; }
@ dl > div {
  display: flex; flex-wrap: wrap; gap: 0 .8rem; padding: .2em 0;
  border-bottom: 1px solid var(--jp-border-color2, var(--line));
}
@ dt { flex: 0 0 9.5rem; margin: 0; font-weight: 400; color: var(--jp-content-font-color2, var(--quiet)); }
@ dd { flex: 1 1 13rem; margin: 0; min-width: 0; }
@ .scroll {
  --ground: var(--jp-layout-color1, var(--paper)); overflow-x: auto; max-width: 100%;
  background:
    linear-gradient(to right, var(--ground) 40%, transparent) left / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--ground) 40%, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / .7rem 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) right / .7rem 100% no-repeat scroll;
}
@@ details { margin: .2em 0 .4em; }
@@ summary {
  display: list-item; width: fit-content; padding: .15em .3em; border-radius: 4px; cursor: pointer; font-size: .93em;
  color: var(--jp-content-link-color, var(--info));
}
@@ summary:hover { text-decoration: underline; }
@@ summary:focus-visible, @ .scroll:focus-visible, @@ pre:focus-visible { outline: 2px solid; outline-offset: 1px; }
@@ small { font-size: .88em; font-weight: 400; color: var(--jp-content-font-color2, var(--quiet)); }
@@ a { color: var(--jp-content-link-color, var(--info)); text-decoration: underline; }
@@ pre {
  margin: .3em 0; padding: .6em .9em; overflow-x: auto; border-radius: 6px; white-space: pre; color: inherit;
  border: 1px solid var(--jp-border-color2, var(--line)); background: none;
}
@@ table {
  border-collapse: collapse; margin: .3em 0; width: auto; min-width: min(100%, 30rem); border: 0; background: none;
  color: inherit; font-size: .93em; font-variant-numeric: tabular-nums; table-layout: auto;
}
@@ table thead, @@ table tr, @@ table tbody tr:nth-child(n) { background: none; border: 0; }
@@ table th, @@ table td {
  text-align: left; vertical-align: baseline; padding: .28em .75em .28em 0; max-width: 26rem; font-weight: 400;
  border: 0; border-bottom: 1px solid var(--jp-border-color2, var(--line));
  white-space: nowrap; overflow-wrap: break-word;
}
@@ table thead th {
  color: var(--jp-content-font-color2, var(--quiet)); font-weight: 600; vertical-align: bottom;
}
@@ table .right { text-align: right; white-space: nowrap; }
@@ table thead .right { white-space: normal; }
@@ table tr > :last-child { padding-right: 0; }
@@ table .long { min-width: 11rem; white-space: normal; overflow-wrap: anywhere; }
@@ table tbody th { white-space: nowrap; font-weight: 600; }
@@ table tbody th.long { min-width: 8.5rem; }
@ .stacks { container-type: inline-size; }
@container (max-width: 480px) {
  @ .stacks thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  @@ .stacks table { min-width: 0; width: 100%; display: block; }
  @@ .stacks tbody { display: block; }
  @@ .stacks tr { display: flex; flex-wrap: wrap; gap: .1em 1.4em; padding: .35em 0; }
  @@ .stacks tr > * { border: 0; padding: .1em 0; text-align: left; max-width: none; }
  @@ .stacks tbody th { flex: 0 0 100%; }
  @@ .stacks td::before {
    content: attr(data-label); display: block; color: var(--jp-content-font-color2, var(--quiet));
  }
}
@@ :not(pre) > code, @@ pre code {
  font: .92em var(--jp-code-font-family, ui-monospace, Menlo, Consolas, monospace); background: none; color: inherit;
  padding: 0; overflow-wrap: anywhere;
}
@@ pre code { white-space: inherit; overflow-wrap: normal; }
"""


_JUPYTERLAB_COLOUR: Final = re.compile(r"var\(--jp-[\w-]+, (var\(--\w+\))\)")


def theme(selector: str) -> str:
    """Return the rules that give an element its colours and fonts, as CSS variables: of the notebook, light or dark.

    Parameters
    ----------
    selector : str
        A class, as CSS writes it: ``".nt-part"``.

    Returns
    -------
    str
        CSS. ``--ink`` on ``--paper`` is text, ``--good`` on ``--good-back`` a mark, ``--act-ink`` on ``--act`` a
        button.

    Examples
    --------
    >>> "--ink" in theme(".nt-part"), ".numbers-toolkit" in theme(".nt-part")
    (True, False)
    """
    return _written(_THEME + _CONTRAST + _HOSTS, selector, _LIGHT + _LIGHT_CONTROLS, _DARK + _DARK_CONTROLS)


def colours(selector: str, light: Mapping[str, str], dark: Mapping[str, str]) -> str:
    """Return the rules that give an element further colours, as CSS variables: light or dark, as :func:`theme` does.

    Parameters
    ----------
    selector : str
        A class, as CSS writes it.
    light, dark : mapping of str to str
        Names, without dashes before them, and colours.

    Examples
    --------
    >>> "--series-1: #0072b2;" in colours(".plot", {"series-1": "#0072b2"}, {"series-1": "#4aa3df"})
    True
    """
    texts = ("".join(f"--{name}: {colour}; " for name, colour in one.items()) for one in (light, dark))
    return _written(_THEME + _CONTRAST, selector, *texts)


def content_style(selector: str) -> str:
    """Return the rules for what :mod:`numbers_toolkit.markup` writes, inside an element that has a :func:`theme`.

    Parameters
    ----------
    selector : str
        A class, as CSS writes it.

    Examples
    --------
    >>> ".nt-markup .badge" in content_style(".nt-markup")
    True
    """
    return _JUPYTERLAB_COLOUR.sub(r"\1", _written(_CONTENT, selector))


def _written(sheet: str, selector: str, light: str = _LIGHT, dark: str = _DARK) -> str:
    tones = ("plain", "good", "warn", "bad", "info")
    coloured = "\n".join(
        f"@ .{tone} {{ color: var(--{tone}); background: var(--{tone}-back); }}" for tone in tones
    )
    parts = {"{TONES}": coloured, "{LIGHT}": f"{{{light}}}", "{DARK}": f"{{{dark}}}"}
    for name, value in parts.items():
        sheet = sheet.replace(name, value)
    # What is left is an @ that stands for the class; conditions keep theirs.
    sheet = re.sub(r"@(?!media|container)", selector, sheet)
    return " ".join(sheet.split())


STYLE: Final = _written(_THEME + _FRAME + _CONTENT, f".{ROOT_CLASS}")
