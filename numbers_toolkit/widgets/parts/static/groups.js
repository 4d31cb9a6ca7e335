// Controls of several elements: boxes to tick, and one of few options in a row.

import { element, freshId, patch } from "./common.js";
import { disable, isStopped, optionText } from "./controls.js";

/**
 * Return a group of ticked boxes or of round buttons.
 * @param {import("./controls.js").Context} context
 * @param {"checkbox" | "radio"} type
 * @returns {import("./controls.js").Control}
 */
function groupControl({ touched, changed, field: { kind } }, type) {
  const body = element("div", { class: type === "radio" ? "nt-switch" : "nt-checks" });
  const group = freshId("group");
  let offered = "";
  let value = /** @type {string[]} */ ([]);
  /** @type {HTMLInputElement[]} */
  let inputs = [];

  const mark = () => {
    for (const input of inputs) input.checked = value.includes(input.value);
  };
  /** @param {Event} event */
  const take = (event) => {
    if (event.currentTarget instanceof Element && isStopped(event.currentTarget)) {
      mark();
      return;
    }
    touched();
    // In the order of the options; what is ticked and not offered at the moment was given up by the kernel.
    value = inputs.filter((input) => input.checked).map((input) => input.value);
    changed(kind === "switch" ? value[0] ?? "" : value, true);
  };
  /** @param {any[]} options */
  const offer = (options) => {
    const focused = inputs.find((input) => input === document.activeElement)?.value;
    inputs = [];
    body.replaceChildren(
      ...options.map((option) => {
        const input = /** @type {HTMLInputElement} */ (element("input", { type, name: group, on: { change: take } }));
        input.value = option.value;
        inputs.push(input);
        return element("label", { class: "nt-option" }, input, optionText(option));
      }),
    );
    mark();
    inputs.find((input) => input.value === focused)?.focus();
  };
  return {
    body,
    update: (field, { disabled, invalid, told }) => {
      const now = JSON.stringify(field.options);
      if (now !== offered) offer(field.options);
      offered = now;
      inputs.forEach((input, place) => {
        const option = field.options[place];
        disable(input, disabled || option.disabled);
        patch(input, { "aria-describedby": told, "aria-invalid": invalid && type === "checkbox" ? "true" : null });
      });
      patch(body, { class: `${type === "radio" ? "nt-switch" : "nt-checks"}${invalid ? " invalid" : ""}` });
    },
    show: (now) => {
      value = Array.isArray(now) ? now : [now];
      mark();
    },
    focus: () => (inputs.find((input) => input.checked) ?? inputs.find((input) => !input.disabled))?.focus(),
  };
}

/** @param {import("./controls.js").Context} context */
export function checksControl(context) {
  return groupControl(context, "checkbox");
}

/** @param {import("./controls.js").Context} context */
export function switchControl(context) {
  return groupControl(context, "radio");
}
