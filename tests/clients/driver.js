// Carries out calls on the vendor's client for Node, one JSON line each, and answers with one JSON line.

"use strict";

const path = require("node:path");
const readline = require("node:readline");
const { createRequire } = require("node:module");

const installed = createRequire(path.join(process.argv[2], "package.json"));
const { SinchClient, NumbersCallbackWebhooks } = installed("@sinch/sdk-core");

/** @type {any} */
let client = null;

// The client writes warnings there, which are no answers.
for (const name of ["log", "info", "warn", "error", "debug"]) console[name] = () => {};

const APIS = ["availableRegions", "availableNumber", "activeNumber", "callbacks"];
const methodsOf = (api) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(api)).filter((name) => name !== "constructor" && name !== "client");

/** Every public method: those of the service itself, and those of each API beneath it. */
function methods() {
  const beneath = APIS.flatMap((api) => methodsOf(client.numbers[api]).map((name) => `${api}.${name}`));
  return [...methodsOf(client.numbers), ...beneath];
}

/** Dates that the client made of texts are told from texts. */
Date.prototype.toJSON = function toJSON() {
  return { date: Number.isNaN(this.getTime()) ? "invalid" : this.toISOString() };
};

/** Begin a call, of the service itself ("get") or of an API beneath it ("activeNumber.get"). */
function begun(method, argument) {
  const [name, api] = method.split(".").reverse();
  const owner = api ? client.numbers[api] : client.numbers;
  return owner[name](argument);
}

const COMMANDS = {
  connect: ({ options }) => {
    client = new SinchClient(options);
    return null;
  },
  methods,
  call: async ({ method, argument }) => await begun(method, argument),
  items: async ({ method, argument }) => {
    const found = [];
    for await (const one of begun(method, argument)) found.push(one);
    return found;
  },
  pages: async ({ method, argument }) => {
    const found = [];
    let page = await begun(method, argument);
    for (;;) {
      found.push(page.data);
      if (!page.hasNextPage) return found;
      page = await page.nextPage();
    }
  },
  verify: ({ secret, headers, body }) => new NumbersCallbackWebhooks(secret).validateAuthenticationHeader(headers, body),
  event: ({ secret, body }) => new NumbersCallbackWebhooks(secret).parseEvent(body),
};

async function answer(line) {
  const command = JSON.parse(line);
  try {
    const result = await COMMANDS[command.command](command);
    return { result: result === undefined ? null : result };
  } catch (error) {
    return { error: error.constructor.name, status: error.statusCode ?? null, message: error.message };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
  }
})();
