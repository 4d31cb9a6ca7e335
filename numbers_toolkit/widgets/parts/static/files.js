// A place to drop files, and a button to choose them. Content goes to the kernel in pieces.

import { announcer, element, freshId, icon, patch, say } from "./common.js";
import { disable } from "./controls.js";

/** Bytes of one message; servers refuse messages of more than about ten million. */
const PIECE = 1_048_576;

/**
 * Whether a file is of a kind that is asked for, as the attribute "accept" of an input says it.
 * @param {{ name: string, type: string }} file
 * @param {string} accept
 */
export function isAccepted(file, accept) {
  const rules = accept.split(",").map((rule) => rule.trim().toLowerCase()).filter(Boolean);
  const [name, type] = [file.name.toLowerCase(), file.type.toLowerCase()];
  return (
    rules.length === 0 ||
    rules.some((rule) => {
      if (rule.startsWith(".")) return name.endsWith(rule);
      return rule.endsWith("/*") ? type.startsWith(rule.slice(0, -1)) : type === rule;
    })
  );
}

/**
 * Return for people what the attribute "accept" of an input says.
 * @param {string} accept
 */
export function kindsText(accept) {
  const words = /** @type {Record<string, string>} */ ({ "image/*": "pictures", "application/pdf": "PDF" });
  const kinds = accept.split(",").map((rule) => rule.trim()).filter(Boolean);
  return [...new Set(kinds.map((rule) => words[rule] ?? rule.replace(/^\.|^\w+\//, "").toUpperCase()))].join(", ");
}

/**
 * Return a file's size for people.
 * @param {number} size
 */
export function sizeText(size) {
  if (size < 1000) return `${size} bytes`;
  const units = ["kB", "MB", "GB"];
  const step = Math.min(units.length, Math.floor(Math.log10(size) / 3));
  return `${(size / 1000 ** step).toFixed(1)} ${units[step - 1]}`;
}

/**
 * @param {import("./controls.js").Context} context
 * @returns {import("./controls.js").Control}
 */
export function filesControl({ field: first, nameId, touched, send }) {
  let field = first;
  let stopped = false;
  const hintId = freshId("hint");
  const input = /** @type {HTMLInputElement} */ (
    element("input", { type: "file", class: "nt-unseen", tabindex: "-1", "aria-hidden": "true" })
  );
  const label = element("span");
  const button = element("button", { type: "button", class: "nt-button", id: freshId("field") }, icon("upload"), label);
  const hint = element("span", { class: "nt-quiet", id: hintId }, "or drop it here");
  const zone = element("div", { class: "nt-drop" }, button, hint, input);
  const list = element("ul", { class: "nt-files" });
  const refused = element("p", { class: "nt-field-error", role: "alert", hidden: true });
  const { region, tell } = announcer();
  const body = element("div", {}, zone, refused, list, region);
  /** Files that are on their way, by the key of their upload. @type {Map<string, { name: string, row: HTMLElement }>} */
  const going = new Map();

  /** One file after the other, in the order in which they were chosen. */
  let queue = Promise.resolve();

  /** @param {File} file */
  const upload = (file) => {
    const key = freshId("upload");
    const row = element(
      "li",
      { class: "nt-file" },
      element("span", { class: "nt-spinner", "aria-hidden": "true" }),
      element("bdi", { class: "nt-file-name" }, file.name),
      element("span", { class: "nt-quiet" }, "is being read …"),
    );
    for (const [other, { name }] of going) if (!field.many || name === file.name) drop(other);
    going.set(key, { name: file.name, row });
    list.append(row);
    touched();
    send({ kind: "file", upload: key, file: { name: file.name, media_type: file.type, size: file.size } });
    queue = queue.then(() => sendContent(file, key));
  };
  /** @param {string} key */
  const drop = (key) => {
    going.get(key)?.row.remove();
    going.delete(key);
  };
  /** @param {File} file @param {string} key */
  const sendContent = async (file, key) => {
    try {
      for (let start = 0, piece = 0; start < file.size; start += PIECE, piece += 1) {
        const content = await file.slice(start, start + PIECE).arrayBuffer();
        if (!going.has(key)) return; // another one was chosen in its place
        send({ kind: "file", upload: key, piece }, [content]);
      }
    } catch {
      if (!going.has(key)) return;
      drop(key);
      send({ kind: "give up", upload: key });
      refuse(`${file.name} could not be read: it may have been moved or changed. Choose it again.`);
    }
  };
  /** @param {string} text */
  const refuse = (text) => {
    say(refused, text);
    patch(refused, { hidden: !text });
  };
  /** @param {FileList | null | undefined} files */
  const take = (files) => {
    const chosen = [...(files ?? [])];
    if (stopped || chosen.length === 0) return;
    const fits = chosen.filter((file) => isAccepted(file, field.accept));
    const wrong = chosen.filter((file) => !fits.includes(file)).map((file) => file.name);
    const several = fits.length > 1 && !field.many;
    refuse(
      wrong.length
        ? `${wrong.join(", ")}: not of a kind that is taken here, which is ${kindsText(field.accept)}.`
        : several
          ? "One file is taken here. Drop one alone."
          : "",
    );
    if (!several) fits.forEach(upload);
  };

  /** @param {any[]} files */
  const show = (files) => {
    const had = list.contains(document.activeElement);
    list.replaceChildren(...files.map(rowOf), ...[...going.values()].map(({ row }) => row));
    if (had) button.focus();
    say(label, files.length && !field.many ? "Choose another file" : field.many ? "Choose files" : "Choose a file");
    say(hint, field.many ? "or drop them here" : "or drop it here");
  };
  /** @param {{ name: string, size: number }} file @param {number} place */
  const rowOf = (file, place) => {
    const remove = element(
      "button",
      { type: "button", class: "nt-button bare", "aria-label": `Remove ${file.name}` },
      icon("cross"),
    );
    remove.addEventListener("click", () => {
      if (stopped) return;
      touched();
      tell(`${file.name} was removed`);
      send({ kind: "remove", place });
    });
    return element(
      "li",
      { class: "nt-file" },
      icon("file"),
      element("bdi", { class: "nt-file-name", title: file.name }, file.name),
      element("span", { class: "nt-quiet nt-file-size" }, sizeText(file.size)),
      remove,
    );
  };

  button.addEventListener("click", () => !stopped && input.click());
  input.addEventListener("change", () => {
    take(input.files);
    input.value = ""; // the same file can be chosen again
  });
  /** @param {boolean} on */
  const over = (on) => zone.classList.toggle("over", on && !stopped);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    event.stopPropagation();
    over(true);
  });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    over(false);
    take(event.dataTransfer?.files);
  });
  show([]);
  return {
    id: button.id,
    body,
    update: (changed, { disabled, invalid, told }) => {
      field = changed;
      stopped = disabled;
      patch(input, { accept: field.accept || null, multiple: field.many });
      disable(input, disabled);
      patch(button, {
        "aria-disabled": disabled ? "true" : null,
        "aria-describedby": [nameId, told, hintId].filter(Boolean).join(" "),
      });
      zone.classList.toggle("invalid", invalid);
    },
    show,
    arrived: (key) => {
      if (going.has(key)) tell(`${going.get(key)?.name} was added`);
      drop(key);
    },
    focus: () => button.focus(),
  };
}
