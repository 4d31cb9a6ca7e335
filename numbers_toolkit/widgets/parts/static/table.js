// A table of one page of cells: it asks the kernel for everything else, and shows a click before the kernel has answered.

import { element, follow, partRoot, patch, say, sendTyped } from "./common.js";
import { questions } from "./table_asking.js";
import { counted, grouped, tablePager, tableTools } from "./table_controls.js";
import { tableGrid } from "./table_grid.js";

/**
 * @param {{ model: import("./common.js").Model, el: HTMLElement }} view
 */
function renderTable({ model, el }) {
  /** What was clicked and the kernel has not confirmed yet; the latest word counts. */
  /** @type {{ ask: number, says: (key: string) => boolean | undefined }[]} */
  let pending = [];
  let filterAsked = 0;
  let turned = { page: 1, ask: 0 };
  let seen = -1;
  let drawn = "";
  let scheduled = false;

  const page = () => model.get("_window");
  const asking = questions(model, el, (waiting) => {
    say(tools.wait, waiting);
    patch(grid.grid, { "aria-busy": waiting && "true" });
  });
  const isSelected = (/** @type {string} */ key) => {
    for (let index = pending.length - 1; index >= 0; index -= 1) {
      const said = pending[index].says(key);
      if (said !== undefined) return said;
    }
    return model.get("_chosen").keys.includes(key);
  };
  function expect(/** @type {number} */ ask, /** @type {(key: string) => boolean | undefined} */ says) {
    if (ask) pending.push({ ask, says });
    grid.showSelection(isSelected);
  }

  /** Turn to another page, counted from the one that was asked for last. */
  function turn(/** @type {(page: number, pages: number) => number} */ to) {
    const { pages, page: shown } = page();
    const from = turned.ask > asking.answered() ? turned.page : shown;
    const next = Math.min(Math.max(to(from, pages), 1), pages);
    if (next !== from) turned = { page: next, ask: asking.ask("page", { page: next }) };
  }

  const tools = tableTools({
    filter(text) {
      filterAsked = asking.ask("filter", { text });
    },
    clearSelection() {
      expect(asking.ask("none"), () => false);
      grid.reach(grid.at());
    },
  });
  const grid = tableGrid({
    sort(column) {
      const now = page();
      const first = !column.largest_first;
      if (now.sort_by !== column.name) asking.ask("sort", { column: column.name, ascending: first });
      else if (now.ascending === first) asking.ask("sort", { column: column.name, ascending: !first });
      else asking.ask("sort", { column: "", ascending: true });
    },
    turn,
    toggle(key) {
      const on = !isSelected(key);
      const one = model.get("_head").selection === "one";
      expect(asking.ask("toggle", { key, on }), (other) => (other === key ? on : one ? false : undefined));
    },
    extend(anchor, before, to) {
      const keys = page().rows.map((/** @type {import("./table_grid.js").Row} */ row) => row.key);
      const between = (/** @type {string} */ a, /** @type {string} */ b) => {
        const ends = [keys.indexOf(a), keys.indexOf(b)].sort((x, y) => x - y);
        return new Set(ends[0] < 0 ? [] : keys.slice(ends[0], ends[1] + 1));
      };
      const left = between(anchor, before);
      const taken = between(anchor, to);
      const ask = asking.ask("extend", { anchor, before, to });
      expect(ask, (key) => (taken.has(key) || key === to ? true : left.has(key) ? false : undefined));
    },
    all(on = model.get("_chosen").shown < page().shown) {
      // What is selected is what the filter leaves, also the one that was typed a moment ago.
      sendTyped();
      expect(asking.ask("all", { on }), () => on);
    },
  });
  const pager = tablePager({
    turn,
    resize: (size) => asking.ask("page_size", { size }),
  });
  const nothing = element("div", { class: "nt-table-nothing", tabindex: "-1" });
  const sentence = element("p");
  const again = element("button", { class: "nt-button", type: "button", on: { click: () => tools.empty() } }, "Clear filter");
  nothing.append(sentence, again);
  partRoot(el, "table").append(tools.root, grid.root, nothing, pager.root);

  function statusText() {
    const now = page();
    const chosen = model.get("_chosen");
    const { first, rows, shown, all } = now;
    const found = now.filter_text ? `${grouped(shown)} found, ${grouped(all)} in all` : grouped(all);
    const range = `${grouped(first + 1)}–${grouped(first + rows.length)} of ${found}`;
    const parts = [now.pages > 1 ? range : now.filter_text ? found : counted(all, "row")];
    if (now.note) parts.push(now.note);
    if (chosen.rows) {
      const hidden = chosen.rows - chosen.shown;
      parts.push(
        `${grouped(chosen.rows)} selected of ${grouped(all)}` +
          (hidden ? `, ${grouped(hidden)} of them not shown by the filter` : ""),
      );
    }
    return parts.join(" · ");
  }

  function showNothing() {
    const now = page();
    const filtered = now.all > 0;
    nothing.hidden = now.shown > 0;
    grid.root.hidden = now.shown === 0;
    again.hidden = !filtered;
    if (!now.shown) say(sentence, filtered ? `None of the ${counted(now.all, "row")} holds “${now.filter_text}”.` : model.get("empty"));
  }

  function show() {
    scheduled = false;
    const now = page();
    const head = model.get("_head");
    if (now.revision === undefined) return;
    const root = /** @type {Document | ShadowRoot} */ (el.getRootNode());
    const held = el.contains(root.activeElement) && root.activeElement !== el ? root.activeElement : null;
    const description = JSON.stringify(head);
    if (description !== drawn) {
      drawn = description;
      seen = -1;
      grid.showHead(head);
    }
    pending = pending.filter((one) => one.ask > asking.answered());
    if (now.revision > seen) {
      seen = now.revision;
      grid.showRows(now);
      grid.showOrder(now);
      pager.show(now, head.page_sizes);
      if (asking.answered() >= filterAsked) tools.show(now.filter_text);
    }
    const chosen = model.get("_chosen");
    grid.showSelection(isSelected);
    grid.showEvery(chosen.shown, now);
    tools.root.hidden = now.all === 0;
    tools.clearSelection.hidden = chosen.rows === 0;
    say(tools.status, now.all ? statusText() : "");
    showNothing();
    grid.reach(grid.at(), false);
    if (held && !(held.isConnected && /** @type {HTMLElement} */ (held).offsetParent)) restore();
    asking.hear();
  }

  /** What had the focus is gone: give it to what is nearest. */
  function restore() {
    if (nothing.hidden) grid.reach(grid.at());
    else nothing.focus();
  }

  /** Several traits come at once; they are shown once. */
  function later() {
    if (!scheduled) queueMicrotask(show);
    scheduled = true;
  }

  function showTexts() {
    patch(grid.grid, { "aria-label": model.get("label") });
    showNothing();
  }

  showTexts();
  show();
  const unfollow = follow(model, {
    "change:_head": later,
    "change:_window": later,
    "change:_chosen": later,
    "change:_answered": later,
    "change:label": showTexts,
    "change:empty": showTexts,
  });
  return () => {
    unfollow();
    asking.settle();
    tools.close();
  };
}

export default { render: renderTable };
