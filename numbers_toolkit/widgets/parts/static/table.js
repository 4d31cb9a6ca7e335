// A table of one page of cells: it asks the kernel for everything else, and shows a click before the kernel has answered.
//
// The grid is one stop of the tabulator key; arrows lead from cell to cell, header included.

import { delayed, element, follow, freshId, icon, isolated, partRoot, patch, say } from "./common.js";

const FILTER_DELAY = 150;
const PATIENCE = 300;
const NO_ANSWER = 5_000;
/** What is said while an answer is waited for. */
const WAITING = {
  soon: "…",
  long: "No answer yet: the kernel is busy, or was restarted. If it was restarted, run the cell again.",
  never: "The kernel that made this table is gone, so it can't be changed any more. Run the cell again.",
};
const WORDS = new Intl.NumberFormat("en-US");

/**
 * @typedef {{ name: string, title: string, kind: string, right: boolean, width: string, help: string,
 *   largest_first: boolean }} Column
 * @typedef {{ text: string, tone?: string, mark?: string, parts?: string[] }} Cell
 * @typedef {{ key: string, cells: Cell[] }} Row
 */

/** Return how many, with their noun. */
function counted(/** @type {number} */ count, /** @type {string} */ noun) {
  return `${WORDS.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * What a view asks the kernel for, by growing numbers, so that an answer is known to be the newest.
 * @param {import("./common.js").Model} model
 * @param {(waiting: string) => void} tell
 */
function questions(model, tell) {
  const view = freshId("view");
  let asked = 0;
  /** @type {any[]} */
  let timers = [];

  const answered = () => model.get("_answered")[view] ?? 0;
  const settle = () => {
    timers.forEach(clearTimeout);
    timers = [];
  };
  return {
    answered,
    /** Ask for something; return the question's number, 0 when there is nobody to ask. */
    ask(/** @type {string} */ what, /** @type {object} */ details = {}) {
      settle();
      try {
        model.send({ kind: what, view, ask: asked + 1, ...details });
      } catch {
        tell(WAITING.never);
        return 0;
      }
      timers = [setTimeout(tell, PATIENCE, WAITING.soon), setTimeout(tell, NO_ANSWER, WAITING.long)];
      asked += 1;
      return asked;
    },
    /** An answer came: stop waiting, if it is the last one. */
    hear() {
      if (answered() < asked) return;
      settle();
      tell("");
    },
    settle,
  };
}

/** The box for words, the count of rows, and what is done with the whole selection. */
function tableTools(/** @type {{ filter: (text: string) => void, clearSelection: () => void }} */ does) {
  const id = freshId("filter");
  const input = /** @type {HTMLInputElement} */ (
    element("input", {
      class: "nt-input",
      id,
      type: "search",
      maxlength: 200,
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "Words or digits",
    })
  );
  const typed = delayed(() => does.filter(input.value), FILTER_DELAY);
  const clear = element("button", { class: "nt-button bare nt-table-clear", type: "button", "aria-label": "Clear filter" });
  clear.append(icon("cross"));
  const status = element("div", { class: "nt-table-status", role: "status" });
  const wait = element("div", { class: "nt-table-wait nt-quiet", role: "status" });
  const clearSelection = element("button", { class: "nt-button bare", type: "button" }, "Clear selection");
  const root = element(
    "div",
    { class: "nt-table-tools" },
    element(
      "div",
      { class: "nt-table-search" },
      element("label", { for: id }, "Filter"),
      element("div", { class: "nt-table-field" }, input, clear),
    ),
    element("div", { class: "nt-table-said" }, status, clearSelection, wait),
  );

  const empty = () => {
    input.value = "";
    typed.drop();
    clear.hidden = true;
    does.filter("");
    input.focus();
  };
  input.addEventListener("input", () => {
    clear.hidden = !input.value;
    typed();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") typed.flush();
    else if (event.key === "Escape" && input.value) empty();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  clear.addEventListener("click", empty);
  clearSelection.addEventListener("click", does.clearSelection);
  return {
    root,
    input,
    status,
    wait,
    clearSelection,
    empty,
    /** Show which filter holds, unless the person is typing another. */
    show(/** @type {string} */ text) {
      if (!typed.waits()) input.value = text;
      clear.hidden = !input.value;
    },
    close: typed.drop,
  };
}

/**
 * The buttons that turn pages, and how many rows a page has.
 * @param {{ turn: (to: (page: number, pages: number) => number) => void, resize: (size: number) => void }} does
 */
function tablePager(does) {
  const id = freshId("rows");
  const sizes = /** @type {HTMLSelectElement} */ (element("select", { class: "nt-input", id }));
  const place = element("span", { class: "nt-table-place" });
  /** @type {[string, string, (page: number, pages: number) => number][]} */
  const turns = [
    ["First page", "M12 3.5L7.5 8l4.5 4.5M4.5 3.5v9", () => 1],
    ["Previous page", "M10 3.5L5.5 8l4.5 4.5", (page) => page - 1],
    ["Next page", "M6 3.5L10.5 8 6 12.5", (page) => page + 1],
    ["Last page", "M4 3.5L8.5 8 4 12.5M11.5 3.5v9", (_page, pages) => pages],
  ];
  const buttons = turns.map(([label, drawn, to]) => {
    const drawing = icon("check");
    drawing.firstElementChild?.setAttribute("d", drawn);
    const button = element("button", { class: "nt-button bare", type: "button", "aria-label": label, title: label }, drawing);
    button.addEventListener("click", () => does.turn(to));
    return button;
  });
  sizes.addEventListener("change", () => does.resize(Number(sizes.value)));
  const pages = element("div", { class: "nt-table-pages" }, ...buttons.slice(0, 2), place, ...buttons.slice(2));
  const root = element(
    "div",
    { class: "nt-table-pager", role: "group", "aria-label": "Pages" },
    element("div", { class: "nt-table-size" }, element("label", { for: id }, "Rows per page"), sizes),
    pages,
  );
  return {
    root,
    show(/** @type {any} */ window, /** @type {number[]} */ offered) {
      const all = [...new Set([...offered, window.page_size])].sort((a, b) => a - b);
      if (all.join() !== [...sizes.options].map((one) => one.value).join()) {
        sizes.replaceChildren(...all.map((size) => element("option", { value: size }, WORDS.format(size))));
      }
      sizes.value = String(window.page_size);
      say(place, `Page ${WORDS.format(window.page)} of ${WORDS.format(window.pages)}`);
      // A button at the end stays where it is, and keeps the focus.
      buttons.forEach((button, index) => {
        const end = index < 2 ? window.page <= 1 : window.page >= window.pages;
        patch(button, { "aria-disabled": end && "true" });
      });
      pages.hidden = window.pages <= 1;
      root.hidden = window.pages <= 1 && window.shown <= all[0];
    },
  };
}

/** Fill a cell, if it says something else now. */
function fillCell(/** @type {HTMLElement & { nt?: Cell }} */ node, /** @type {Cell} */ cell) {
  if (node.nt === cell) return;
  node.nt = cell;
  const shown = [];
  if (cell.mark) shown.push(element("span", { class: "nt-table-mark", "aria-hidden": "true" }, cell.mark));
  if (cell.parts) shown.push(...cell.parts.map((part) => element("span", { class: "nt-table-tag" }, isolated(part))));
  else shown.push(isolated(cell.text));
  const tone = cell.tone ? `nt-table-value ${cell.tone}` : "nt-table-value";
  node.replaceChildren(element("span", { class: tone }, ...shown));
}

/**
 * The grid: header, rows, the one cell that has the focus, and what its keys do.
 * @param {{ sort: (column: Column) => void, turn: (to: (page: number) => number) => void, toggle: (key: string) => void,
 *   extend: (from: string, before: string, to: string) => void, all: (on?: boolean) => void }} does
 */
function tableGrid(does) {
  const head = element("tr");
  const body = element("tbody");
  const grid = element("table", { class: "nt-table-grid", role: "grid" }, element("thead", {}, head), body);
  const box = element("div", { class: "nt-table-box" }, grid);
  const every = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox", tabindex: "-1" }));
  every.addEventListener("click", () => does.all());

  /** @type {Column[]} */
  let columns = [];
  /** @type {Row[]} */
  let rows = [];
  let selection = "none";
  let at = { row: -1, column: 0 };
  /** Where a range began, and how far it went. */
  let range = { anchor: "", reach: "" };

  const marks = () => (selection === "none" ? 0 : 1);
  /** What takes the focus for a cell: in the header its control. */
  const target = (/** @type {{ row: number, column: number }} */ { row, column }) => {
    const cell = (row < 0 ? head : body.children[row])?.children[column];
    return /** @type {HTMLElement | undefined} */ (row < 0 ? (cell?.querySelector("button, input") ?? cell) : cell);
  };

  function reach(/** @type {{ row: number, column: number }} */ next, focus = true) {
    const widest = columns.length + marks() - 1;
    patch(target(at) ?? grid, { tabindex: target(at) ? "-1" : null });
    at = {
      row: Math.min(Math.max(next.row, -1), rows.length - 1),
      column: Math.min(Math.max(next.column, 0), Math.max(widest, 0)),
    };
    const node = target(at);
    if (!node) return;
    patch(node, { tabindex: "0" });
    if (!focus) return;
    node.focus();
    uncover(node);
  }

  /** Bring a cell into sight as a whole, and out from under what sticks at the edges; its beginning counts most. */
  function uncover(/** @type {HTMLElement} */ node) {
    const sticking = /** @type {HTMLElement[]} */ ([...head.children].slice(0, marks() + 1));
    const covered = sticking.reduce((sum, one) => sum + one.offsetWidth, 0);
    const [cell, edge] = [node.getBoundingClientRect(), box.getBoundingClientRect()];
    const [left, top] = [cell.left - edge.left - covered - 1, cell.top - edge.top - head.offsetHeight - 1];
    const [right, bottom] = [cell.right - edge.left - box.clientWidth, cell.bottom - edge.top - box.clientHeight];
    if (at.column > marks()) box.scrollLeft += left < 0 ? left : Math.max(Math.min(right, left), 0);
    if (at.row >= 0) box.scrollTop += top < 0 ? top : Math.max(Math.min(bottom, top), 0);
  }

  function columnHead(/** @type {Column} */ column) {
    const arrow = element("span", { class: "nt-table-arrow", "aria-hidden": "true" });
    const button = element(
      "button",
      { type: "button", class: "nt-table-sort", tabindex: "-1", title: column.help || null },
      isolated(column.title),
      arrow,
    );
    button.addEventListener("click", () => does.sort(column));
    const cell = element("th", { scope: "col", class: column.right && "right" }, button);
    cell.style.maxWidth = column.width;
    return cell;
  }

  function showHead(/** @type {any} */ shown) {
    columns = shown.columns;
    selection = shown.selection;
    const mark = element("th", { scope: "col", class: "mark" });
    if (selection === "many") mark.append(every);
    else mark.append(element("span", { class: "nt-unseen" }, "Selected"));
    head.replaceChildren(...(marks() ? [mark] : []), ...columns.map(columnHead));
    body.replaceChildren();
    patch(grid, {
      "aria-multiselectable": selection === "many" && "true",
      "aria-colcount": columns.length + marks(),
    });
  }

  function showOrder(/** @type {any} */ window) {
    columns.forEach((column, index) => {
      const active = column.name === window.sort_by;
      const cell = head.children[index + marks()];
      patch(cell, { "aria-sort": active && (window.ascending ? "ascending" : "descending") });
      say(/** @type {Node} */ (cell.querySelector(".nt-table-arrow")), active ? (window.ascending ? "▲" : "▼") : "");
    });
  }

  function makeRow() {
    const made = element("tr");
    if (marks()) {
      const kind = selection === "one" ? "radio" : "checkbox";
      made.append(element("td", { class: "mark", tabindex: "-1" }, element("input", { type: kind, tabindex: "-1" })));
    }
    columns.forEach((column, index) => {
      const names = [column.right && "right", column.kind === "code" && "code", column.kind === "phone" && "phone"];
      const kind = names.filter(Boolean).join(" ");
      const cell = element(index ? "td" : "th", { scope: index ? null : "row", class: kind || null, tabindex: "-1" });
      cell.style.maxWidth = column.width;
      made.append(cell);
    });
    return made;
  }

  function showRows(/** @type {any} */ window) {
    rows = window.rows;
    while (body.children.length > rows.length) body.lastElementChild?.remove();
    while (body.children.length < rows.length) body.append(makeRow());
    rows.forEach((row, index) => {
      const line = body.children[index];
      patch(line, { "aria-rowindex": window.first + index + 2 });
      row.cells.forEach((cell, place) => {
        fillCell(/** @type {HTMLElement} */ (line.children[place + marks()]), cell);
      });
      if (marks()) patch(line.querySelector("input") ?? line, { "aria-label": `Select ${row.cells[0]?.text ?? "row"}` });
    });
    patch(grid, { "aria-rowcount": window.shown + 1 });
  }

  function showSelection(/** @type {(key: string) => boolean} */ isSelected) {
    if (!marks()) return;
    rows.forEach((row, index) => {
      const line = body.children[index];
      const on = isSelected(row.key);
      patch(line, { "aria-selected": String(on) });
      /** @type {HTMLInputElement} */ (line.querySelector("input")).checked = on;
    });
  }

  function showEvery(/** @type {number} */ chosen, /** @type {any} */ window) {
    every.checked = chosen > 0 && chosen === window.shown;
    every.indeterminate = chosen > 0 && chosen < window.shown;
    patch(every, { "aria-label": `Select all ${counted(window.shown, "row")}${window.filter_text ? " found" : ""}` });
  }

  function choose(/** @type {number} */ row, /** @type {boolean} */ onwards) {
    const key = rows[row].key;
    if (onwards && selection === "many" && range.anchor) {
      does.extend(range.anchor, range.reach, key);
      range.reach = key;
      return;
    }
    range = { anchor: key, reach: key };
    does.toggle(key);
  }

  /** Go up or down with the selection, which a plain arrow would leave alone. */
  function stretch(/** @type {number} */ step) {
    const here = rows[at.row]?.key;
    const next = rows[at.row + step];
    if (here === undefined || !next) return;
    if (range.reach !== here) range = { anchor: here, reach: here };
    does.extend(range.anchor, range.reach, next.key);
    range.reach = next.key;
    reach({ row: at.row + step, column: at.column });
  }

  /** @type {Record<string, (event: KeyboardEvent, wide: boolean) => void>} */
  const keys = {
    ArrowUp: (event) => (event.shiftKey && selection === "many" ? stretch(-1) : reach({ ...at, row: at.row - 1 })),
    ArrowDown: (event) => (event.shiftKey && selection === "many" ? stretch(1) : reach({ ...at, row: at.row + 1 })),
    ArrowLeft: () => reach({ ...at, column: at.column - 1 }),
    ArrowRight: () => reach({ ...at, column: at.column + 1 }),
    Home: (_event, wide) => reach({ row: wide ? 0 : at.row, column: 0 }),
    End: (_event, wide) => reach({ row: wide ? rows.length - 1 : at.row, column: columns.length }),
    PageUp: () => does.turn((page) => page - 1),
    PageDown: () => does.turn((page) => page + 1),
  };

  grid.addEventListener("keydown", (event) => {
    const wide = event.ctrlKey || event.metaKey;
    if (event.altKey) return;
    if (wide && event.key.toLowerCase() === "a" && selection === "many") does.all(true);
    else if (event.key === " " && at.row >= 0 && marks()) choose(at.row, false);
    else if (event.key in keys) keys[event.key](event, wide);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  grid.addEventListener("focusin", (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest("th, td");
    const line = cell?.parentElement;
    if (!cell || !line) return;
    const row = line === head ? -1 : [...body.children].indexOf(line);
    reach({ row, column: [...line.children].indexOf(cell) }, false);
  });
  body.addEventListener("mousedown", (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest("th, td");
    // The box itself takes no focus, and a range of rows is no range of text.
    if (event.shiftKey || /** @type {HTMLElement} */ (event.target).matches("input")) {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (cell)?.focus({ preventScroll: true });
    }
  });
  body.addEventListener("click", (event) => {
    const hit = /** @type {HTMLElement} */ (event.target);
    const line = hit.closest("tr");
    const marked = window.getSelection();
    const isText = marked && !marked.isCollapsed && body.contains(marked.anchorNode);
    if (!line || !marks()) return;
    // A double click on a row is one click, marking text to copy it is none; a box counts each click.
    if (hit.matches("input") || (event.detail <= 1 && !isText)) choose([...body.children].indexOf(line), event.shiftKey);
  });
  body.addEventListener("mouseover", (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest("th, td");
    if (cell) patch(cell, { title: cell.scrollWidth > cell.clientWidth && cell.textContent });
  });

  return { root: box, grid, showHead, showOrder, showRows, showSelection, showEvery, reach, at: () => at };
}

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
  const asking = questions(model, (waiting) => {
    say(tools.wait, waiting);
    patch(grid.grid, { "aria-busy": waiting && waiting !== WAITING.never && "true" });
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
      const keys = page().rows.map((/** @type {Row} */ row) => row.key);
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
  el.addEventListener("keydown", (event) => {
    // JupyterLab's single keys act on the cell around whatever has the focus: "x" would cut it, with the table.
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });

  function statusText() {
    const now = page();
    const chosen = model.get("_chosen");
    const { first, rows, shown, all } = now;
    const found = now.filter_text ? `${WORDS.format(shown)} found, ${WORDS.format(all)} in all` : WORDS.format(all);
    const range = `${WORDS.format(first + 1)}–${WORDS.format(first + rows.length)} of ${found}`;
    const parts = [now.pages > 1 ? range : now.filter_text ? found : counted(all, "row")];
    if (now.note) parts.push(now.note);
    if (chosen.rows) {
      const hidden = chosen.rows - chosen.shown;
      parts.push(
        `${WORDS.format(chosen.rows)} selected of ${WORDS.format(all)}` +
          (hidden ? `, ${WORDS.format(hidden)} of them not shown by the filter` : ""),
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
