// What every part's script is made of: elements, patches of them, and how a part talks with the kernel.
// Text from elsewhere only ever becomes a text node or an attribute.

/**
 * @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, callback: Function) => void, off: (event: string, callback: Function) => void,
 *   send: (content: any, callbacks?: any, buffers?: ArrayBuffer[]) => void }} Model
 */

let lastId = 0;

/**
 * Return an id that no other element of the page has.
 * @param {string} prefix
 */
export function freshId(prefix) {
  lastId += 1;
  return `nt-${prefix}-${Math.random().toString(36).slice(2, 8)}-${lastId}`;
}

/**
 * Return a new element. A value of false, null or undefined leaves an attribute out; `on` maps events to listeners.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | false)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  const { on = {}, ...others } = attributes;
  patch(made, others);
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  made.append(...children.filter((child) => child !== null && child !== false));
  return made;
}

/**
 * Set attributes where they differ; false, null and undefined take one away, true sets it empty.
 * @param {Element} node
 * @param {Record<string, any>} attributes
 */
export function patch(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) {
      if (node.hasAttribute(name)) node.removeAttribute(name);
      continue;
    }
    const text = value === true ? "" : String(value);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

/**
 * Make an element say a text, if it says another.
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Return text in an element of its own direction, so that it can't turn round what stands beside it.
 * @param {string} text
 */
export function isolated(text) {
  return element("bdi", {}, text);
}

/**
 * Return a live region that only screen readers see; `tell(text)` has a text read out once.
 * @param {"polite" | "assertive"} [manner]
 */
export function announcer(manner = "polite") {
  const region = element("div", { class: "nt-unseen", "aria-live": manner, "aria-atomic": "true" });
  let odd = false;
  return {
    region,
    /** @param {string} text */
    tell(text) {
      odd = !odd;
      // The same text again is read again only if it differs: by a character that is not read.
      region.textContent = text && odd ? `${text}\u00a0` : text;
    },
  };
}

const ICONS = {
  cross: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.5 3.5L13 4.5",
  down: "M4 6l4 4 4-4",
  warning: "M8 2L1.5 13.5h13zM8 6.5v3.2M8 11.8v.2",
  file: "M4 1.5h5.5L12.5 5v9.5H4zM9.5 1.5V5h3",
  upload: "M8 11V3M4.5 6L8 2.5 11.5 6M2.5 11v2.5h11V11",
  stop: "M4 4h8v8H4z",
};

/**
 * Return a small drawing in the colour of the text around it; it says nothing to a screen reader.
 * @param {keyof typeof ICONS} name
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  patch(drawing, { class: "nt-icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" });
  const path = document.createElementNS(space, "path");
  patch(path, { d: ICONS[name] });
  drawing.append(path);
  return drawing;
}

/**
 * Return text for comparing: small letters without accents.
 * @param {string} text
 */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Return a function that runs once, some time after its last call; `flush()` runs what waits at once.
 * @param {() => void} job
 * @param {number} milliseconds
 */
export function delayed(job, milliseconds) {
  /** @type {any} */
  let timer = null;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(later.flush, milliseconds);
  };
  later.waits = () => timer !== null;
  later.flush = () => {
    if (timer === null) return;
    later.drop();
    job();
  };
  later.drop = () => {
    clearTimeout(timer);
    timer = null;
  };
  return later;
}

/** Tells the forms of the page to send what was typed a moment ago, before what is done now. */
const SEND_TYPED = "numbers-toolkit-send-typed";

/** Have what was typed anywhere arrive before the message that comes next. */
export function sendTyped() {
  document.dispatchEvent(new Event(SEND_TYPED));
}

/**
 * Be told when what was typed is to be sent; the function that is returned ends it.
 * @param {() => void} send
 */
export function onSendTyped(send) {
  document.addEventListener(SEND_TYPED, send);
  return () => document.removeEventListener(SEND_TYPED, send);
}

/**
 * Make the element that the notebook gives a view into a part's outermost one.
 * @param {HTMLElement} host
 * @param {string} name
 * @param {Record<string, any>} [attributes]
 */
export function partRoot(host, name, attributes = {}) {
  host.classList.add("nt-part", `nt-${name}`);
  patch(host, attributes);
  keepKeys(host);
  return host;
}

/**
 * Keep JupyterLab from taking keys that are pressed in an element for commands: "d" twice on a button would delete
 * the cell. It asks the very element that has the focus, in a listener of the document, so this one is the window's.
 * @param {HTMLElement} host
 */
function keepKeys(host) {
  /** @param {KeyboardEvent} event */
  const guard = (event) => {
    if (!host.isConnected) window.removeEventListener("keydown", guard, true);
    if (!(event.target instanceof Element) || !host.contains(event.target)) return;
    const withControl = event.ctrlKey || event.metaKey;
    // Saving stays JupyterLab's; so do its other commands with Control where letters are typed.
    const passes = withControl && (event.key === "s" || event.target.matches(":read-write"));
    patch(event.target, { "data-lm-suppress-shortcuts": passes ? null : "true" });
  };
  host.addEventListener("focusin", () => window.addEventListener("keydown", guard, true));
  host.addEventListener("focusout", () => window.removeEventListener("keydown", guard, true));
}

const LOST =
  "This panel has lost its kernel, which was restarted or shut down: what you do here has no effect any more. " +
  "Run the cell again.";

/**
 * Return a function that sends messages to the kernel, and says so in the part when there is none to send to.
 * @param {Model} model
 * @param {HTMLElement | null} host the part; null for what nobody did and nobody has to be told of
 * @returns {(content: any, buffers?: ArrayBuffer[]) => boolean} whether it was sent
 */
export function sender(model, host) {
  return (content, buffers) => {
    try {
      model.send(content, undefined, buffers);
      return true;
    } catch {
      if (host && !host.querySelector(".nt-lost")) host.append(element("p", { class: "nt-lost", role: "alert" }, LOST));
      return false;
    }
  };
}

/**
 * Listen to traits and messages of a model; the function that is returned ends it.
 * @param {Model} model
 * @param {Record<string, Function>} listeners by event, such as "change:label" or "msg:custom"
 */
export function follow(model, listeners) {
  for (const [event, listener] of Object.entries(listeners)) model.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(listeners)) model.off(event, listener);
  };
}
