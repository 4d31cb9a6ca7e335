import { element, follow, partRoot, patch, sender } from "./common.js";

const WEB = /^https?:\/\//i;
const PICTURE = /^data:image\/(png|jpeg|svg\+xml);/i;
const ELEMENTS = new Set(
  ("a b bdi blockquote br caption code col colgroup dd details div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img " +
    "kbd li mark ol p pre s section small span strong sub summary sup table tbody td tfoot th thead tr ul var wbr").split(" "),
);
const DROPPED = new Set("script style iframe object embed template noscript form input button select textarea link meta".split(" "));
const ATTRIBUTES = new Set(
  "alt class colspan dir headers height id lang open role rowspan scope span tabindex title width".split(" "),
);

/**
 * @param {string} name
 * @param {string} value
 */
function isHarmless(name, value) {
  if (name === "href") return WEB.test(value);
  if (name === "src") return PICTURE.test(value);
  if (name === "target") return value === "_blank";
  return ATTRIBUTES.has(name) || name === "rel" || name.startsWith("aria-") || name.startsWith("data-");
}

/**
 * Return a copy of parsed nodes that can do nothing but be looked at. The kernel has escaped what it did not write;
 * this holds whatever it sends.
 * @param {Node} parsed
 */
function harmless(parsed) {
  const kept = document.createDocumentFragment();
  for (const child of parsed.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) kept.append(child.textContent ?? "");
    if (!(child instanceof Element)) continue;
    const tag = child.localName;
    if (DROPPED.has(tag)) continue;
    const content = harmless(child);
    if (!ELEMENTS.has(tag)) {
      kept.append(content);
      continue;
    }
    const copy = element(tag);
    for (const { name, value } of child.attributes) if (isHarmless(name, value)) copy.setAttribute(name, value);
    // A whole page has a frame of its own; here the panel has it.
    copy.classList.remove("numbers-toolkit");
    copy.append(content);
    kept.append(copy);
  }
  return kept;
}

/** What the kernel sent last; a view that is made later shows it at once. @type {string | null} */
let latest = null;

export default {
  /** @param {{ model: any }} context */
  initialize({ model }) {
    return follow(model, {
      "msg:custom": (/** @type {any} */ message) => {
        if (message.kind === "html") latest = message.html;
      },
    });
  },

  /** @param {{ model: any, el: HTMLElement }} context */
  render({ model, el }) {
    // A live region is read out when its content changes, so it stays and only its content is made anew.
    const region = element("div", { class: "nt-markup" });
    partRoot(el, "markup-part").append(region);
    /** @type {string | null} */
    let shown = null;

    const showRole = () => {
      const role = model.get("role");
      patch(region, { role: role || null, "aria-live": role === "alert" ? "assertive" : role ? "polite" : null });
    };
    /** @param {string} html */
    const show = (html) => {
      if (html === shown) return;
      const open = [...region.querySelectorAll("details")].map((one) => one.open);
      shown = html;
      region.replaceChildren(harmless(new DOMParser().parseFromString(html, "text/html").body));
      // What a person has unfolded stays so when the same page comes with new figures.
      const details = [...region.querySelectorAll("details")];
      if (details.length === open.length) details.forEach((one, place) => (one.open = one.open || open[place]));
    };

    showRole();
    if (latest !== null) show(latest);
    const unfollow = follow(model, {
      "change:role": showRole,
      "msg:custom": (/** @type {any} */ message) => {
        if (message.kind === "html") show(message.html);
      },
    });
    sender(model, null)({ kind: "hello" });
    return unfollow;
  },
};
