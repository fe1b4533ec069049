/** One column's bars: the same features in the same order as in the columns beside it. */

import { amount } from "../lib/comparison.js";
import { attr, h, hide, say } from "../lib/dom.js";
import { roving } from "../lib/roving.js";
import { decimals, layout, shortened, writer } from "../lib/scale.js";
import { tag } from "./flags.js";
import { track } from "./track.js";

/**
 * @typedef {import("../lib/comparison.js").Column} Column
 * @typedef {import("../lib/comparison.js").Spot} Spot
 */

const LONGEST = 60;

/**
 * @param {Column} column
 * @param {Spot} spot
 * @param {string[]} names of the features by key
 * @returns {{el: HTMLElement, draw: (reach: {values: number[], margins: number[]}, shown: number) => void}}
 */
export function bars(column, spot, names) {
  const zero = h("span", { class: "ll-zero", "aria-hidden": "true" });
  const list = h("ol", { class: "ll-bars" });
  const el = h(
    "div",
    { class: "ll-barbox", role: "group", "aria-label": column.words.compare.bars(column.name) },
    h("div", { class: "ll-tracks" }, zero, list),
  );
  /** @type {ReturnType<typeof row>[]} */
  const rows = [];
  roving(list, () => rows.filter(({ el }) => !el.hidden).map(({ button }) => button));
  spot.on(() => {
    for (const one of rows) one.mark(spot);
  });
  return {
    el,
    draw: ({ values, margins }, shown) => {
      while (rows.length < Math.min(shown, names.length)) {
        const made = row(column, rows.length, names[rows.length]);
        made.button.tabIndex = rows.length ? -1 : 0;
        made.mark(spot);
        rows.push(made);
        list.append(made.el);
      }
      const { zero: at, bars: places } = layout(values, margins, column.signed);
      zero.style.setProperty("--ll-at", (at / 100).toFixed(4));
      rows.forEach((one, key) => {
        hide(one.el, key >= shown);
        if (places[key]) one.track.draw(places[key]);
      });
    },
  };
}

/**
 * @param {Column} column
 * @param {number} key
 * @param {string} name
 */
function row(column, key, name) {
  const feature = column.features.get(key);
  const place = track();
  const known = feature !== undefined;
  const said = known ? amount(column, feature) : column.words.compare.absent;
  const value = known ? column.values[feature] : 0;
  const number = h("span", { class: "ll-number", title: said });
  say(number, known ? writer(column)(value, decimals(column.scale)) : "\u2013");
  const label = h("span", {
    class: "ll-label",
    dir: "auto",
    lang: "",
    title: name,
    text: shortened(name, LONGEST),
  });
  const mark = tag(column.words.marks);
  mark.draw(known ? column.marks.get(feature) : undefined);
  const button = h(
    "button",
    {
      type: "button",
      class: "ll-row",
      "aria-pressed": "false",
      "aria-description": said,
      "data-key": key,
    },
    h("span", { class: "ll-lead" }, mark.el, label),
    place.el,
    number,
  );
  const el = h("li", { "data-sign": value < 0 ? "against" : "for", "data-out": !known }, button);
  return {
    el,
    button,
    track: place,
    /** @param {Spot} spot */
    mark: (spot) => {
      el.toggleAttribute("data-lit", spot.key === key);
      attr(button, "aria-pressed", String(spot.pinned === key));
    },
  };
}

/**
 * What one column's bars are laid out on: its own, and those of the columns that share its scale.
 *
 * @param {Column} column
 * @param {Column[]} beside
 * @param {number} shown
 * @returns {{values: number[], margins: number[]}} its own bars first, key by key
 */
export function reach(column, beside, shown) {
  const all = [column, ...beside].flatMap(({ features, values, margins }) =>
    Array.from({ length: shown }, (_, key) => {
      const feature = features.get(key);
      return feature === undefined ? [0, 0] : [values[feature], margins[feature]];
    }),
  );
  return { values: all.map(([value]) => value), margins: all.map(([, margin]) => margin) };
}
