/** The lane of metrics: shares such as accuracy on one scale, each loss on its own. */
import { h, svg } from "../lib/dom.js";
import { apart, said } from "../lib/numbers.js";
import { isolated, shortened } from "../lib/scale.js";
import { anyKnown, dots, line, lostAt, scales, valueAt } from "../lib/timeline.js";
import { entry, lane, listen, piece } from "./training_lane.js";

/**
 * @typedef {import("../lib/training.js").Training} Training
 * @typedef {import("../lib/timeline.js").Metric} Metric
 * @typedef {ReturnType<typeof scales>[number]} Scale
 */

const LONGEST = 40;
/** Kinds of dashes in timeline.css. */
const DASHES = 4;

/** @param {Training} store */
export function metrics(store) {
  const { training: words } = store.words;
  const one = lane(store, { name: "metrics", title: words.metrics, about: words.aboutRange });
  const draw = () => {
    const all = store.data.metrics;
    const laid = scales(all);
    one.draw(
      all.flatMap((metric, i) => shapes(metric, laid[i], store)),
      all.length ? words.lines(all.map((metric) => told(metric, store))) : without(store),
    );
    const shares = laid.filter(({ score }, i) => score && anyKnown([all[i].values]));
    const [low = "", high = ""] = shares.length ? apart(shares[0].ticks) : [];
    one.extent(high || low, high && low);
  };
  const mark = () => {
    one.mark();
    const laid = scales(store.data.metrics);
    const entries = store.data.metrics.map((metric, i) => keyed(metric, laid[i], store));
    const none = h("li", { class: "ll-hint", text: without(store) });
    one.key.replaceChildren(...(entries.length ? entries : [none]));
  };
  listen(store, draw, mark);
  store.on(["status"], mark);
  return one.el;
}

/** How to tell of metrics is for who trains, and not for who reads of a training that is over. @param {Training} store */
const without = (store) =>
  ["running", "waiting"].includes(store.state)
    ? store.words.training.noMetrics
    : store.words.training.noneTold;

/** @param {Metric} metric @param {Scale} scale @param {Training} store */
function shapes({ steps, values }, { range, score, place }, store) {
  const kind = score ? "score" : "loss";
  return [
    svg("path", {
      d: line(steps, values, store.data.span, range),
      "data-line": kind,
      "data-dash": place % DASHES,
    }),
    svg("path", { d: dots(steps, values, store.data.span, range), "data-line": kind, "data-dots": true }),
  ];
}

/** From its first to its last value. @param {Metric} metric @param {Training} store */
const told = ({ name, values }, { words }) =>
  words.training.line(isolated(shortened(name, LONGEST)), said(values[0]), said(values[values.length - 1]));

/** @param {Metric} metric @param {Scale} scale @param {Training} store */
function keyed(metric, { score, place, known }, store) {
  const { training: words } = store.words;
  const sample = piece(score ? "score" : "loss", place % DASHES);
  const [low, high] = score || !anyKnown([metric.values]) ? [] : apart(known);
  const lost = lostAt(metric, store.step);
  const hint = lost === null ? (high ? words.range(low, high) : "") : words.lost(lost);
  return entry(sample, shortened(metric.name, LONGEST), said(valueAt(metric, store.step)), hint);
}
