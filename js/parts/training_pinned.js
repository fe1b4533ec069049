/** One pinned example at the chosen record, in the colours of what counted there or of what has changed. */
import { attr, h, hide, say } from "../lib/dom.js";
import { among } from "../lib/numbers.js";
import { isolated, largest, prediction, shortened } from "../lib/scale.js";
import { moved } from "../lib/timeline.js";
import { bars } from "./training_bars.js";
import { choice } from "./training_drift.js";
import { picture } from "./training_picture.js";
import { text } from "./training_text.js";

/**
 * @typedef {import("../lib/training.js").Training} Training
 * @typedef {{values: Float32Array, most: number, signed: boolean, what: string}} Shown values, what the strongest colour
 *   stands for, and what they are, in words
 * @typedef {{el: HTMLElement, draw: (shown: Shown) => void}} Body
 */

const LONGEST = 32;

/** @param {Training} store */
export function pinned(store) {
  const { training: words } = store.words;
  const bodies = h("div", { class: "ll-pinned-body" });
  const [place, output, verdict, scale] = [
    h("b"),
    chip(),
    h("p", { class: "ll-hint" }),
    h("p", { class: "ll-hint" }),
  ];
  const [back, on] = [turner(store, -1, words.back, "\u2039"), turner(store, 1, words.on, "\u203a")];
  const shown = choice(store, words.shown, "values", { values: words.values, change: words.changes });
  const el = h(
    "div",
    { class: "ll-pinned", role: "group", "aria-label": words.pinned },
    h("div", { class: "ll-pinned-head" }, back, place, on, output.el, shown),
    verdict,
    bodies,
    scale,
  );
  hide(back, store.subjects.length < 2);
  hide(on, store.subjects.length < 2);
  let drawn = -1;
  /** @type {Body[]} */
  let parts = [];
  const draw = () => {
    const { example } = store.settings;
    if (drawn !== example) {
      parts = body(store, example);
      bodies.replaceChildren(...parts.map(({ el }) => el));
      attr(bodies, "data-kind", store.subjects[example].kind);
      drawn = example;
    }
    const change = store.settings.values === "change";
    const most = reach(store);
    const what = change ? words.changes : words.values;
    const missing = store.shown().some(Number.isNaN);
    el.toggleAttribute("data-missing", missing);
    hide(scale, missing);
    const values = missing ? new Float32Array(store.shown().length) : store.shown();
    for (const part of parts) part.draw({ values, most, signed: change || store.about.signed, what });
    say(place, words.place(example + 1, store.subjects.length));
    output.draw(store);
    say(verdict, verdictOf(store));
    el.toggleAttribute("data-sizes", !change && !store.about.signed);
    const sign = change || store.about.signed ? "\u00b1" : "";
    say(scale, words.scale(`${sign}${among(most, most, false)}`, change));
  };
  store.on(["records", "example"], draw);
  draw();
  return el;
}

/** @param {Training} store @param {number} by @param {string} label @param {string} sign */
function turner(store, by, label, sign) {
  const onclick = () => {
    store.turn(by);
    const { example } = store.settings;
    store.say(`${store.words.training.place(example + 1, store.subjects.length)}: ${verdictOf(store)}`);
  };
  return h("button", {
    type: "button",
    class: "ll-turn",
    "aria-label": label,
    title: label,
    text: sign,
    onclick,
  });
}

/** The output that is explained, and what the model says of it. */
function chip() {
  const [name, value] = [h("span", { class: "ll-chip-name", dir: "auto", lang: "" }), h("b")];
  const el = h("span", { class: "ll-chip" }, name, value);
  return {
    el,
    /** @param {Training} store */
    draw: (store) => {
      const { example } = store.settings;
      const { names, space, target } = store.about.outputs[example];
      say(name, shortened(String(names[target]), LONGEST));
      attr(name, "title", String(names[target]));
      say(value, prediction(store.data.predictions[example][store.at], space));
    },
  };
}

/**
 * What it is drawn by: a text or picture, and bars.
 *
 * @param {Training} store
 * @param {number} example
 * @returns {Body[]}
 */
function body(store, example) {
  const subject = store.subjects[example];
  const told = bars(store, subject, example);
  if (subject.kind === "text") return [text(store, subject), told];
  return subject.kind === "image" ? [picture(store, subject), told] : [told];
}

/** The largest value, or change, of the example at any record. @param {Training} store */
function reach(store) {
  let most = 0;
  for (let i = 0; i < store.data.steps.length; i++) most = Math.max(most, largest(store.shown(i)) || 0);
  return most;
}

/** What is predicted, and how that and its evidence are to what it is held against. @param {Training} store */
function verdictOf(store) {
  const { training: words, percent } = store.words;
  const { example } = store.settings;
  const { names, space } = store.about.outputs[example];
  /** @param {number} at */
  const predicted = (at) => store.data.predicted[example][at];
  if (!store.known(example, store.at)) return words.missing(store.step);
  const now = predicted(store.at);
  const one = names.length === 1;
  const number = one && space === "value";
  const output = number
    ? prediction(store.data.predictions[example][store.at], space)
    : one
      ? words.above(now === 1, space === "probability")
      : isolated(shortened(String(names[now] ?? ""), LONGEST));
  if (store.other < 0) return words.predicted(output);
  if (!store.known(example, store.other)) return words.alone(output, store.data.steps[store.other]);
  const share = moved(store.values(example, store.other), store.values(example, store.at));
  const [elsewhere, step] = [percent((100 * share).toFixed(0)), store.data.steps[store.other]];
  if (number) {
    const before = prediction(store.data.predictions[example][store.other], space);
    return words.number(output, before, step, elsewhere);
  }
  return words.verdict(output, predicted(store.other) === now, step, elsewhere);
}
