import { element, follow, freshId, partRoot, patch, sender } from "./common.js";

const ELEMENTS = new Set("svg g path rect circle ellipse line polyline polygon text tspan defs pattern title desc".split(" "));
const ATTRIBUTES = new Set(
  ("d x y x1 y1 x2 y2 cx cy r rx ry points width height viewBox transform fill stroke style role id " +
    "aria-labelledby patternUnits patternTransform text-anchor preserveAspectRatio").split(" "),
);
/** Anything but a reference within the drawing itself could load something. */
const REACHES_OUT = /url\(\s*["']?(?!#)|@import|expression|\\/i;
const REFERENCE = /url\(#([\w-]+)\)/g;

/**
 * Return a copy of a drawing that can do nothing but be looked at, with ids that no other drawing of the page has.
 * @param {Element} drawn
 * @param {string} prefix
 * @returns {Element | null}
 */
function harmlessDrawing(drawn, prefix) {
  if (!ELEMENTS.has(drawn.localName)) return null;
  const copy = document.createElementNS("http://www.w3.org/2000/svg", drawn.localName);
  for (const { name, value } of drawn.attributes) {
    if (!ATTRIBUTES.has(name) || REACHES_OUT.test(value)) continue;
    const named = name === "id" || name === "aria-labelledby";
    const own = named
      ? value.split(/\s+/).map((one) => `${prefix}-${one}`).join(" ")
      : value.replace(REFERENCE, `url(#${prefix}-$1)`);
    copy.setAttribute(name, own);
  }
  for (const child of drawn.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? "");
    const kept = child instanceof Element ? harmlessDrawing(child, prefix) : null;
    if (kept) copy.append(kept);
  }
  return copy;
}

export default {
  /** @param {{ model: any, el: HTMLElement }} context */
  render({ model, el }) {
    partRoot(el, "drawing");
    /** @param {string[]} pictures */
    const show = (pictures) => {
      const boxes = pictures.map((picture) => {
        const parsed = new DOMParser().parseFromString(picture, "image/svg+xml").documentElement;
        const drawn = harmlessDrawing(parsed, freshId("drawing"));
        // Reached by the keyboard, so that a wide drawing can be scrolled without a mouse.
        const box = element("div", { class: "nt-drawing-box", tabindex: "0", role: "group" });
        if (drawn) box.append(drawn);
        return box;
      });
      el.replaceChildren(...boxes);
      name();
    };
    const name = () => {
      const label = model.get("label");
      for (const box of el.children) patch(box, { "aria-label": `${label}: drawing; the table holds its values` });
    };
    const unfollow = follow(model, {
      "change:label": name,
      "msg:custom": (/** @type {any} */ message) => {
        if (message.kind === "pictures") show(message.pictures);
      },
    });
    sender(model, null)({ kind: "hello" });
    return unfollow;
  },
};
