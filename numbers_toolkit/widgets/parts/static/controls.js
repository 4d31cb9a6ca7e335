// Controls of one element: lines of text and numbers, long text, dates, one of several.

import { delayed, element, freshId, icon, patch } from "./common.js";

/**
 * @typedef {{ disabled: boolean, invalid: boolean, told: string | null }} State
 * @typedef {{ id?: string, body: HTMLElement, update: (field: any, state: State) => void, show: (value: any) => void,
 *   focus: () => void, end?: () => void, flush?: () => void, arrived?: (upload: string) => void }} Control
 * @typedef {{ field: any, nameId: string, touched: () => void, changed: (value: any, settled: boolean) => void,
 *   send: (message: any, buffers?: ArrayBuffer[]) => void, submit: () => void }} Context
 */

/** Milliseconds after the last letter until the kernel hears of it. */
const TYPING = 200;

/**
 * Disable a control, but never the one that has the focus: a person at the keyboard would lose their place. It keeps
 * the focus and takes no letter; what is chosen otherwise is taken back by whoever asks `isStopped`.
 * @param {any} node
 * @param {boolean} disabled
 */
export function disable(node, disabled) {
  patch(node, { "aria-disabled": disabled ? "true" : null });
  if ("readOnly" in node) node.readOnly = disabled;
  if (!disabled || node !== document.activeElement) {
    node.disabled = disabled;
    return;
  }
  node.addEventListener("blur", () => (node.disabled = node.getAttribute("aria-disabled") === "true"), { once: true });
}

/**
 * Whether a control is disabled, though it may have the focus.
 * @param {Element} node
 */
export function isStopped(node) {
  return node.getAttribute("aria-disabled") === "true";
}

/**
 * Return an element for typing text that tells of it: soon while typing, at once when it is left or entered.
 * @param {any} input
 * @param {Context} context
 */
export function typing(input, { touched, changed, submit }) {
  const later = delayed(() => changed(input.value, false), TYPING);
  let settled = input.value;
  const settle = () => {
    later.drop();
    if (input.value === settled) return;
    settled = input.value;
    changed(input.value, true);
  };
  input.addEventListener("input", () => {
    touched();
    later();
  });
  input.addEventListener("blur", settle);
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.isComposing || input.localName === "textarea" || isStopped(input)) return;
    event.preventDefault();
    settle();
    submit();
  });
  return {
    end: settle,
    flush: later.flush,
    /** @param {string} value */
    show(value) {
      if (input.value === value) return;
      settled = value;
      const place = input.selectionStart;
      input.value = value;
      if (input === document.activeElement && place !== null) input.setSelectionRange?.(place, place);
    },
  };
}

/**
 * @param {any} input
 * @param {any} field
 * @param {State} state
 */
function updateInput(input, field, { disabled, invalid, told }) {
  patch(input, {
    placeholder: field.placeholder || null,
    "aria-required": field.required ? "true" : null,
    "aria-invalid": invalid ? "true" : null,
    "aria-describedby": told,
  });
  disable(input, disabled);
}

/** @param {Context} context @returns {Control} */
export function lineControl(context) {
  const { field } = context;
  const id = freshId("field");
  const input = /** @type {HTMLInputElement} */ (
    element("input", {
      id,
      class: "nt-input",
      type: field.secret ? "password" : "text",
      inputmode: field.kind === "number" ? "decimal" : null,
      autocomplete: field.secret ? "new-password" : "off",
      autocapitalize: "off",
      spellcheck: "false",
      dir: field.kind === "number" ? null : "auto",
    })
  );
  const typed = typing(input, context);
  const body = element("div", { class: "nt-field-line" }, input);
  const reveal = field.secret ? revealButton(input) : null;
  if (reveal) body.append(reveal);
  /** Whether the kernel has a secret that it does not send back. */
  let kept = false;
  return {
    id,
    body,
    update: (changed, state) => {
      updateInput(input, kept && !input.value ? { ...changed, placeholder: "Entered, not shown" } : changed, state);
    },
    show: (value) => {
      if (!field.secret) return typed.show(String(value));
      kept = value.kept;
      if (!kept) typed.show("");
      patch(input, { placeholder: kept && !input.value ? "Entered, not shown" : field.placeholder || null });
    },
    focus: () => input.focus(),
    end: typed.end,
    flush: typed.flush,
  };
}

/** @param {HTMLInputElement} input */
function revealButton(input) {
  const button = element("button", { type: "button", class: "nt-button bare", "aria-pressed": "false" }, "Show");
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    patch(button, { "aria-pressed": hidden ? "true" : "false" });
  });
  return button;
}

/** @param {Context} context @returns {Control} */
export function longTextControl(context) {
  const id = freshId("field");
  const input = element("textarea", { id, class: "nt-input", rows: 3, dir: "auto" });
  const typed = typing(input, context);
  return {
    id,
    body: input,
    update: (field, state) => updateInput(input, field, state),
    show: (value) => typed.show(String(value?.kept === undefined ? value : "")),
    focus: () => input.focus(),
    end: typed.end,
    flush: typed.flush,
  };
}

/** @param {Context} context @returns {Control} */
export function dateControl(context) {
  const id = freshId("field");
  const input = element("input", { id, class: "nt-input", type: "date" });
  const typed = typing(input, context);
  return {
    id,
    body: input,
    update: (field, state) => {
      updateInput(input, field, state);
      patch(input, { min: field.min, max: field.max });
    },
    show: typed.show,
    focus: () => input.focus(),
    end: typed.end,
    flush: typed.flush,
  };
}

/** @param {Context} context @returns {Control} */
export function choiceControl({ touched, changed }) {
  const id = freshId("field");
  const select = /** @type {HTMLSelectElement} */ (element("select", { id, class: "nt-input" }));
  const body = element("div", { class: "nt-select" }, select, icon("down"));
  let offered = "";
  let value = "";
  select.addEventListener("change", () => {
    if (isStopped(select)) {
      select.value = value;
      return;
    }
    touched();
    value = select.value;
    changed(value, true);
  });
  return {
    id,
    body,
    update: (field, state) => {
      const options = field.options.some((/** @type {any} */ one) => one.value === "")
        ? field.options
        : [{ value: "", label: field.placeholder || "Choose …", note: "" }, ...field.options];
      const now = JSON.stringify(options);
      if (now !== offered) {
        offered = now;
        select.replaceChildren(
          ...options.map((/** @type {any} */ one) => {
            const text = one.note ? `${one.label} – ${one.note}` : one.label;
            return element("option", { value: one.value, disabled: one.disabled }, text);
          }),
        );
        select.value = value;
      }
      updateInput(select, { ...field, placeholder: "" }, state);
    },
    show: (now) => {
      value = now;
      select.value = now;
    },
    focus: () => select.focus(),
  };
}

/**
 * Return text with a quieter note after it, as options have.
 * @param {{ label: string, note: string }} option
 */
export function optionText(option) {
  const text = element("span", { class: "nt-option-text" }, element("bdi", {}, option.label));
  if (option.note) text.append(" ", element("bdi", { class: "nt-quiet" }, option.note));
  return text;
}
