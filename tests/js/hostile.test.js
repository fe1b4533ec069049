// @vitest-environment jsdom
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { shortened } from "../../js/lib/scale.js";
import { StaticModel } from "../../js/lib/static_host.js";
import { zh } from "../../js/lib/words/zh.js";
import { words } from "../../js/lib/words.js";
import compare from "../../js/views/compare.js";
import image from "../../js/views/image.js";
import table from "../../js/views/table.js";
import text from "../../js/views/text.js";
import { comparisonOf, draw, HARMLESS, LONG, SHORT, stateOf, subjectOf, use } from "./hostile.js";
import { dice, mutated, sorry } from "./mutations.js";
import { eachOnItsOwnPage, ends } from "./page.js";

const VIEWS = { text, table, image };
const KINDS = Object.keys(VIEWS);
const pause = (ms = 40) => new Promise((resolve) => setTimeout(resolve, ms));
/** Of an element: its tag and what attributes it has. */
const skeleton = (el) => [el.tagName, ...el.getAttributeNames()];
const names = (el) => new Set([el, ...el.querySelectorAll("*")].flatMap(skeleton));
/** What may come with some texts and not with others. */
const OURS = [
  "hidden",
  "data-warn",
  "data-lit",
  "data-out",
  "data-edited",
  "data-known",
  "data-asking",
  "aria-disabled",
  "stroke-width", // of lines over rows: there are some once two answers are there
];

/** What jsdom says went wrong in handlers and frames. @type {string[]} */
let faults = [];
const note = (event) => faults.push(String(event.error?.stack ?? event.message));

eachOnItsOwnPage();
beforeEach(() => {
  faults = [];
  window.addEventListener("error", note);
  vi.spyOn(console, "error").mockImplementation((...said) => faults.push(said.join(" ")));
  for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "Image"])
    vi.stubGlobal(name, () => {
      throw new Error(`${name} was called`);
    });
});
afterEach(() => {
  window.removeEventListener("error", note);
  vi.unstubAllGlobals();
});

/** A view of these texts, used as a reader does; what its elements and their attributes are called. */
async function drawn(kind, texts, options) {
  const { state, kernel } = stateOf(kind, texts, options);
  const { el, end } = draw(VIEWS[kind], state, kernel);
  ends.push(end);
  await pause();
  const alarm = el.querySelector(".ll-alarm[role=alert]").textContent;
  use(el);
  await pause();
  return { el, alarm };
}

async function compared(kind, texts) {
  const { el, end } = draw(compare, comparisonOf(kind, texts));
  ends.push(end);
  use(el);
  await pause(20);
  return el;
}

/** A view has no tag and no attribute that its double of plain words, once that is drawn, has not. */
const likeEachOther = (el, plain) =>
  vi.waitFor(() => {
    const known = new Set([...names(plain), ...OURS]);
    expect([...names(el)].filter((name) => !known.has(name))).toEqual([]);
  }, 5000);

describe.each(["en", "zh"])("texts that mean harm are text (%s)", (language) => {
  const look = { language, theme: "auto" };

  test.each(KINDS)("in the view of a %s", async (kind) => {
    const { el, alarm } = await drawn(kind, SHORT, { look });
    const { el: plain } = await drawn(kind, HARMLESS, { look });
    await likeEachOther(el, plain);
    expect(alarm).toContain(SHORT[3]);
    if (kind === "text")
      expect(el.querySelector(".ll-text").textContent).toBe(
        subjectOf("text", SHORT)
          .pieces.map(([piece]) => piece)
          .join(""),
      );
    expect(globalThis.hacked).toBeUndefined();
    expect(faults).toEqual([]);
  });

  test("said by a model that failed, and as a source, one by one", async () => {
    for (const one of SHORT) {
      const { state } = stateOf("table", [one, "word"], {
        look,
        status: { state: "failed", message: one },
        n: 2,
      });
      state.subject.source = one;
      const { el, end } = draw(table, state);
      expect(el.querySelectorAll("script, img, iframe, style, b b, a, svg svg")).toHaveLength(0);
      expect(el.querySelector(".ll-alarm").textContent).toContain(one);
      end();
    }
    expect(faults).toEqual([]);
  });
});

test.each(KINDS)("texts that mean harm are text in a comparison of a %s", async (kind) => {
  const [el, plain] = [await compared(kind, SHORT), await compared(kind, HARMLESS)];
  await likeEachOther(el, plain);
  expect(globalThis.hacked).toBeUndefined();
  expect(faults).toEqual([]);
});

test.each(["en", "zh"])(
  "floods and long texts are drawn, and their labels are cut (%s)",
  async (language) => {
    for (const kind of KINDS)
      for (const one of LONG) {
        const { state } = stateOf(kind, [one, "word"], { look: { language, theme: "auto" }, n: 4 });
        const { el, end } = draw(VIEWS[kind], state);
        for (const label of el.querySelectorAll(".ll-label, .ll-chip-name, .ll-model"))
          expect(label.textContent.length).toBeLessThan(400);
        end();
      }
    expect(faults).toEqual([]);
  },
);

test("sentences that are made to be hard to tell apart take no longer than others", () => {
  expect(words("zh").told("; ".repeat(1900))).toBe("; ".repeat(1900));
  for (const [template] of zh.sentences) {
    const [first, ...rest] = template.split(/\{\d\}/);
    const often = Math.floor(3900 / (rest.join("").length + 1));
    const hard = `${first}${rest.map((part) => part.repeat(often / rest.length)).join("")}!`;
    for (const one of [hard, `${first}${rest.join("").repeat(often)}!`])
      expect(words("zh").told(one).length).toBeGreaterThan(0);
  }
});

test("a name is shortened by what is seen of it, and turns no direction but its own", () => {
  expect(shortened("\u202etxt.exe\u2069", 20)).toBe("txt.exe");
  expect(shortened("W".repeat(1e6), 5)).toBe("WWWW\u2026");
  expect(shortened("\u202e".repeat(1e6), 5)).toBe("\u2026");
  expect([...shortened("\u{1f600}".repeat(9), 5)]).toHaveLength(5);
  expect(shortened("\u{1f600}".repeat(5), 5)).toBe("\u{1f600}".repeat(5));
});

describe("a notebook whose data were changed is drawn, or says that it can't be", () => {
  const ROUNDS = 100;
  const small = ["one", "two", "three", "four"];

  /** Every canvas that was asked for is no larger than the picture that came. */
  const modest = (el) => {
    for (const { width, height } of el.querySelectorAll("canvas"))
      expect(width * height).toBeLessThanOrEqual(2 ** 22);
  };

  test.each(KINDS)("%s", async (kind) => {
    const { state } = stateOf(kind, small, { n: 16 });
    const roll = dice(kind.length);
    const told = { drawn: 0, damaged: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const { copy, path } = mutated(state, roll);
      const { el, end } = draw(VIEWS[kind], copy);
      expect(el.querySelectorAll("article"), path).toHaveLength(1);
      modest(el);
      if (sorry(el)) told.damaged++;
      else {
        told.drawn++;
        use(el);
        await pause(round % 8 ? 0 : 150);
      }
      end();
      el.remove();
      expect(faults, path).toEqual([]);
    }
    expect(told.damaged).toBeGreaterThan(ROUNDS / 5);
    expect(told.drawn).toBeGreaterThan(ROUNDS / 10);
  });

  test.each(KINDS)("a comparison of a %s", async (kind) => {
    const state = comparisonOf(kind, small);
    const roll = dice(10 + kind.length);
    for (let round = 0; round < ROUNDS; round++) {
      const { copy, path } = mutated(state, roll);
      const { el, end } = draw(compare, copy);
      expect(el.querySelectorAll("article"), path).toHaveLength(1);
      modest(el);
      use(el);
      await pause(0);
      end();
      el.remove();
      expect(faults, path).toEqual([]);
    }
  });

  test("with nothing in it at all", () => {
    for (const view of [text, table, image, compare])
      for (const state of [{}, { subject: null }, { subjects: 3, columns: "x" }, { look: { language: 5 } }]) {
        const { el, end } = draw(view, state);
        expect(sorry(el)).toBe(true);
        end();
      }
    expect(faults).toEqual([]);
  });

  test("in the language that was chosen, if that is known", () => {
    const { el } = draw(text, { look: { language: "zh", theme: "dark" } });
    expect(el.textContent).toBe(words("zh").card.damaged("subject"));
  });

  test("a saved page is left to say so itself", () => {
    const el = document.body.appendChild(document.createElement("div"));
    expect(() => text.render({ model: new StaticModel({}), el })).toThrow("subject");
  });
});

/** The header of a neighborhood that says so many rows, features and outputs. */
function header(n, d, k, bytes = 20) {
  const data = new DataView(new ArrayBuffer(bytes));
  data.setUint32(0, 0x4c4c4e31); // LLN1
  for (const [i, count] of [n, d, k].entries()) data.setUint32(4 + 4 * i, count, true);
  return data;
}

test.each([
  ["rows without features or outputs", header(2 ** 32 - 1, 0, 0)],
  ["rows without outputs", header(0, 4, 0)],
  ["features by the billion", header(0, 2 ** 31, 3)],
  ["outputs by the billion", header(0, 4, 2 ** 31)],
  ["more rows than bytes", header(1_000_000, 4, 3, 4000)],
])("memory is not taken for what is only told: %s", (_, data) => {
  const { state } = stateOf("text", ["one", "two", "three", "four"], { n: 16 });
  const { el } = draw(text, { ...state, rows: { data } });
  expect(sorry(el)).toBe(true);
});

test.each([
  ["pixels by the billion", { width: 100_000, height: 100_000 }],
  ["a picture of one column", { width: 1, height: 3600 }],
  ["a picture that unpacks to more", { width: 30, height: 120 }],
  ["no pixels", { width: 0, height: 0 }],
  ["half a pixel", { width: 0.5, height: 7200 }],
])("no picture is larger than it says: %s", (_, size) => {
  const { state } = stateOf("image", ["one", "two", "three", "four"], { n: 16 });
  const { el } = draw(image, { ...state, subject: { ...state.subject, ...size } });
  expect(sorry(el)).toBe(true);
  expect(el.querySelectorAll("canvas")).toHaveLength(0);
});

test("what comes later and is damaged changes nothing; what is whole is shown", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { state } = stateOf("text", ["one", "two", "three", "four"], { n: 16 });
  const { el, model, end } = draw(text, state);
  ends.push(end);
  await pause(400);
  const before = el.innerHTML;
  const roll = dice(5);
  for (let round = 0; round < 200; round++) {
    const { copy } = mutated(state, roll);
    for (const name of ["answers", "status", "outputs"]) model.set(name, Object(copy[name]).x);
  }
  await pause();
  expect(el.innerHTML).toBe(before);
  for (const name of ["answers", "outputs", "rows"]) model.set(name, state[name]);
  model.set("status", { ...state.status, message: "all is well" });
  await pause();
  expect(el.querySelector(".ll-alarm").textContent).toBe("all is well");
  expect(faults).toEqual([]);
});

test("what stays damaged is told once to those who look for it, and what is set one by one is not", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { state } = stateOf("text", ["one", "two", "three", "four"], { n: 16 });
  const { model, end } = draw(text, state);
  ends.push(end);
  model.set("status", null);
  model.set("status", { ...state.status, generation: 7 });
  await pause();
  expect(warn).not.toHaveBeenCalled();
  for (const n of [-1, 0.5, 2 ** 60]) {
    model.set("status", { ...state.status, n });
    await pause(1);
  }
  expect(warn.mock.calls).toEqual([
    ["limelight: what came is damaged at status.n; the view stays as it was"],
  ]);
});

test("a limit may be as large as Python likes", () => {
  const { state } = stateOf("text", ["one", "two", "three", "four"], { n: 16, status: { limit: 2e9 } });
  const { el, end } = draw(text, state);
  ends.push(end);
  expect(sorry(el)).toBe(false);
});

test("messages that were changed on their way are left out, and the view goes on", async () => {
  const { state, kernel } = stateOf("text", ["one", "two", "three", "four"], { n: 16 });
  const { el, model, end } = draw(text, state, kernel);
  ends.push(end);
  await pause();
  const estimate = kernel.estimate("shapley", null, 16);
  const { values, std_error, pixels, ...head } = estimate;
  const shared = { id: "x", generation: 0, start: 0, status: kernel.status };
  const usual = [
    { content: { type: "rows", ...shared, estimate: head }, buffers: [state.rows.data, values, std_error] },
    { content: { type: "status", ...shared }, buffers: [] },
    { content: { type: "estimates", id: "x", estimates: [head] }, buffers: [values, std_error] },
    { content: { type: "probe", id: "x", outputs: [1, 2, 3] }, buffers: [] },
    { content: { type: "waiting" }, buffers: [] },
  ];
  const roll = dice(3);
  for (let round = 0; round < 500; round++) {
    const { copy } = mutated(usual[round % usual.length], roll);
    model.emit("msg:custom", copy.content, copy.buffers);
    if (round % 50 === 0) await pause(10);
  }
  await pause();
  use(el);
  await pause();
  expect(el.querySelectorAll(".ll-token")).toHaveLength(4);
  expect(faults).toEqual([]);
});

const HOME = join(import.meta.dirname, "../../js");

/** All our own sources, tests apart. */
function sources(suffix) {
  const all = readdirSync(HOME, { recursive: true }).filter((name) => !name.includes("node_modules"));
  return all.filter((name) => name.endsWith(suffix)).map((name) => join(HOME, name));
}

const MARKUP = [
  /innerHTML|outerHTML|insertAdjacent(HTML|Text)|createContextualFragment|DOMParser|setHTML/,
  /document\.write|\beval\b|new Function|Function\(|import\s*\(|importScripts|new Worker/,
  /srcdoc|\.(src|href|action|formAction)\b|xlink|javascript:|cssText/,
  /fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|localStorage|document\.cookie|window\.open|location\s*=/,
  /setAttribute\(\s*["'`](on|style|src|href)/,
  /(attr|h|svg)\([^;]*["']?\b(style|src|href|srcdoc)["']?:/,
  /setTimeout\(\s*["'`]/,
];

test("no source of the views makes markup, code, links or requests of texts", () => {
  const scripts = sources(".js");
  const found = scripts.flatMap((path) => {
    const code = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    return MARKUP.filter((pattern) => pattern.test(code)).map((pattern) => `${path}: ${pattern}`);
  });
  expect(found).toEqual([]);
  expect(scripts.length).toBeGreaterThan(40);
});

test("no style sheet loads anything", () => {
  const sheets = sources(".css");
  for (const path of sheets) expect(readFileSync(path, "utf8")).not.toMatch(/url\(|@import|expression\(/);
  expect(sheets.length).toBeGreaterThan(5);
});
