// Horizontal bars, each a button that can be pressed; arrow keys go from one to the next.

import { element, follow, freshId, isolated, partRoot, patch, say, sender } from "./common.js";

/**
 * @param {{ model: import("./common.js").Model, el: HTMLElement }} view
 */
function renderBars({ model, el }) {
  const send = sender(model, el);
  const heading = freshId("bars");
  const title = element("div", { class: "nt-bars-title", id: heading });
  const list = element("div", { class: "nt-bars-list", role: "group", "aria-labelledby": heading });
  const rest = element("div", { class: "nt-quiet" });
  partRoot(el, "bars").append(title, list, rest);

  const buttons = () => /** @type {HTMLButtonElement[]} */ ([...list.children]);

  /** Only one bar is reached by the tabulator key; arrows lead to the others. */
  function reachable(/** @type {Element | undefined} */ chosen) {
    for (const one of buttons()) patch(one, { tabindex: one === chosen ? "0" : "-1" });
  }

  function showChosen() {
    const chosen = model.get("chosen");
    for (const one of buttons()) patch(one, { "aria-pressed": String(one.dataset.name === chosen) });
  }

  function press(/** @type {string} */ name) {
    send({ kind: "choose", name });
  }

  function bar(/** @type {any} */ one) {
    const fill = element("span", { class: "nt-bar-fill" });
    fill.style.inlineSize = `${Math.max(one.share * 100, 1)}%`;
    const label = element("span", { class: "nt-bar-label" }, isolated(one.label));
    const track = element("span", { class: "nt-bar-track", "aria-hidden": "true" }, fill);
    const made = element(
      "button",
      { type: "button", class: "nt-bar", "data-name": one.name, title: one.note, on: { click: () => press(one.name) } },
      label,
      track,
      element("span", { class: "nt-bar-text" }, one.text),
      element("span", { class: "nt-bar-note" }, isolated(one.note)),
    );
    return made;
  }

  function showBars() {
    const held = /** @type {HTMLElement | null} */ (document.activeElement);
    const focused = held && list.contains(held) ? held.dataset.name : undefined;
    list.replaceChildren(...model.get("bars").map(bar));
    const again = buttons().find((one) => one.dataset.name === focused);
    reachable(again ?? buttons()[0]);
    again?.focus();
    showChosen();
  }

  function showTexts() {
    say(title, model.get("label"));
    say(rest, model.get("more"));
    rest.hidden = !model.get("more");
  }

  list.addEventListener("keydown", (event) => {
    const all = buttons();
    const here = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (here < 0) return;
    const steps = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 };
    if (event.key === "Escape" && model.get("chosen")) press(model.get("chosen"));
    else if (event.key in steps) all[Math.min(Math.max(steps[event.key], 0), all.length - 1)].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("focusin", (event) => reachable(/** @type {Element} */ (event.target)));

  showTexts();
  showBars();
  return follow(model, {
    "change:bars": showBars,
    "change:chosen": showChosen,
    "change:label": showTexts,
    "change:more": showTexts,
  });
}

export default { render: renderBars };
