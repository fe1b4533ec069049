// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { damageOf } from "../../js/lib/damage.js";
import { MARKS, marksOf, shareOf, turned } from "../../js/lib/marks.js";
import { StaticModel } from "../../js/lib/static_host.js";
import compare from "../../js/views/compare.js";
import image from "../../js/views/image.js";
import table from "../../js/views/table.js";
import text from "../../js/views/text.js";
import { imageSubject, tableSubject, textSubject } from "./fixtures.js";
import { FakeKernel, StandInModel, traits } from "./host.js";
import { softmaxGame, someCount } from "./models.js";
import { eachOnItsOwnPage, ends } from "./page.js";

const [NOT, SHOULD] = MARKS;
const VIEWS = { text, image, table };
const NAMES = ["positive", "negative"];
const SUBJECTS = { text: textSubject(), table: tableSubject(), image: imageSubject({ cells: 3 }) };
const pause = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms));
const all = (el, selector) => [...el.querySelectorAll(selector)];

eachOnItsOwnPage();

/** A view of each kind, its rows evaluated; `saved`: in a page with nobody to ask. */
async function show(subject, { marks, saved = false, language = "en" } = {}) {
  const d = subject.features.length;
  const kernel = new FakeKernel({ game: softmaxGame(someCount(d), 2), d, k: 2, limit: 200, delay: 1 }).run(
    200,
  );
  const look = { language, theme: "auto" };
  const state = { ...traits(kernel, { subject, names: NAMES }), look, ...(marks ? { marks } : {}) };
  const model = saved ? new StaticModel(state) : new StandInModel(state, kernel);
  const el = document.body.appendChild(document.createElement("div"));
  ends.push(VIEWS[subject.kind].initialize({ model }), VIEWS[subject.kind].render({ model, el }));
  await pause();
  return {
    el,
    model,
    buttons: all(el, ".ll-marker-so"),
    said: () => el.querySelector(".ll-voice").textContent,
  };
}

const key = (code, more = {}) =>
  new KeyboardEvent("keydown", { code, altKey: true, bubbles: true, cancelable: true, ...more });

describe("marks", () => {
  test("are turned, and taken back where they were the same", () => {
    const first = turned(marksOf(null), 4, NOT);
    expect([...turned(first, 1, SHOULD)]).toEqual([
      [1, SHOULD],
      [4, NOT],
    ]);
    expect([...turned(first, 4, SHOULD)]).toEqual([[4, SHOULD]]);
    expect(turned(first, 4, NOT).size).toBe(0);
    expect(first.size).toBe(1);
  });

  test("have a share of all that counts, where anything does", () => {
    expect(shareOf([0.3, -0.1, 0.6], [0, 1])).toBeCloseTo(0.4);
    expect(shareOf(new Float32Array(3), [0])).toBe(null);
  });

  test.each([
    ["a feature that there is not", [[99, NOT]]],
    ["a mark that there is not", [[0, "never"]]],
    ["no pair", [[0]]],
    ["no list", { 0: NOT }],
  ])("are damaged by %s", async (_, marks) => {
    const { el } = await show(SUBJECTS.text, { marks });
    expect(el.querySelector("[role=alert]").textContent).toMatch(/damaged, so it can't be drawn \(marks/);
  });

  test("may be missing: views that were saved before had none", async () => {
    const { model } = await show(SUBJECTS.text);
    expect(damageOf((name) => model.get(name), "text")).toBe("");
  });
});

describe.each(["text", "table", "image"])("in the view of a %s", (kind) => {
  test("a feature is marked by its buttons once it was pressed, and taken back by the same", async () => {
    const { el, model, buttons, said } = await show(SUBJECTS[kind]);
    expect(buttons.every((one) => one.getAttribute("aria-disabled") === "true")).toBe(true);
    buttons[0].click();
    expect(model.get("marks")).toBe(undefined);
    expect(el.querySelector(".ll-marker").textContent).toMatch(
      /^Press a (word|row|segment, or its bar,) to mark it:/,
    );
    const row = el.querySelector(".ll-bars > li");
    const feature = Number(row.dataset.feature);
    row.firstChild.click();
    await pause(30);
    expect(el.querySelector(".ll-marked-name").textContent).toBe(String(SUBJECTS[kind].features[feature]));
    buttons[0].click();
    await pause(30);
    expect([model.get("marks"), model.saves]).toEqual([[[feature, NOT]], 1]);
    expect(buttons.map((one) => one.getAttribute("aria-pressed"))).toEqual(["true", "false"]);
    expect(row.querySelector(".ll-tag").textContent).toBe("should not");
    expect(el.querySelector(".ll-feedback").textContent).toMatch(
      /^should not matter: \P{C}*.+\P{C}* \(\d+ % of the attribution\)$/u,
    );
    expect(said()).toMatch(/: should not matter$/);
    buttons[1].click();
    expect(model.get("marks")).toEqual([[feature, SHOULD]]);
    buttons[1].click();
    await pause(30);
    expect(model.get("marks")).toEqual([]);
    expect(said()).toMatch(/: no longer marked$/);
    expect(row.querySelector(".ll-tag").hidden).toBe(true);
  });

  test("marks that another page or Python made are shown, each by an icon and words", async () => {
    const { el, model } = await show(SUBJECTS[kind], { marks: [[1, SHOULD]] });
    const places = {
      text: ".ll-token[data-feature='1'] > .ll-objection",
      table: ".ll-tag > .ll-objection",
      image: ".ll-pin > .ll-objection",
    };
    expect(all(el, places[kind]).length).toBeGreaterThan(0);
    model.set("marks", [
      [0, NOT],
      [2, SHOULD],
    ]);
    await pause(30);
    expect(all(el, ".ll-feedback > li b").map((one) => one.textContent)).toEqual([NOT, SHOULD]);
    expect(all(el, ".ll-token[data-feature='1'] > .ll-objection").length).toBe(0);
    expect(el.querySelector("[data-feature='0'] .ll-tag").title).toBe(NOT);
  });

  test("keys mark what has the focus, and no key does before", async () => {
    const { el, model } = await show(SUBJECTS[kind]);
    const inside = el.querySelector(kind === "table" ? ".ll-bars input" : ".ll-bars .ll-row");
    inside.dispatchEvent(key("KeyN"));
    expect(model.get("marks")).toBe(undefined);
    inside.focus();
    const feature = Number(inside.closest("li").dataset.feature);
    for (const wrong of [key("KeyN", { altKey: false }), key("KeyN", { ctrlKey: true }), key("KeyX")])
      inside.dispatchEvent(wrong);
    expect(model.get("marks")).toBe(undefined);
    const pressed = key("KeyM");
    inside.dispatchEvent(pressed);
    expect(pressed.defaultPrevented).toBe(true);
    expect(model.get("marks")).toEqual([[feature, SHOULD]]);
  });
});

test.each(["text", "image"])("where only marks are wanted, pressing takes nothing out: %s", async (kind) => {
  const { el, buttons, model } = await show(SUBJECTS[kind]);
  const only = el.querySelector(".ll-only");
  const press = async () => {
    el.querySelector(kind === "text" ? ".ll-token" : ".ll-bars .ll-row").click();
    await pause(30);
    return all(el, "[data-out]").length > 0;
  };
  expect(only.getAttribute("aria-pressed")).toBe("false");
  expect([await press(), await press()]).toEqual([true, false]);
  only.click();
  await pause(30);
  expect([only.getAttribute("aria-pressed"), await press()]).toEqual(["true", false]);
  expect(el.querySelector(".ll-whatif").hidden).toBe(true);
  buttons[0].click();
  expect(model.get("marks")).toHaveLength(1);
  only.click();
  expect(await press()).toBe(true);
});

test("where a press takes nothing out anyway there is no such choice", async () => {
  const { el } = await show(SUBJECTS.table);
  expect(el.querySelector(".ll-only").hidden).toBe(true);
});

test("the buttons say their keys, and the question mark explains them", async () => {
  const { el, buttons } = await show(SUBJECTS.text);
  expect(buttons.map((one) => one.getAttribute("aria-keyshortcuts"))).toEqual(["Alt+N", "Alt+M"]);
  el.querySelector(".ll-ask").click();
  const terms = () => all(el, ".ll-terms dt").map((one) => one.textContent);
  expect(terms()).toEqual(expect.arrayContaining(MARKS));
  expect(el.querySelector(".ll-terms").textContent).toMatch(/Press again to take it back.*Alt\+N.*Alt\+M/);
});

test("the line of what is lit, and a word's description, say its mark", async () => {
  const { el } = await show(SUBJECTS.text, { marks: [[1, NOT]] });
  await pause(300);
  const word = el.querySelector(".ll-token[data-feature='1']");
  word.focus();
  await pause(30);
  expect(el.querySelector(".ll-axis").textContent).toMatch(/; should not matter$/);
  expect(word.getAttribute("aria-description")).toMatch(/\d; should not matter$/);
});

test("a saved page shows marks, and says how long those that are changed there are kept", async () => {
  const { el, model, buttons } = await show(SUBJECTS.text, { marks: [[1, NOT]], saved: true });
  expect(el.querySelector(".ll-feedback").textContent).toMatch(/^should not matter: /);
  const note = el.querySelector(".ll-marking > p");
  expect(note.hidden).toBe(true);
  el.querySelector(".ll-token").click();
  await pause(30);
  expect(note.hidden).toBe(false);
  expect(note.textContent).toBe("A saved page: marks that you change are kept only while it is open.");
  buttons[1].click();
  expect(model.get("marks")).toEqual([
    [0, SHOULD],
    [1, NOT],
  ]);
});

test("a comparison shows the marks of each column, by icons and words", async () => {
  const flat = (values) => new DataView(Float32Array.from(values).buffer);
  const numbers = { values: flat([0.1, -0.3, 0.4]), margins: flat([0.01, 0.02, 0.01]), pixels: null };
  const column = {
    said: ["positive", 0.9],
    warning: "",
    subject: 0,
    keys: [2, 1, 0],
    scale: 0.4,
    signed: true,
  };
  const columns = [[[1, NOT]], undefined].map((marks, i) => ({
    ...column,
    ...numbers,
    name: `${i}`,
    own: false,
    marks,
  }));
  const agreement = {
    space: "probability",
    one_output: true,
    shared: true,
    features: ["good", "very", "so"],
    pairs: [],
  };
  const model = new StandInModel({ subjects: [textSubject("so very good")], columns, agreement });
  const el = document.body.appendChild(document.createElement("div"));
  ends.push(compare.render({ model, el }));
  const [first, second] = all(el, ".ll-column");
  expect(first.querySelector(".ll-token[data-key='1'] > .ll-objection")).not.toBe(null);
  expect(first.querySelector(".ll-token[data-key='1']").title).toMatch(/0\.020; should not matter$/);
  expect(first.querySelector(".ll-feedback").textContent.replace(/[\u2068\u2069]/g, "")).toBe(
    "should not matter: very (38 % of the attribution)",
  );
  expect(all(second, ".ll-objection, .ll-feedback")).toEqual([]);
});

test("in Chinese all of it is Chinese", async () => {
  const { el } = await show(textSubject("1 2 3"), { marks: [[1, NOT]], language: "zh" });
  el.querySelector(".ll-token").click();
  await pause(30);
  expect(el.querySelector(".ll-marking").textContent).toMatch(/不应有影响：.*（占归因的 \d+%）/);
  expect(el.querySelector(".ll-marking").textContent.replace(/Alt\+[NM]/g, "")).not.toMatch(/[a-z]{2,}/i);
});
