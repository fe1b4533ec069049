/** How far the columns agree, and what one colour stands for. */
import { disagreements, figures, scaleText } from "../lib/comparison.js";
import { h } from "../lib/dom.js";
import { shortened } from "../lib/scale.js";

const MOST = 6;
/** @type {Record<string, string>} */
const UNITS = { text: "words", image: "segments", table: "features" };

/**
 * @param {import("../lib/comparison.js").Agreement} agreement
 * @param {import("../lib/comparison.js").Column[]} columns
 * @param {import("../lib/comparison.js").Spot} spot
 */
export function agreementOf(agreement, columns, spot) {
  const legend = h("span", { class: "ll-legend" });
  if (agreement.shared) legend.append(h("i", { class: "ll-ramp", "aria-hidden": "true" }));
  legend.append(scaleText(agreement, columns));
  const told = figures(agreement, UNITS[columns[0].subject.kind]);
  const none = told.length
    ? []
    : [h("span", { text: "no feature in common: nothing to hold against another" })];
  return h("footer", { class: "ll-foot" }, ...told.map(figure), ...none, disagree(agreement, spot), legend);
}

/** @param {{label: string, title: string, parts: {text: string, title: string}[]}} figure */
function figure({ label, title, parts }) {
  const el = h("span", { class: "ll-figure" }, h("span", { title, text: label }));
  for (const [i, part] of parts.entries())
    el.append(
      i ? " \u00b7 " : " ",
      h("span", { class: "ll-voice", text: `${part.title} ` }),
      h("b", { title: part.title, text: part.text }),
    );
  return el;
}

/**
 * Features of different signs, which light up when pressed.
 *
 * @param {import("../lib/comparison.js").Agreement} agreement
 * @param {import("../lib/comparison.js").Spot} spot
 */
function disagree(agreement, spot) {
  const found = disagreements(agreement);
  if (!found.length) return null;
  const el = h(
    "span",
    { class: "ll-figure", "data-warn": true },
    agreement.one_output ? "they disagree on " : "signs differ on ",
  );
  found.slice(0, MOST).forEach(({ key, title }, i) => {
    const light = () => spot.light(key);
    const button = h("button", {
      type: "button",
      class: "ll-apart",
      title: `different signs: ${title}`,
      "data-key": key,
      onpointerenter: light,
      text: shortened(agreement.features[key], 32),
    });
    el.append(i ? ", " : "", button);
  });
  if (found.length > MOST) el.append(` and ${found.length - MOST} more`);
  return el;
}
