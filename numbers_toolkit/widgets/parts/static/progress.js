import { announcer, element, follow, icon, partRoot, patch, say, sender } from "./common.js";

/** Milliseconds until a screen reader hears of work, and between news of it. */
const FIRST_NEWS = 1_500;
const MORE_NEWS = 15_000;

export default {
  /** @param {{ model: any, el: HTMLElement }} context */
  render({ model, el }) {
    const text = element("span", { class: "nt-progress-text" });
    const count = element("span", { class: "nt-quiet nt-progress-count" });
    const fill = element("span", { class: "nt-progress-fill" });
    const bar = element("div", { class: "nt-progress-bar", role: "progressbar" }, fill);
    const word = element("span", {}, "Cancel");
    const cancel = element("button", { type: "button", class: "nt-button bare" }, icon("stop"), word);
    const line = element("div", { class: "nt-progress-line", hidden: true }, bar, text, count, cancel);
    const { region, tell } = announcer();
    partRoot(el, "progress", { tabindex: "-1" }).append(line, region);

    const send = sender(model, el);
    /** @type {any} */
    let timer = null;
    let began = 0;
    /** Whether this view showed the work that is under way. */
    let shown = false;
    /** What a person wanted to stop here; the kernel has not said yet that it stops. @type {string | null} */
    let asked = null;

    const amount = () => {
      const [done, total] = [model.get("done"), model.get("total")];
      if (total) return `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
      return done ? done.toLocaleString("en") : "";
    };
    const news = () => {
      const seconds = Math.round((Date.now() - began) / 1000);
      const elapsed = seconds >= MORE_NEWS / 1000 ? `, for ${seconds} seconds` : "";
      tell([`${model.get("label")}${elapsed}`, amount()].filter(Boolean).join(": "));
      timer = setTimeout(news, MORE_NEWS);
    };
    const show = () => {
      const active = model.get("active");
      const [label, done, total] = [model.get("label"), model.get("done"), model.get("total")];
      if (active && !shown) {
        began = Date.now();
        timer = setTimeout(news, FIRST_NEWS);
      }
      if (!active && shown) {
        clearTimeout(timer);
        tell("");
      }
      shown = active;
      if (!active || asked !== label || !model.get("cancellable")) asked = null;
      // Whoever stopped the work by keyboard goes on from here, not from the top of the page.
      if (cancel === document.activeElement && !(active && model.get("cancellable"))) el.focus();
      patch(line, { hidden: !active });
      say(text, label);
      say(count, amount());
      say(word, asked === null ? "Cancel" : "Cancelling …");
      patch(cancel, {
        hidden: !model.get("cancellable"),
        "aria-label": asked === null ? `Cancel: ${label}` : `Cancelling: ${label}`,
        "aria-disabled": asked === null ? null : "true",
      });
      const share = total ? Math.max(0, Math.min(1, done / total)) : null;
      patch(bar, {
        class: share === null ? "nt-progress-bar endless" : "nt-progress-bar",
        "aria-label": label || "Working",
        "aria-valuemin": share === null ? null : 0,
        "aria-valuemax": share === null ? null : total,
        "aria-valuenow": share === null ? null : Math.min(done, total),
        "aria-valuetext": amount() || null,
      });
      fill.style.width = share === null ? "" : `${share * 100}%`;
    };

    cancel.addEventListener("click", () => {
      if (asked !== null) return;
      asked = model.get("label");
      send({ kind: "cancel", label: asked });
      show();
    });
    show();
    const unfollow = follow(model, {
      "change:active": show,
      "change:label": show,
      "change:done": show,
      "change:total": show,
      "change:cancellable": show,
    });
    return () => {
      clearTimeout(timer);
      unfollow();
    };
  },
};
