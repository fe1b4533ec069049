// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { isOverviewMessage, overviewDamageOf } from "../../js/lib/damaged_overview.js";
import { HARMLESS, SHORT } from "./hostile.js";
import { all, overviewTraits, pause, show, until } from "./overview_page.js";
import { corpusTraits } from "./overviews.js";
import { eachOnItsOwnPage } from "./page.js";

const f32 = (values) => new DataView(Float32Array.from(values).buffer);
const _u32 = (values) => new DataView(Uint32Array.from(values).buffer);

eachOnItsOwnPage();

describe("damaged data", () => {
  const damage = (traits) => overviewDamageOf((name) => traits[name]);
  const whole = overviewTraits({ dense: 900 });

  test("are found, and whole ones are not", () => {
    expect(damage(whole)).toBe("");
    expect(damage(corpusTraits())).toBe("");
  });

  test.each([
    ["subject.features", { subject: { ...whole.subject, features: [] } }],
    ["subject.columns", { subject: { ...whole.subject, columns: [] } }],
    [
      "subject.columns[0].kind",
      { subject: { ...whole.subject, columns: whole.subject.columns.map(() => ({ kind: "x" })) } },
    ],
    ["outputs.target", { outputs: { ...whole.outputs, target: 2 } }],
    ["points.rows", { points: { ...whole.points, rows: new DataView(new ArrayBuffer(3)) } }],
    ["points.values", { points: { ...whole.points, values: f32([1]) } }],
    ["points.truths", { points: { ...whole.points, truths: ["a"] } }],
    ["points.sampled", { points: { ...whole.points, sampled: 401 } }],
    [
      "points.notable.wrong[0]",
      { points: { ...whole.points, notable: { ...whole.points.notable, wrong: ["<b>"] } } },
    ],
    ["density.strips", { density: { ...whole.density, strips: f32([1]) } }],
    [
      "density.planes[1].counts",
      {
        density: {
          ...whole.density,
          planes: whole.density.planes.map((p) => p && { ...p, counts: f32([]) }),
        },
      },
    ],
    ["measures.known", { measures: { known: [], offers: [] } }],
    [
      "measures.known[0].low",
      { measures: { ...whole.measures, known: [{ ...whole.measures.known[0], low: f32([1]) }] } },
    ],
    ["curves.9", { curves: { 9: whole.curves[2] } }],
    ["curves.2", { curves: { 2: { ...whole.curves[2], ice: f32([1, 2, 3]) } } }],
    ["partners[0]", { partners: Array(7).fill(7) }],
    [
      "settings.cohort.axis",
      { settings: { ...whole.settings, cohort: { feature: 0, axis: "x", low: 0, high: 1 } } },
    ],
    ["texts[0].pieces[0][1]", { texts: [{ ...corpusTraits().texts[0], pieces: [["a", 99]] }] }],
  ])("are told where: %s", (where, more) => {
    expect(damage({ ...whole, ...more })).toBe(where);
  });

  test("are said to be damaged, and nothing is drawn", () => {
    const { el } = show({ ...whole, points: {} });
    expect(el.querySelector("[role=alert]").textContent).toContain("(points.rows)");
    expect(el.querySelector(".ll-strip")).toBe(null);
  });

  test.each([
    [
      true,
      { type: "row", row: 1, prediction: 0, base: 0, truth: "", cells: Array(7).fill("") },
      [f32(Array(7)), f32([])],
    ],
    [true, { type: "row", explained: false }, []],
    [true, { type: "measure", error: "no" }, []],
    [true, { type: "measure", name: "sage", done: 0.4 }, []],
    [false, { type: "measure", name: "sage", done: 4 }, []],
    [true, { type: "row", row: 4, explained: false }, []],
    [false, { type: "row", row: "4", explained: false }, []],
    [
      false,
      {
        ...{ type: "row", row: 1, prediction: 0, base: 0, truth: "", cells: Array(7).fill("") },
        subject: { width: 2, height: 2 },
      },
      [f32(Array(7)), f32([]), f32([1]), f32([1])],
    ],
    [false, { type: "measure", error: 4 }, []],
    [
      false,
      { type: "row", row: 1, prediction: 0, base: 0, truth: "", cells: [""] },
      [f32(Array(7)), f32([])],
    ],
    [
      false,
      { type: "row", row: 1, prediction: 0, base: 0, truth: "", cells: Array(7).fill("") },
      [f32([1]), f32([])],
    ],
    [true, { type: "cohort", n: [1, 2], predictions: [null, 1] }, Array(4).fill(f32(Array(7)))],
    [false, { type: "cohort", n: [1, -2], predictions: [null, 1] }, Array(4).fill(f32(Array(7)))],
    [false, { type: "cohort", n: [1, 2], predictions: [null, 1] }, [f32([])]],
    [false, { type: "constructor" }, []],
    [false, null, []],
  ])("in a message: %s", (expected, content, buffers) => {
    expect(isOverviewMessage(content, buffers, whole.subject)).toBe(expected);
  });
});

test.each(["en", "zh"])("texts that mean harm are text (%s)", async (language) => {
  const skeleton = (el) => new Set(all(el, "*").flatMap((one) => [one.tagName, ...one.getAttributeNames()]));
  const drawn = async (texts) => {
    const names = texts.slice(0, 30);
    const traits = overviewTraits({
      names,
      model: texts[0],
      hard: texts[1],
      look: { language, theme: "auto" },
    });
    traits.measures.known[0].said = texts[2];
    traits.points.truths = traits.points.truths.map((_, i) => texts[i % texts.length]);
    const { el } = show(traits);
    all(el, ".ll-ranking .ll-lead")[0].click();
    for (const button of all(el, ".ll-measures button, .ll-tools button, .ll-ranking .ll-methods button"))
      button.click();
    for (const one of all(el, ".ll-lead").slice(0, 12)) one.dispatchEvent(new Event("focus"));
    await pause();
    return el;
  };
  const faults = [];
  const note = (event) => faults.push(String(event.error));
  window.addEventListener("error", note);
  const [el, plain] = [await drawn(SHORT), await drawn(HARMLESS)];
  await until(() => {
    const known = new Set([...skeleton(plain), "hidden", "data-lit", "aria-disabled"]);
    expect([...skeleton(el)].filter((name) => !known.has(name))).toEqual([]);
  });
  window.removeEventListener("error", note);
  expect(globalThis.hacked).toBeUndefined();
  expect(faults).toEqual([]);
});
