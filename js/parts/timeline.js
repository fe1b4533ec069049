/** Metrics, evidence and drift on one axis of steps, and the slider that goes through the records. */
import { attr, h, hide, say } from "../lib/dom.js";
import { across, nearest } from "../lib/timeline.js";
import { drift, verdictOf } from "./training_drift.js";
import { evidence } from "./training_evidence.js";
import { metrics } from "./training_metrics.js";

/** @typedef {import("../lib/training.js").Training} Training */

/** @type {Record<string, number>} */
const WAYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

/** @param {Training} store */
export function timeline(store) {
  const el = h("div", { class: "ll-timeline", role: "group", "aria-label": store.words.training.timeline });
  el.append(metrics(store), evidence(store), drift(store), scrubber(store));
  return el;
}

/** @param {Training} store */
function scrubber(store) {
  const { training: words } = store.words;
  const input = slider(store);
  const reading = h("b");
  const latest = h("button", {
    type: "button",
    class: "ll-link",
    text: words.latest,
    title: words.aboutLatest,
    onclick: () => store.choose({ step: null }),
  });
  const mark = () => {
    const [from, to] = store.data.span;
    attr(input, "min", from);
    attr(input, "max", to);
    input.value = String(store.step);
    input.style.setProperty("--ll-to", String(across(store.step, store.data.span) / 100));
    say(reading, words.stepOf(store.step, to));
    attr(input, "aria-valuetext", words.chosen(store.step, verdictOf(store)));
    hide(latest, store.at === store.data.steps.length - 1);
  };
  store.on(["records", "step"], mark);
  mark();
  const told = h("span", { class: "ll-at" }, reading, latest);
  return h("div", { class: "ll-course", "data-lane": "steps" }, h("div", { class: "ll-plot" }, input), told);
}

/** It stops at records only, whichever way it is moved. @param {Training} store */
function slider(store) {
  const input = h("input", { type: "range", step: "any", "aria-label": store.words.training.slider });
  input.addEventListener("input", () => store.go(nearest(store.data.steps, input.valueAsNumber)));
  input.addEventListener("keydown", (event) => {
    const last = store.data.steps.length - 1;
    const ends = /** @type {Record<string, number>} */ ({ Home: 0, End: last });
    const place = ends[event.key] ?? store.at + WAYS[event.key];
    if (Number.isNaN(place)) return;
    event.preventDefault();
    store.go(place);
  });
  return input;
}
