// What a view of a table asks the kernel for, and what it says while the answer takes its time.

import { freshId, sender } from "./common.js";

const PATIENCE = 300;
const NO_ANSWER = 5_000;
const SOON = "…";
const LONG = "No answer yet: the kernel is busy, or was restarted. If it was restarted, run the cell again.";

/**
 * What a view asks the kernel for, by growing numbers, so that an answer is known to be the newest.
 * @param {import("./common.js").Model} model
 * @param {HTMLElement} host
 * @param {(waiting: string) => void} tell
 */
export function questions(model, host, tell) {
  const send = sender(model, host);
  const view = freshId("view");
  let asked = 0;
  /** @type {any[]} */
  let timers = [];

  const answered = () => model.get("_answered")[view] ?? 0;
  const settle = () => {
    timers.forEach(clearTimeout);
    timers = [];
  };
  return {
    answered,
    /** Ask for something; return the question's number, 0 when there is nobody to ask. */
    ask(/** @type {string} */ what, /** @type {object} */ details = {}) {
      settle();
      if (!send({ kind: what, view, ask: asked + 1, ...details })) return 0;
      timers = [setTimeout(tell, PATIENCE, SOON), setTimeout(tell, NO_ANSWER, LONG)];
      asked += 1;
      return asked;
    },
    /** An answer came: stop waiting, if it is the last one. */
    hear() {
      if (answered() < asked) return;
      settle();
      tell("");
    },
    settle,
  };
}
