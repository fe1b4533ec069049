/** The lane of drift: how far explanations have moved, above what noise would do. */
import { attr, explain, h, svg } from "../lib/dom.js";
import { said } from "../lib/numbers.js";
import { anyKnown, area, begun, dots, ends, line } from "../lib/timeline.js";
import { entry, lane, listen, piece } from "./training_lane.js";

/** @typedef {import("../lib/training.js").Training} Training */

/** @param {Training} store */
export function drift(store) {
  const { training: words } = store.words;
  const select = measures(store);
  const against = choice(store, words.against, "against", { first: words.first, previous: words.previous });
  const what = { name: "drift", title: words.drift, about: words.aboutDrift, controls: [select, against] };
  const one = lane(store, what);
  const draw = () => {
    const { measure, values, floors } = store.drift;
    if (select.value !== measure) select.value = measure;
    const lines = [begun(values, store.settings.against === "first"), begun(floors, false)];
    const range = ends(lines, true);
    one.draw(shapes(lines, range, store), told(store));
    const known = anyKnown(lines);
    one.extent(known ? said(range[1]) : "", known ? "0" : "");
  };
  const mark = () => {
    one.mark();
    one.key.replaceChildren(...keyed(store));
  };
  store.on(["step"], draw); // it may be held against another, or by another measure
  listen(store, draw, mark);
  return one.el;
}

/** @param {Training} store */
function measures(store) {
  const { training: words } = store.words;
  const select = h("select", {
    "aria-label": words.measure,
    onchange: () => store.choose({ measure: select.value }),
  });
  for (const { measure } of store.data.drifts.first)
    select.append(h("option", { value: measure, text: words.measures[measure] ?? measure }));
  return select;
}

/** @param {Float32Array[]} lines of the drift and of its floor @param {[number, number]} range @param {Training} store */
function shapes([values, floors], range, store) {
  const { steps, span } = store.data;
  const ground = floors.map((floor) => (Number.isFinite(floor) ? 0 : Number.NaN));
  const kind = store.settings.against;
  return [
    svg("path", { d: area(steps, ground, floors, span, range), class: "ll-floor" }),
    svg("path", { d: line(steps, floors, span, range), "data-line": "floor" }),
    svg("path", { d: line(steps, values, span, range), "data-line": kind }),
    svg("path", { d: dots(steps, values, span, range), "data-line": kind, "data-dots": true }),
  ];
}

/** The whole lane in words. @param {Training} store */
function told(store) {
  const { training: words } = store.words;
  const { measure, values, floors } = store.drift;
  const [first, last, floor] = [values[1], values[values.length - 1], floors[floors.length - 1]].map(said);
  return words.moved(words.measures[measure] ?? measure, store.settings.against, first, last, floor);
}

/** @param {Training} store */
function keyed(store) {
  const { training: words } = store.words;
  const { values, floors, measure } = store.drift;
  const { against } = store.settings;
  const name = words.measures[measure] ?? measure;
  const swatch = h("span", { class: "ll-swatch", "data-floor": true, "aria-hidden": "true" });
  const floor = entry(swatch, words.floor, said(floors[store.at]));
  explain(floor, words.floor, words.aboutFloor);
  return [
    entry(piece(against), name, said(values[store.at]), words.since(against)),
    floor,
    h("li", { class: "ll-verdict", text: verdictOf(store) }),
  ];
}

/** @param {Training} store */
export function verdictOf(store) {
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
