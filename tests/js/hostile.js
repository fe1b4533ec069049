/** Texts that mean harm, and views that are full of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MARKS } from "../../js/lib/marks.js";
import { imageSubject, tableSubject, textSubject } from "./fixtures.js";
import { FakeKernel, PLAIN, StandInModel, traits } from "./host.js";
import { softmaxGame, someCount } from "./models.js";

const read = JSON.parse(readFileSync(join(import.meta.dirname, "../golden/hostile.json"), "utf8"));
const whole = (text) => (typeof text === "string" ? text : text[0].repeat(text[1]));

/** What they try: the text. */
export const TEXTS = Object.fromEntries(Object.entries(read).map(([name, text]) => [name, whole(text)]));
export const SHORT = Object.values(TEXTS).filter((text) => text.length < 1000);
export const LONG = Object.values(TEXTS).filter((text) => text.length >= 1000);
/** Nothing that a browser would do anything with. */
export const HARMLESS = SHORT.map((_, i) => `word${i}`);

const float32 = (values) => new DataView(Float32Array.from(values).buffer);

/** A text, a row or a picture whose names, values, notes and model are these texts. */
export function subjectOf(kind, texts) {
  const more = { model: texts[0], notes: [...texts] };
  const features = [...texts];
  if (kind === "text") {
    const pieces = texts.flatMap((text, i) => [
      [text, i],
      [texts[texts.length - 1 - i], -1],
    ]);
    return { ...textSubject("a"), ...more, features, pieces };
  }
  if (kind === "table") {
    const kinds = ["number", "category", "text", "group", "fixed"];
    const columns = texts.map((value, i) => {
      const one = kinds[i % kinds.length];
      return { value, kind: one, categories: one === "category" ? [...texts] : null };
    });
    return { ...tableSubject(), ...more, features, columns };
  }
  const cells = Math.ceil(Math.sqrt(texts.length));
  const { features: segments, ...rest } = imageSubject({ width: 60, height: 60, cells });
  return { ...rest, ...more, features: segments.map((name, i) => texts[i] ?? name) };
}

/** Every feature is marked, one way or the other. */
const marksOf = (d) => Array.from({ length: d }, (_, i) => [i, MARKS[i % 2]]);

/** The traits of a view in which all that can be named is named by these texts. */
export function stateOf(kind, texts, { look = { language: "en", theme: "light" }, status, n = 120 } = {}) {
  const subject = subjectOf(kind, texts);
  const d = subject.features.length;
  const k = 3;
  const names = [0, 1, 2].map((i) => texts[(7 * i) % texts.length]);
  const kernel = new FakeKernel({ game: softmaxGame(someCount(d), k), d, k, limit: 2 * n, delay: 1 }).run(n);
  [kernel.state, kernel.message] = ["stopped", texts[3 % texts.length]];
  const state = { ...traits(kernel, { subject, names }), marks: marksOf(d) };
  const label = (i) => texts[i % texts.length];
  const others = texts.map((name, i) => ({
    name,
    label: label(i + 1),
    available: i % 3 > 0,
    reason: label(i + 2),
    reads: i % 2 > 0,
  }));
  const last = texts.length > 1 ? others[1].name : "one";
  const estimate = {
    ...PLAIN,
    method: last,
    kernel_width: null,
    n,
    dof: 10,
    exact: false,
    warning: texts[2 % texts.length],
    values: float32(Array.from({ length: d * k }, (_, i) => Math.sin(i))),
    std_error: float32(Array(d * k).fill(0.1)),
    fidelity: [0.5, null, -1],
    effective_samples: 10,
  };
  const known = new Set(["lime", "shapley", "banzhaf", "occlusion"]);
  const methods = [...state.answers.methods, ...others.filter(({ name }) => !known.has(name))];
  const outputs = Object.fromEntries([
    ["neighborhood", state.outputs],
    ...texts.map((name) => [name, state.outputs]),
  ]);
  Object.assign(state.answers, { methods, outputs, estimates: [estimate], links: null });
  if (kind !== "image") state.answers.links = [[[0, Math.min(1, d - 1), 0.5, 0.1]], [], []];
  Object.assign(state.status, status);
  return { state: { ...state, look }, kernel };
}

/** A comparison of two explanations, named by these texts. */
export function comparisonOf(kind, texts, look = { language: "en", theme: "light" }) {
  const subject = subjectOf(kind, texts);
  const d = subject.features.length;
  const columns = [0, 1].map((i) => ({
    name: texts[i % texts.length],
    said: [texts[(i + 2) % texts.length], 0.5],
    warning: texts[(i + 4) % texts.length],
    subject: 0,
    keys: Array.from({ length: d }, (_, j) => j),
    scale: 1,
    signed: true,
    own: i > 0,
    pixels: null,
    values: float32(Array.from({ length: d }, (_, j) => Math.sin(j + 2 * i))),
    margins: float32(Array(d).fill(0.1)),
    marks: marksOf(d),
  }));
  const pair = {
    first: columns[0].name,
    second: columns[1].name,
    common: d,
    of: d,
    few: false,
    rank: 0.5,
    top: 5,
    shared: 2,
    disagree: Array.from({ length: d }, (_, j) => j),
  };
  const agreement = {
    space: "value",
    one_output: true,
    shared: false,
    features: subject.features,
    pairs: [pair],
  };
  return { subjects: [subject], columns, agreement, look };
}

/** Draw it as a host does; null where nothing is to begin. */
export function draw(view, state, kernel = null) {
  const model = new StandInModel(state, kernel);
  const el = document.body.appendChild(document.createElement("div"));
  const stop = view.initialize?.({ model }) ?? (() => {});
  const end = view.render({ model, el });
  return {
    el,
    model,
    end: () => {
      end();
      stop();
    },
  };
}

/** Do with a view what a reader does. */
export function use(el) {
  const all = (selector) => [...el.querySelectorAll(selector)];
  const tell = (one, ...types) => {
    for (const type of types) one.dispatchEvent(new Event(type, { bubbles: true }));
  };
  for (let i = 0; i < 4; i++) for (const more of all(".ll-more:not([hidden])")) more.click();
  for (const one of all(".ll-chip, .ll-all, .ll-offer, .ll-methods button").slice(0, 60)) one.click();
  for (const one of all(".ll-token, .ll-row, .ll-pairs li").slice(0, 40)) tell(one, "pointerover", "focusin");
  for (const one of all(".ll-token, button.ll-row, .ll-apart").slice(0, 20)) one.click();
  for (const one of all(".ll-bars li")) tell(one, "pointerenter");
  for (const one of all("input, select").slice(0, 30)) tell(one, "input", "change");
  for (const one of all(".ll-picture")) tell(one, "pointermove", "click", "pointerleave");
  for (const one of all(".ll-buttons button")) one.click();
}
