// What stands around the rows of a table: the filter, what is said of rows and selection, and the pages.

import { delayed, element, freshId, icon, onSendTyped, patch, say } from "./common.js";

const FILTER_DELAY = 150;
const DIGITS = new Intl.NumberFormat("en-US");

/** Return a count with its thousands parted. */
export function grouped(/** @type {number} */ count) {
  return DIGITS.format(count);
}

/** Return how many, with their noun. */
export function counted(/** @type {number} */ count, /** @type {string} */ noun) {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The box for words, the count of rows, and what is done with the whole selection. */
export function tableTools(/** @type {{ filter: (text: string) => void, clearSelection: () => void }} */ does) {
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
  const flush = () => {
    if (typed.waits()) typed.flush();
  };
  const unhear = onSendTyped(flush);
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
  input.addEventListener("blur", flush);
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
    close() {
      typed.drop();
      unhear();
    },
  };
}

/**
 * The buttons that turn pages, and how many rows a page has.
 * @param {{ turn: (to: (page: number, pages: number) => number) => void, resize: (size: number) => void }} does
 */
export function tablePager(does) {
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
        sizes.replaceChildren(...all.map((size) => element("option", { value: size }, grouped(size))));
      }
      sizes.value = String(window.page_size);
      say(place, `Page ${grouped(window.page)} of ${grouped(window.pages)}`);
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
