import { element, follow, freshId, onSendTyped, partRoot, patch, say, sender, sendTyped } from "./common.js";
import { choiceControl, dateControl, lineControl, longTextControl } from "./controls.js";
import { checksControl, switchControl } from "./groups.js";
import { comboControl } from "./combobox.js";
import { filesControl } from "./files.js";

/**
 * @typedef {import("./controls.js").Control} Control
 * @typedef {{ kind: string, node: HTMLElement, title: HTMLElement, needed: HTMLElement, help: HTMLElement,
 *   error: HTMLElement, errorText: HTMLElement, control: Control | null }} Shown
 */

const CONTROLS = {
  text: lineControl,
  number: lineControl,
  date: dateControl,
  longtext: longTextControl,
  choice: choiceControl,
  choices: comboControl,
  checks: checksControl,
  switch: switchControl,
  file: filesControl,
};
/** Fields of several controls, which a legend names; the others have a label. */
const GROUPS = new Set(["checks", "switch", "file"]);

/** What the kernel sent last; a view that is made later shows it at once. */
const known = { values: /** @type {Record<string, any>} */ ({}), errors: /** @type {Record<string, string>} */ ({}) };

/** @param {any} message */
function remember(message) {
  if (message.kind === "values") Object.assign(known.values, message.values);
  if (message.kind === "errors") known.errors = message.errors;
}

/**
 * Return the parts around a control: name, help and error.
 * @param {any} field
 */
function frameOf(field) {
  const title = element("bdi");
  const needed = element("span", { class: "nt-quiet" });
  const help = element("p", { class: "nt-field-help nt-quiet", id: freshId("help") });
  const errorText = element("span");
  const error = element("p", { class: "nt-field-error", id: freshId("error") }, errorText);
  if (field.kind === "heading") {
    const node = element("div", { class: "nt-field nt-heading wide" }, element("h4", {}, title), help);
    return { kind: field.kind, node, title, needed, help, error, errorText, control: null };
  }
  const isGroup = GROUPS.has(field.kind);
  const name = element(isGroup ? "legend" : "label", { class: "nt-field-name", id: freshId("name") }, title, " ", needed);
  const node = element(isGroup ? "fieldset" : "div", { class: `nt-field nt-field-${field.kind}` }, name);
  return { kind: field.kind, node, title, needed, help, error, errorText, control: null, name };
}

export default {
  /** @param {{ model: any }} context */
  initialize({ model }) {
    return follow(model, { "msg:custom": remember });
  },

  /** @param {{ model: any, el: HTMLElement }} context */
  render({ model, el }) {
    partRoot(el, "form", { role: "group" });
    const grid = element("div", { class: "nt-form-grid" });
    el.append(grid);
    const send = sender(model, el);
    const view = freshId("view");
    let edit = 0;
    /** The last edit of each field here; what the kernel sent before it heard of that is out of date. */
    const edits = /** @type {Record<string, number>} */ ({});
    const shown = /** @type {Map<string, Shown>} */ (new Map());
    let errors = known.errors;
    let sending = false;

    /** Send what was typed a moment ago, so that nothing that is done after it overtakes it. */
    const flush = () => {
      if (sending) return;
      sending = true;
      for (const { control } of shown.values()) control?.flush?.();
      sending = false;
    };
    /** @param {any} message @param {ArrayBuffer[]} [buffers] */
    const sendLast = (message, buffers) => {
      // What this very field sends may be what was typed; the others of the page come first.
      if (!sending) sendTyped();
      send(message, buffers);
    };

    /** @param {any} field */
    const add = (field) => {
      const part = /** @type {any} */ (frameOf(field));
      if (field.kind !== "heading") {
        const make = CONTROLS[/** @type {keyof typeof CONTROLS} */ (field.kind)];
        part.control = make({
          field,
          nameId: part.name.id,
          touched: () => {
            edit += 1;
            edits[field.name] = edit;
          },
          changed: (/** @type {any} */ value, /** @type {boolean} */ settled) => {
            sendLast({ kind: "value", name: field.name, value, settled, view, edit: edits[field.name] ?? edit });
          },
          send: (/** @type {any} */ message, /** @type {ArrayBuffer[] | undefined} */ buffers) => {
            sendLast({ ...message, name: field.name, view, edit: edits[field.name] ?? edit }, buffers);
          },
          submit: () => sendLast({ kind: "submit", view }),
        });
        part.node.append(part.control.body, part.help, part.error);
        if (part.name.localName === "label") patch(part.name, { for: part.control.id });
        if (field.name in known.values) part.control.show(known.values[field.name]);
      }
      shown.set(field.name, part);
      return part;
    };

    /** @param {any} field */
    const update = (field) => {
      const part = /** @type {any} */ (shown.get(field.name));
      const error = errors[field.name] ?? "";
      say(part.title, field.label);
      say(part.needed, field.required ? "(required)" : "");
      say(part.help, field.help);
      say(part.errorText, error);
      patch(part.help, { hidden: !field.help });
      patch(part.error, { hidden: !error });
      patch(part.node, { hidden: field.hidden, "data-field": field.name });
      part.node.classList.toggle("wide", field.wide || field.kind === "heading" || field.kind === "file");
      const told = [error && part.error.id, field.help && part.help.id].filter(Boolean).join(" ");
      part.control?.update(field, { disabled: field.disabled || model.get("disabled"), invalid: !!error, told: told || null });
    };

    const showFields = () => {
      const fields = model.get("fields");
      const names = new Set(fields.map((/** @type {any} */ one) => one.name));
      for (const [name, part] of [...shown]) {
        const same = fields.find((/** @type {any} */ one) => one.name === name);
        if (names.has(name) && same.kind === part.kind) continue;
        part.control?.end?.();
        part.node.remove();
        shown.delete(name);
      }
      let last = /** @type {Element | null} */ (null);
      for (const field of fields) {
        const part = shown.get(field.name) ?? add(field);
        // Moved only where it stands elsewhere: an element that is moved loses the focus.
        const place = last ? last.nextElementSibling : grid.firstElementChild;
        if (place !== part.node) grid.insertBefore(part.node, place);
        last = part.node;
        update(field);
      }
    };

    const showForm = () => {
      patch(el, { "aria-label": model.get("label") || null });
      const columns = model.get("columns");
      grid.classList.toggle("counted", columns > 0);
      grid.style.setProperty("--columns", columns > 0 ? String(columns) : "1");
      showFields();
    };

    /** @param {string} name */
    const focus = (name) => {
      const part = shown.get(name);
      part?.node.scrollIntoView({ block: "nearest" });
      part?.control?.focus();
    };

    const receive = (/** @type {any} */ message) => {
      if (message.kind === "values") {
        const seen = message.seen[view] ?? 0;
        for (const [name, value] of Object.entries(message.values)) {
          if ((edits[name] ?? 0) <= seen) shown.get(name)?.control?.show(value);
        }
      } else if (message.kind === "arrived") {
        shown.get(message.name)?.control?.arrived?.(message.upload);
      } else if (message.kind === "errors") {
        errors = message.errors;
        model.get("fields").forEach(update);
        if (message.focus && message.view === view) focus(message.focus);
      } else if (message.kind === "focus" && message.view === view) {
        focus(message.name);
      }
    };

    showForm();
    const unfollow = follow(model, {
      "change:fields": showFields,
      "change:disabled": showFields,
      "change:label": showForm,
      "change:columns": showForm,
      "msg:custom": receive,
    });
    const unhear = onSendTyped(flush);
    sender(model, null)({ kind: "hello", view });
    return () => {
      // What was typed a moment ago is sent before the view goes.
      for (const { control } of shown.values()) control?.end?.();
      unhear();
      unfollow();
    };
  },
};
