import { element, follow, partRoot } from "./common.js";

/** Milliseconds that a browser may take to begin with saving. */
const BEGUN = 60_000;

export default {
  // Once for all views: two views of a panel must not save a file twice.
  /** @param {{ model: any }} context */
  initialize({ model }) {
    return follow(model, {
      "msg:custom": (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => {
        if (message.kind !== "file") return;
        const address = URL.createObjectURL(new Blob(buffers, { type: message.media_type }));
        const link = element("a", { href: address, download: message.name });
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(address), BEGUN);
      },
    });
  },

  /** @param {{ model: any, el: HTMLElement }} context */
  render({ el }) {
    partRoot(el, "download", { "aria-hidden": "true" });
    el.style.display = "none";
  },
};
