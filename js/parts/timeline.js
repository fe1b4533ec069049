/** Metrics, evidence and drift on one axis of steps, and the slider that goes through the records. */
import { attr, explain, h, hide, say, svg } from "../lib/dom.js";
import { decimals, fixed, isolated, shortened } from "../lib/scale.js";
import { across, area, ends, line, nearest, scales, stacked, thickest, valueAt } from "../lib/timeline.js";
import { entry, lane, piece } from "./training_lane.js";

/** @typedef {import("../lib/training.js").Training} Training */

const [LONGEST, IN_BAND] = [40, 18];
/** Of a lane's height: a band that is thinner holds no name. */
const THICK = 15;
/** Kinds of dashes in training.css. */
const DASHES = 4;
/** @type {Record<string, number>} */
const WAYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

/** @param {Training} store */
export function timeline(store) {
  const el = h("div", { class: "ll-timeline", role: "group", "aria-label": store.words.training.timeline });
  el.append(metrics(store), evidence(store), drift(store), scrubber(store));
  return el;
}

/** @param {Training} store @param {() => void} draw @param {() => void} mark */
function listen(store, draw, mark) {
  const all = () => {
    draw();
    mark();
  };
  store.on(["records"], all);
  store.on(["step"], mark);
  all();
}

/** As many digits as tell a number. @param {number} value */
const said = (value) => fixed(value, Math.min(4, Math.max(2, decimals(Math.abs(value)))));
/** @param {number} share @param {Training} store */
const percent = (share, { words }) =>
  Number.isFinite(share) ? words.percent((100 * share).toFixed(share < 0.0995 ? 1 : 0)) : "\u2013";

/** @param {Training} store */
function metrics(store) {
  const { training: words } = store.words;
  const one = lane(store, { name: "metrics", title: words.metrics, about: words.aboutRange });
  /** @type {ReturnType<typeof scales>} */
  let laid = [];
  const draw = () => {
    const { metrics: all, span } = store.data;
    laid = scales(all);
    const lines = all.map(({ steps, values }, i) => {
      const d = line(steps, values, span, laid[i].range);
      return svg("path", {
        d,
        "data-line": laid[i].score ? "score" : "loss",
        "data-dash": laid[i].place % DASHES,
      });
    });
    const told = all.map(({ name, values }) =>
      words.line(isolated(shortened(name, LONGEST)), said(values[0]), said(values[values.length - 1])),
    );
    one.draw(lines, all.length ? words.lines(told) : words.noMetrics);
    const scores = laid.find(({ score }) => score)?.known;
    one.extent(scores ? said(scores[1]) : "", scores ? said(scores[0]) : "");
  };
  const mark = () => {
    one.mark();
    const entries = store.data.metrics.map((metric, i) => {
      const sample = piece(laid[i].score ? "score" : "loss", laid[i].place % DASHES);
      const { score, known } = laid[i];
      const hint = score ? "" : words.range(said(known[0]), said(known[1]));
      return entry(sample, shortened(metric.name, LONGEST), said(valueAt(metric, store.step)), hint);
    });
    one.key.replaceChildren(
      ...(entries.length ? entries : [h("li", { class: "ll-hint", text: words.noMetrics })]),
    );
  };
  listen(store, draw, mark);
  return one.el;
}

/** @param {Training} store */
function evidence(store) {
  const { training: words } = store.words;
  const one = lane(store, { name: "evidence", title: words.evidence, about: words.aboutEvidence });
  const alarmed = () => new Set(store.data.alarms.map(({ feature }) => feature));
  /** @param {number} place @param {number} j */
  const share = (place, j) => store.data.evidence.shares[place * store.data.evidence.names.length + j];
  const draw = () => {
    const { steps, span } = store.data;
    const { names, shares } = store.data.evidence;
    const bands = stacked(shares, names.length);
    const range = /** @type {[number, number]} */ ([
      0,
      Math.min(
        1,
        ends(
          bands.map(({ high }) => high),
          true,
        )[1],
      ),
    ]);
    const marked = alarmed();
    const shapes = bands.map(({ low, high }, j) =>
      svg("path", {
        d: area(steps, low, high, span, range),
        class: "ll-band",
        "data-band": j % 6,
        "data-alarm": marked.has(names[j]),
      }),
    );
    const last = steps.length - 1;
    const told = names.map((name, j) =>
      words.line(
        isolated(shortened(name, LONGEST)),
        percent(share(0, j), store),
        percent(share(last, j), store),
      ),
    );
    one.draw(shapes, words.bands(told));
    one.extent(store.words.percent((100 * range[1]).toFixed(0)), store.words.percent("0"));
    one.inside.replaceChildren(
      ...bands.flatMap((band, j) => {
        const { x, y, thick } = thickest(band, steps, span, range);
        if (thick < THICK) return [];
        const label = h("span", { dir: "auto", lang: "", text: shortened(store.nameOf(names[j]), IN_BAND) });
        [label.style.left, label.style.bottom] = [`${x}%`, `${y}%`];
        attr(label, "data-at", x < 30 ? "start" : x > 60 ? "end" : null);
        return [label];
      }),
    );
  };
  const mark = () => {
    one.mark();
    const marked = alarmed();
    const { names } = store.data.evidence;
    const entries = names.map((name, j) => {
      const sample = h("span", {
        class: "ll-swatch",
        "data-band": j % 6,
        "data-alarm": marked.has(name),
        "aria-hidden": "true",
      });
      return entry(sample, shortened(store.nameOf(name), LONGEST), percent(share(store.at, j), store));
    });
    one.key.replaceChildren(...entries.reverse()); // as they lie, one upon the other
  };
  listen(store, draw, mark);
  return one.el;
}

/** @param {Training} store */
function drift(store) {
  const { training: words } = store.words;
  const select = h("select", { "aria-label": words.measure });
  for (const { measure } of store.data.drifts.first)
    select.append(h("option", { value: measure, text: words.measures[measure] ?? measure }));
  select.addEventListener("change", () => {
    store.choose({ measure: select.value });
    draw();
    mark();
  });
  const against = choice(store, words.against, "against", { first: words.first, previous: words.previous });
  const one = lane(store, {
    name: "drift",
    title: words.drift,
    about: words.aboutDrift,
    controls: [select, against],
  });
  const draw = () => {
    const { steps, span } = store.data;
    const { settings } = store;
    const { values, floors, measure } = store.drift;
    if (select.value !== measure) select.value = measure;
    const range = ends([values, floors], true);
    const ground = floors.map((floor) => (Number.isFinite(floor) ? 0 : Number.NaN));
    one.draw(
      [
        svg("path", { d: area(steps, ground, floors, span, range), class: "ll-floor" }),
        svg("path", { d: line(steps, floors, span, range), "data-line": "floor" }),
        svg("path", { d: line(steps, values, span, range), "data-line": settings.against }),
      ],
      words.moved(
        words.measures[measure] ?? measure,
        settings.against,
        said(values[1]),
        said(values[values.length - 1]),
        said(floors[floors.length - 1]),
      ),
    );
    one.extent(said(range[1]), "0");
  };
  const mark = () => {
    one.mark();
    const { values, floors, measure } = store.drift;
    const [value, floor] = [values[store.at], floors[store.at]];
    const verdict = h("li", { class: "ll-verdict", text: verdictOf(store) });
    const name = words.measures[measure] ?? measure;
    one.key.replaceChildren(
      entry(piece(store.settings.against), name, said(value), words.since(store.settings.against)),
      entry(
        h("span", { class: "ll-swatch", "data-floor": true, "aria-hidden": "true" }),
        words.floor,
        said(floor),
      ),
      verdict,
    );
    explain(one.key.children[1], words.floor, words.aboutFloor);
  };
  store.on(["step"], draw); // it may be held against another
  listen(store, draw, mark);
  return one.el;
}

/** @param {Training} store */
function verdictOf(store) {
  const { training: words } = store.words;
  if (store.at < 1) return words.nothingBefore;
  return store.drift.detectable[store.at] ? words.change : words.noChange;
}

/**
 * Buttons of which one is chosen.
 *
 * @param {Training} store
 * @param {string} label
 * @param {"against" | "values"} name of a setting
 * @param {Record<string, string>} options
 */
export function choice(store, label, name, options) {
  const buttons = Object.entries(options).map(([value, text]) =>
    h("button", {
      type: "button",
      text,
      "data-value": value,
      onclick: () => store.choose(/** @type {any} */ ({ [name]: value })),
    }),
  );
  const draw = () => {
    for (const button of buttons)
      attr(button, "aria-pressed", String(button.dataset.value === store.settings[name]));
  };
  store.on(["step"], draw);
  draw();
  return h("div", { class: "ll-methods", role: "group", "aria-label": label }, ...buttons);
}

/** @param {Training} store */
function scrubber(store) {
  const { training: words } = store.words;
  const input = h("input", { type: "range", step: "any", "aria-label": words.slider });
  const reading = h("b");
  const latest = h("button", {
    type: "button",
    class: "ll-link",
    text: words.latest,
    title: words.aboutLatest,
  });
  latest.addEventListener("click", () => store.choose({ step: null }));
  input.addEventListener("input", () => store.go(nearest(store.data.steps, input.valueAsNumber)));
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    const place =
      key === "Home" ? 0 : key === "End" ? store.data.steps.length - 1 : store.at + (WAYS[key] ?? Number.NaN);
    if (Number.isNaN(place)) return;
    event.preventDefault();
    store.go(place);
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
