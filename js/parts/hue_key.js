/** What the colours of points tell: from low to high, or which category. */
import { h } from "../lib/dom.js";
import { frequent } from "../lib/points.js";
import { shortened } from "../lib/scale.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

const LONGEST = 24;

/** @param {typeof import("../lib/words/overview_en.js").en} words */
export const ramp = (words) =>
  h(
    "span",
    { class: "ll-lowhigh" },
    words.low,
    h("i", { class: "ll-ramp", "aria-hidden": "true" }),
    words.high,
  );

/** That categories have colours, too, and no order. @param {typeof import("../lib/words/overview_en.js").en} words */
export const hues = (words) =>
  h("span", { class: "ll-lowhigh" }, ...[0, 1, 2].map((hue) => swatch(hue)), words.unordered);

/** What the colours are of points that have those of one feature. @param {Overview} store @param {number} feature */
export function keyOf(store, feature) {
  const { overview: words } = store.words;
  const name = h("b", { class: "ll-name", text: store.named(feature) });
  const { names } = store.subject.columns[feature];
  if (!names) return [name, ramp(words)];
  const { data, hues: known } = store.data.lane(feature);
  const items = frequent(data).map((code, hue) =>
    h("span", { class: "ll-lowhigh" }, swatch(hue), shortened(store.data.cell(feature, code), LONGEST)),
  );
  const rest = known?.includes(-1) ? [h("span", { class: "ll-lowhigh" }, swatch(-1), words.otherValues)] : [];
  return [name, ...items, ...rest];
}

/** @param {number} hue its place among the colours; -1: that of all others */
function swatch(hue) {
  const el = h("i", { class: "ll-swatch", "aria-hidden": "true" });
  el.style.background = hue < 0 ? "var(--ll-size)" : `var(--ll-hue-${hue + 1})`;
  return el;
}
