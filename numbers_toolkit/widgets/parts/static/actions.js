import { element, follow, freshId, partRoot, patch, say, sender, sendTyped } from "./common.js";

/** Pixels that a hand moves while it clicks; who moves further has thought better of it. */
const STILL = 8;
/** Milliseconds after which a click that the kernel has not heard is spoken of. */
const PATIENCE = 4_000;
const NO_ANSWER =
  "The kernel has not answered yet: it may be busy with a cell. What you clicked waits for it.";

export default {
  /** @param {{ model: any, el: HTMLElement }} context */
  render({ model, el }) {
    partRoot(el, "actions", { role: "group", tabindex: "-1" });
    const row = element("div", { class: "nt-actions-row" });
    const waiting = element("p", { class: "nt-quiet nt-actions-waiting", role: "status" });
    el.append(row, waiting);
    const send = sender(model, el);
    /** @type {Map<string, {node: HTMLElement, label: HTMLElement, spinner: HTMLElement, help: HTMLElement, clicked: number}>} */
    const shown = new Map();
    /** @type {any} */
    let timer = null;
    let stopHolding = () => {};

    /** @param {string} name */
    const described = (name) => model.get("buttons").find((/** @type {any} */ one) => one.name === name);
    const settle = () => {
      const open = [...shown.values()].some(({ clicked }) => clicked >= 0);
      if (open && timer === null) timer = setTimeout(() => say(waiting, NO_ANSWER), PATIENCE);
      if (open) return;
      clearTimeout(timer);
      timer = null;
      say(waiting, "");
    };

    /** @param {string} name @param {MouseEvent} event */
    const press = (name, event) => {
      // The later clicks of a double click mean the first, however fast the kernel has answered that one.
      if (event.detail > 1) return;
      const button = described(name);
      const part = shown.get(name);
      if (!button || !part || button.disabled || button.busy || part.clicked === button.revision) return;
      // A click by a script or a screen reader leaves no field.
      sendTyped();
      if (send({ kind: "click", name, revision: button.revision })) part.clicked = button.revision;
      settle();
    };

    /**
     * Count as a click what the page moved away under a still pointer: leaving a field takes its error off the page, and
     * everything beneath moves up between the two halves of the click.
     * @param {string} name @param {PointerEvent} down
     */
    const hold = (name, down) => {
      if (!down.isPrimary || down.button !== 0) return;
      const node = shown.get(name)?.node;
      const revision = described(name)?.revision;
      const lift = (/** @type {PointerEvent} */ up) => {
        if (up.pointerId !== down.pointerId) return;
        stopHolding();
        const still = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) <= STILL;
        const root = /** @type {Document | ShadowRoot} */ (el.getRootNode());
        const beneath = root.elementFromPoint(up.clientX, up.clientY);
        const movedAway = node?.isConnected && !node.contains(beneath) && described(name)?.revision === revision;
        if (up.type === "pointerup" && still && movedAway) press(name, down);
      };
      stopHolding();
      for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, lift, true);
      stopHolding = () => {
        for (const kind of ["pointerup", "pointercancel"]) document.removeEventListener(kind, lift, true);
      };
    };

    /** @param {string} name */
    const add = (name) => {
      const label = element("span");
      const spinner = element("span", { class: "nt-spinner", "aria-hidden": "true", hidden: true });
      const help = element("span", { id: freshId("help"), hidden: true });
      const listeners = {
        click: (/** @type {MouseEvent} */ event) => press(name, event),
        pointerdown: (/** @type {PointerEvent} */ event) => hold(name, event),
        // A key that is held down clicks over and over.
        keydown: (/** @type {KeyboardEvent} */ event) => event.repeat && event.key === "Enter" && event.preventDefault(),
      };
      const node = element("button", { type: "button", on: listeners }, spinner, label);
      const part = { node, label, spinner, help, clicked: -1 };
      shown.set(name, part);
      row.append(node, help);
      return part;
    };

    /** Keep the focus in the row when the button that has it goes away. @param {HTMLElement} gone */
    const passFocus = (gone) => {
      const left = [...shown.values()].map(({ node }) => node).filter((node) => !node.hidden && node !== gone);
      (left.find((node) => node.getAttribute("aria-disabled") !== "true") ?? left[0] ?? el).focus();
    };

    const show = () => {
      patch(el, { "aria-label": model.get("label") || null });
      for (const button of model.get("buttons")) {
        const part = shown.get(button.name) ?? add(button.name);
        if (part.clicked !== button.revision) part.clicked = -1;
        const stopped = button.disabled || button.busy;
        say(part.label, button.label);
        say(part.help, button.help);
        patch(part.spinner, { hidden: !button.busy });
        // Not "disabled": a button that loses the focus as it is clicked loses the person at the keyboard.
        patch(part.node, {
          class: `nt-button ${button.kind}`,
          "aria-disabled": stopped ? "true" : null,
          "aria-busy": button.busy ? "true" : null,
          "aria-describedby": button.help ? part.help.id : null,
          title: button.help || null,
        });
      }
      const focused = document.activeElement;
      for (const button of model.get("buttons")) {
        const { node } = /** @type {any} */ (shown.get(button.name));
        const leaves = button.hidden && !node.hidden && node === focused;
        patch(node, { hidden: button.hidden });
        if (leaves) passFocus(node);
      }
      settle();
    };

    show();
    const unfollow = follow(model, { "change:buttons": show, "change:label": show });
    return () => {
      clearTimeout(timer);
      stopHolding();
      unfollow();
    };
  },
};
