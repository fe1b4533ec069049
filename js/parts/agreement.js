/** How far the columns agree, and what one colour stands for. */
import { disagreements, figures, scaleText } from "../lib/comparison.js";
import { explain, h } from "../lib/dom.js";
import { shortened } from "../lib/scale.js";

const MOST = 6;

/**
 * @param {import("../lib/comparison.js").Agreement} agreement
 * @param {import("../lib/comparison.js").Column[]} columns
 * @param {import("../lib/comparison.js").Spot} spot
 */
export function agreementOf(agreement, columns, spot) {
  const legend = h("span", { class: "ll-legend" });
  if (agreement.shared) legend.append(...ramp(columns[0]));
  legend.append(h("span", { text: scaleText(agreement, columns) }));
  const { subject, words } = columns[0];
  const told = figures(agreement, subject.kind, words.compare);
  const none = told.length ? [] : [h("span", { text: words.compare.nothing })];
  const apart = disagree(agreement, spot, words.compare);
  return h(
    "footer",
    { class: "ll-foot" },
    ...told.map((one) => figure(one, words.compare.between)),
    ...none,
    apart,
    legend,
  );
}

/** @param {import("../lib/comparison.js").Column} column */
function ramp({ signed }) {
  const colours = h("i", { class: "ll-ramp", "aria-hidden": "true", "data-sizes": !signed });
  return signed ? ["\u2212", colours, "+"] : [colours];
}

/**
 * @param {{label: string, title: string, parts: {text: string, title: string}[]}} figure
 * @param {string} between
 */
function figure({ label, title, parts }, between) {
  const name = h("span", { text: label });
  const each = parts.map((part) => `${part.title} ${part.text}`).join(between);
  explain(name, label, `${title}${between}${each}`);
  const el = h("span", { class: "ll-figure" }, name);
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
 * @param {import("../lib/comparison.js").Words} words
 */
function disagree(agreement, spot, words) {
  const found = disagreements(agreement, words);
  if (!found.length) return null;
  const el = h(
    "span",
    { class: "ll-figure", "data-warn": true },
    agreement.one_output ? words.disagree : words.differ,
  );
  found.slice(0, MOST).forEach(({ key, title }, i) => {
    const light = () => spot.light(key);
    const button = h("button", {
      type: "button",
      class: "ll-apart",
      title: words.apart(title),
      lang: "",
      "data-key": key,
      onpointerenter: light,
      text: shortened(agreement.features[key], 32),
    });
    el.append(i ? words.comma : "", button);
  });
  if (found.length > MOST) el.append(words.andMore(found.length - MOST));
  return el;
}
