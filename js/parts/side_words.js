/** One column's text, its words in colour. */

import { amount } from "../lib/comparison.js";
import { attr, h } from "../lib/dom.js";
import { roving } from "../lib/roving.js";
import { flagged } from "./flags.js";

/**
 * @typedef {import("../lib/comparison.js").Column} Column
 * @typedef {import("../lib/comparison.js").Spot} Spot
 */

/** Values below this share of the scale get no underline: they hardly count. */
const FAINT = 0.12;

/**
 * @param {Column} column
 * @param {Spot} spot
 */
export function words(column, spot) {
  const { pieces, cut } = column.subject;
  const label = column.words.compare.text(column.name);
  const el = h("div", { class: "ll-text", dir: "auto", lang: "", role: "group", "aria-label": label });
  /** @type {HTMLElement[]} */
  const tokens = [];
  pieces.forEach((/** @type {[string, number]} */ [text, feature], /** @type {number} */ i) => {
    const seen = feature >= 0 && (cut === null || i < cut);
    if (seen) tokens.push(token(column, feature, text));
    el.append(seen ? tokens[tokens.length - 1] : text);
  });
  if (tokens[0]) tokens[0].tabIndex = 0;
  roving(el, () => tokens);
  spot.on(() => {
    for (const one of tokens) {
      one.toggleAttribute("data-lit", Number(one.dataset.key) === spot.key);
      attr(one, "aria-pressed", String(Number(one.dataset.key) === spot.pinned));
    }
  });
  return el;
}

/**
 * Colour says how much and which way; the underline says which way without colour.
 *
 * @param {Column} column
 * @param {number} feature
 * @param {string} text
 */
function token(column, feature, text) {
  const value = column.values[feature];
  const share = Math.abs(value) / (column.scale || 1);
  const said = amount(column, feature);
  const el = h("span", {
    class: value < 0 ? "ll-token ll-minus" : "ll-token",
    role: "button",
    tabindex: -1,
    "aria-pressed": "false",
    "aria-description": said,
    title: said,
    "data-key": column.keys[feature],
    "data-sign": share < FAINT || !column.signed ? "faint" : value < 0 ? "against" : "for",
    text,
  });
  el.style.setProperty("--ll-share", share.toFixed(2));
  flagged(el, column.marks.get(feature));
  return el;
}
