// Several of many, found by typing: what is chosen stands as chips before the text, what fits in a list below it.

import { announcer, delayed, element, folded, freshId, icon, patch, say } from "./common.js";
import { optionText } from "./controls.js";

/** Rows that are made at most; whoever has more goes on typing. */
const MOST_ROWS = 300;

/**
 * Return the options that a text finds, best first: those that begin with it, by label or value, then those with a
 * word that does, then those that have it anywhere. Among equals the order is that of the options.
 * @param {{ value: string, label: string, note: string }[]} options
 * @param {string} text
 */
export function matches(options, text) {
  const query = folded(text.trim());
  if (!query) return options;
  const ranked = [];
  for (const option of options) {
    const [label, value, note] = [folded(option.label), folded(option.value), folded(option.note)];
    let rank = 4;
    if (value === query || label === query) rank = 0;
    else if (label.startsWith(query) || value.startsWith(query)) rank = 1;
    else if (label.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(query))) rank = 2;
    else if (label.includes(query) || value.includes(query) || note.includes(query)) rank = 3;
    if (rank < 4) ranked.push({ option, rank });
  }
  return ranked.sort((one, other) => one.rank - other.rank).map(({ option }) => option);
}

/**
 * Return the one option that a text names outright: by value, by label, or by label without what is in brackets.
 * @param {{ value: string, label: string }[]} options
 * @param {string} text
 */
export function named(options, text) {
  const query = folded(text.trim());
  if (!query) return undefined;
  return (
    options.find((one) => folded(one.value) === query) ??
    options.find((one) => folded(one.label) === query) ??
    options.find((one) => folded(one.label.replace(/\s*\([^()]*\)$/, "")) === query)
  );
}

/**
 * Lay a list over the page below its box, or above where there is more room.
 * @param {HTMLElement} list
 * @param {HTMLElement} box
 */
function layOver(list, box) {
  const around = box.getBoundingClientRect();
  const below = window.innerHeight - around.bottom - 12;
  const above = around.top - 12;
  const up = below < 180 && above > below;
  Object.assign(list.style, {
    left: `${Math.max(4, around.left)}px`,
    width: `${Math.max(200, around.width)}px`,
    maxHeight: `${Math.max(96, Math.min(300, up ? above : below))}px`,
    top: up ? "auto" : `${around.bottom + 4}px`,
    bottom: up ? `${window.innerHeight - around.top + 4}px` : "auto",
  });
}

/**
 * @param {import("./controls.js").Context} context
 * @returns {import("./controls.js").Control}
 */
export function comboControl({ field: first, nameId, touched, changed, submit }) {
  let field = first;
  let value = /** @type {string[]} */ ([]);
  let stopped = false;
  let offered = "";
  let found = /** @type {any[]} */ ([]);
  let active = -1;
  let open = false;

  const [id, listId] = [freshId("field"), freshId("list")];
  const chips = element("ul", { class: "nt-chips", role: "list", "aria-labelledby": nameId });
  const input = /** @type {HTMLInputElement} */ (
    element("input", {
      id,
      class: "nt-combo-input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": listId,
    })
  );
  const clear = element(
    "button",
    { type: "button", class: "nt-button bare nt-combo-clear", "aria-label": "Remove all", tabindex: "-1" },
    icon("cross"),
  );
  const box = element("div", { class: "nt-input nt-combo" }, chips, input, clear, icon("down"));
  const list = element("div", {
    id: listId,
    class: "nt-list",
    role: "listbox",
    popover: "manual",
    "aria-labelledby": nameId,
    "aria-multiselectable": "true",
  });
  const left = element("p", { class: "nt-quiet nt-field-help", role: "status", hidden: true });
  const { region, tell } = announcer();
  const body = element("div", { class: "nt-combo-body" }, box, list, left, region);
  const tellFound = delayed(() => tell(found.length === 1 ? "1 match" : `${found.length || "No"} matches`), 600);

  /** @param {string} one */
  const labelOf = (one) => field.options.find((/** @type {any} */ option) => option.value === one)?.label ?? one;

  // -- what is chosen

  const showChips = () => {
    chips.replaceChildren(
      ...value.map((one) => {
        const name = labelOf(one);
        const remove = element(
          "button",
          { type: "button", class: "nt-chip-remove", "aria-label": `Remove ${name}`, tabindex: "-1" },
          icon("cross"),
        );
        remove.addEventListener("click", () => {
          drop(one);
          input.focus();
        });
        return element("li", { class: "nt-chip" }, element("bdi", { title: name }, name), remove);
      }),
    );
    patch(chips, { hidden: value.length === 0 });
    patch(clear, { hidden: value.length < 2 || stopped });
    patch(input, { placeholder: value.length ? null : field.placeholder || null });
    if (open) layOver(list, box);
  };
  /** @param {string[]} now @param {string} news */
  const take = (now, news) => {
    if (stopped) return;
    touched();
    value = now;
    showChips();
    markRows();
    tell(news);
    changed(value, true);
  };
  /** @param {string} one */
  const drop = (one) => take(value.filter((other) => other !== one), `${labelOf(one)} removed`);
  /** @param {any} option */
  const toggle = (option) => {
    if (option.disabled) return;
    if (value.includes(option.value)) drop(option.value);
    else take([...value, option.value], `${option.label} added`);
  };

  // -- the list

  const markRows = () => {
    found.forEach((option, place) => {
      const row = list.children[place];
      if (!row) return;
      patch(row, {
        class: `nt-row${place === active ? " active" : ""}`,
        "aria-selected": value.includes(option.value) ? "true" : "false",
        "aria-disabled": option.disabled ? "true" : null,
      });
    });
    const row = open && active >= 0 ? list.children[active] : null;
    patch(input, { "aria-activedescendant": row?.id ?? null });
    row?.scrollIntoView({ block: "nearest" });
  };
  const fill = () => {
    const all = matches(field.options, input.value);
    found = all.slice(0, MOST_ROWS);
    active = input.value.trim() && found.length ? 0 : -1;
    const rows = found.map((option, place) => {
      const row = element("div", { role: "option", id: `${listId}-${place}` }, optionText(option), icon("check"));
      row.addEventListener("mousemove", () => {
        if (active === place) return;
        active = place;
        markRows();
      });
      row.addEventListener("click", () => {
        choose(option);
        input.focus();
      });
      return row;
    });
    const more = all.length - found.length;
    const text = more > 0 ? `${more} more: go on typing` : found.length ? "" : field.options.length ? "No match" : "Nothing to choose from";
    if (text) rows.push(element("div", { class: "nt-row nt-quiet", role: "option", "aria-disabled": "true", "aria-selected": "false" }, text));
    list.replaceChildren(...rows);
    markRows();
  };
  const place = () => {
    const { top, bottom } = box.getBoundingClientRect();
    if (bottom < 0 || top > window.innerHeight) hide();
    else layOver(list, box);
  };
  const show = () => {
    if (open || stopped) return;
    open = true;
    fill();
    list.showPopover?.();
    list.classList.add("open");
    layOver(list, box);
    patch(input, { "aria-expanded": "true" });
    window.addEventListener("scroll", place, true);
    window.addEventListener("resize", place);
  };
  const hide = () => {
    if (!open) return;
    open = false;
    active = -1;
    if (list.isConnected) list.hidePopover?.();
    list.classList.remove("open");
    patch(input, { "aria-expanded": "false", "aria-activedescendant": null });
    window.removeEventListener("scroll", place, true);
    window.removeEventListener("resize", place);
  };
  /** @param {any} option */
  const choose = (option) => {
    if (option.disabled) return;
    const typed = input.value !== "";
    input.value = "";
    sayLeft();
    toggle(option);
    // Whoever typed has found it; whoever looks through the list may want several.
    if (typed) hide();
    else markRows();
  };

  // -- typing

  const sayLeft = () => {
    const text = input.value.trim();
    const told = text && !open ? `"${text}" is not chosen: pick one from the list.` : "";
    say(left, told);
    patch(left, { hidden: !told });
  };
  /** Take what is listed with commas, such as a pasted "SE, US"; what fits no option is left to be seen. */
  const takeListed = () => {
    const text = input.value;
    if (!/[,;\n\t]/.test(text) || found.length) return;
    const parts = text.split(/[,;\n\t]+/).map((part) => part.trim()).filter(Boolean);
    const known = parts.map((part) => ({ part, option: named(field.options, part) }));
    const taken = known.filter(({ option }) => option && !(/** @type {any} */ (option).disabled));
    if (!taken.length) return;
    input.value = known.filter((one) => !taken.includes(one)).map(({ part }) => part).join(", ");
    const values = taken.map(({ option }) => /** @type {any} */ (option).value);
    take([...new Set([...value, ...values])], `${values.length} added`);
    fill();
  };
  input.addEventListener("input", () => {
    if (stopped) return;
    show();
    fill();
    takeListed();
    sayLeft();
    tellFound();
  });
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (stopped || !/[\n\t]/.test(text.trim())) return;
    // A line of text would lose the line ends, and with them where one ends and the next begins.
    event.preventDefault();
    input.value = text.trim().replace(/[\r\n\t]+/g, ", ");
    input.dispatchEvent(new Event("input"));
  });
  /** @param {number} step */
  const move = (step) => {
    if (!open) show();
    if (!found.length) return;
    const from = active < 0 && step < 0 ? 0 : active;
    active = Math.abs(step) === 1 ? (from + step + found.length) % found.length : Math.max(0, Math.min(found.length - 1, active + step));
    markRows();
  };
  const KEYS = /** @type {Record<string, (event: KeyboardEvent) => boolean>} */ ({
    ArrowDown: (event) => (event.altKey ? show() : move(1), true),
    ArrowUp: (event) => (event.altKey ? hide() : move(-1), true),
    PageDown: () => open && (move(10), true),
    PageUp: () => open && (move(-10), true),
    Enter: () => {
      if (open && active >= 0) choose(found[active]);
      else if (!input.value.trim()) {
        hide();
        submit();
      }
      return true;
    },
    Escape: () => {
      if (!open && !input.value) return false;
      if (!open) input.value = "";
      hide();
      sayLeft();
      return true;
    },
    Backspace: () => {
      if (input.value || !value.length) return false;
      drop(value[value.length - 1]);
      return true;
    },
  });
  input.addEventListener("keydown", (event) => {
    if (stopped || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (KEYS[event.key]?.(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  input.addEventListener("blur", () => {
    tellFound.drop();
    const exact = /** @type {any} */ (named(field.options, input.value));
    if (exact && !exact.disabled) {
      input.value = "";
      if (!value.includes(exact.value)) toggle(exact);
    }
    hide();
    sayLeft();
  });
  // The focus stays in the text while the list or the box is clicked.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("mousedown", (event) => {
    if (event.target === input) return;
    event.preventDefault();
    input.focus();
  });
  box.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("button")) return;
    if (open && event.target !== input) hide();
    else show();
  });
  clear.addEventListener("click", () => {
    take([], "All removed");
    input.focus();
  });

  return {
    id,
    body,
    update: (now, { disabled, invalid, told }) => {
      field = now;
      stopped = disabled;
      const options = JSON.stringify(field.options);
      if (options !== offered) {
        offered = options;
        showChips();
        if (open) fill();
      }
      if (stopped) hide();
      input.readOnly = stopped;
      patch(input, {
        "aria-disabled": stopped ? "true" : null,
        "aria-required": field.required ? "true" : null,
        "aria-invalid": invalid ? "true" : null,
        "aria-describedby": told,
        placeholder: value.length ? null : field.placeholder || null,
      });
      box.classList.toggle("stopped", stopped);
      patch(box, { "data-invalid": invalid });
      patch(clear, { hidden: value.length < 2 || stopped });
    },
    show: (now) => {
      if (JSON.stringify(now) === JSON.stringify(value)) return;
      value = now;
      showChips();
      if (open) markRows();
    },
    focus: () => input.focus(),
    end: hide,
  };
}
