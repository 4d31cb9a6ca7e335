import { element, follow, partRoot, patch, say, sender } from "./common.js";

export default {
  /** @param {{ model: any, el: HTMLElement }} context */
  render({ model, el }) {
    const list = element("div", { class: "nt-tabs-list", role: "tablist" });
    partRoot(el, "tabs").append(list);
    const send = sender(model, el);
    const view = crypto.randomUUID?.() ?? String(Math.random());
    /** @type {Map<string, {node: HTMLElement, label: HTMLElement, count: HTMLElement}>} */
    const shown = new Map();
    /** What the person chose here, shown before the kernel has taken it up. */
    let active = model.get("active");
    /** Choices sent, and the last one that the kernel has taken up: what it says before that is out of date. */
    const choices = { sent: 0, taken: 0 };

    const mark = () => {
      for (const [name, { node }] of shown) {
        const chosen = name === active;
        patch(node, { "aria-selected": chosen ? "true" : "false", tabindex: chosen ? "0" : "-1" });
      }
    };
    /** @param {string} name */
    const choose = (name) => {
      if (name === active) return;
      active = name;
      mark();
      choices.sent += 1;
      send({ kind: "choose", name, choice: choices.sent, view });
    };
    const agree = () => {
      if (choices.taken < choices.sent) return;
      active = model.get("active");
      mark();
    };
    /** @param {KeyboardEvent} event */
    const move = (event) => {
      const names = [...shown.keys()];
      const here = names.indexOf(active);
      const steps = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: names.length - 1 };
      const place = steps[/** @type {keyof typeof steps} */ (event.key)];
      if (place === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const name = names[(place + names.length) % names.length];
      choose(name);
      shown.get(name)?.node.focus();
    };
    const show = () => {
      patch(list, { "aria-label": model.get("label") || null });
      for (const tab of model.get("tabs")) {
        let part = shown.get(tab.name);
        if (!part) {
          const [label, count] = [element("span"), element("span", { class: "nt-tabs-count" })];
          const node = element(
            "button",
            { type: "button", class: "nt-tab", role: "tab", on: { click: () => choose(tab.name) } },
            label,
            count,
          );
          part = { node, label, count };
          shown.set(tab.name, part);
          list.append(node);
        }
        say(part.label, tab.label);
        say(part.count, tab.count === null ? "" : tab.count.toLocaleString("en"));
        patch(part.count, { hidden: tab.count === null });
      }
      mark();
    };

    list.addEventListener("keydown", move);
    show();
    return follow(model, {
      "change:tabs": show,
      "change:label": show,
      "change:active": agree,
      "msg:custom": (/** @type {any} */ message) => {
        if (message.kind !== "taken" || message.view !== view) return;
        choices.taken = message.choice;
        agree();
      },
    });
  },
};
