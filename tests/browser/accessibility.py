"""axe-core in a page: serious and critical faults fail a test."""

from __future__ import annotations

from typing import Any

RUN = """async selector => {
  const only = {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                resultTypes: ['violations', 'incomplete']};
  const found = await axe.run(selector ? {include: [selector]} : document, only);
  return found.violations.map(({id, impact, help, nodes}) => (
    {id, impact, help, places: nodes.slice(0, 5).map(node => node.html + '  ' + node.failureSummary)}));
}"""
GRAVE = ("serious", "critical")
#: The outputs of cells: what is around them is JupyterLab's own.
OUTPUTS = ".jp-OutputArea-output"


def check(page: Any, selector: str | None, source: str, *, first: bool) -> None:
    """Run axe-core over a page of Voila, a notebook's outputs, or what a selector says."""
    if first or not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(source)
    if selector is None and page.locator(OUTPUTS).count():
        selector = OUTPUTS
    found = page.evaluate(RUN, selector)
    grave = [fault for fault in found if fault["impact"] in GRAVE]
    told = [
        f"{one['impact']}: {one['help']} ({one['id']})\n    " + "\n    ".join(one["places"]) for one in grave
    ]
    assert not told, "axe-core finds:\n" + "\n".join(told)
