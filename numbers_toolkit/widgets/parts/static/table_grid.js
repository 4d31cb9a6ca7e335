// The rows of a table as a grid: one stop of the tabulator key, arrows lead from cell to cell, header included.

import { element, isolated, patch, say } from "./common.js";
import { counted } from "./table_controls.js";

/**
 * @typedef {{ name: string, title: string, kind: string, right: boolean, width: string, help: string,
 *   largest_first: boolean }} Column
 * @typedef {{ text: string, tone?: string, mark?: string, parts?: string[] }} Cell
 * @typedef {{ key: string, cells: Cell[] }} Row
 */

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
export function tableGrid(does) {
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
