/** Explanations side by side: their numbers, and what is lit in all of them. Nothing here knows of a page. */
import { float32 } from "./arrays.js";
import { decimals, fixed, largest, prediction, shortened, signed } from "./scale.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {[string, number | null]} said the output, and what the model says of it
 * @property {string} warning what must be known of it, or ""
 * @property {any} subject
 * @property {number[]} keys of each feature: the same one in every column
 * @property {Map<number, number>} features by key
 * @property {number} scale what the strongest colour stands for
 * @property {Float32Array} values
 * @property {Float32Array} margins half widths of the 95 % intervals; not finite: not known
 *
 * @typedef {{first: string, second: string, common: number, rank: number | null, top: number, shared: number, disagree: number[]}} Pair
 * @typedef {{space: string, shared: boolean, one_output: boolean, features: string[], pairs: Pair[]}} Agreement
 */

/** So many pairs are written one by one; of more, the least and the most. */
const ONE_BY_ONE = 6;
const LONGEST = 32;

/**
 * @param {import("./watch.js").Model} model
 * @returns {Column[]}
 */
export function columnsOf(model) {
  const subjects = model.get("subjects");
  return model.get("columns").map((/** @type {any} */ { subject, values, margins, ...rest }) => ({
    ...rest,
    subject: subjects[subject],
    features: new Map(rest.keys.map((/** @type {number} */ key, /** @type {number} */ i) => [key, i])),
    values: float32(values),
    margins: float32(margins),
  }));
}

/** The feature under the pointer or with the focus, in every column; or else the one that was pressed. */
export class Spot {
  #near = -1;
  #pinned = -1;
  /** @type {(() => void)[]} */
  #listeners = [];

  get key() {
    return this.#near >= 0 ? this.#near : this.#pinned;
  }
  get pinned() {
    return this.#pinned;
  }
  /** @param {() => void} callback */
  on(callback) {
    this.#listeners.push(callback);
  }
  /** @param {number} key -1: none */
  light(key) {
    if (key !== this.#near) this.#tell(() => (this.#near = key));
  }
  /** @param {number} key to keep lit, or to let go */
  press(key) {
    this.#tell(() => (this.#pinned = this.#pinned === key ? -1 : key));
  }
  /** @param {() => void} change */
  #tell(change) {
    change();
    for (const callback of this.#listeners) callback();
  }
}

/**
 * What a column says of a feature, apart from its name: "+0.31 \u00b1 0.02", of a row " = 4.2: +0.31".
 *
 * @param {Column} column
 * @param {number} key
 */
export function reading(column, key) {
  const feature = column.features.get(key);
  if (feature === undefined) return ": not here";
  const value = column.subject.columns?.[feature].value ?? "";
  const text = typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
  return `${text && ` = ${shortened(text, LONGEST)}:`} ${amount(column, feature)}`;
}

/**
 * @param {Column} column
 * @param {number} feature
 */
export function amount({ values, margins, scale }, feature) {
  const digits = decimals(scale || largest(values));
  const margin = fixed(margins[feature], digits + 1);
  const wide = Number.isFinite(margins[feature]) && /[1-9]/.test(margin);
  return signed(values[feature], digits) + (wide ? ` \u00b1 ${margin}` : "");
}

/**
 * What the model says: "positive", " 0.93".
 *
 * @param {Column} column
 * @param {string} space
 */
export function verdict({ said: [output, value] }, space) {
  return [output, value === null ? "" : ` ${prediction(value, space)}`];
}

/**
 * The figures under the columns: each with what is read of every pair.
 *
 * @param {Agreement} agreement
 * @returns {{label: string, title: string, parts: {text: string, title: string}[]}[]}
 */
export function figures({ pairs }) {
  const matched = pairs.filter(({ common }) => common > 0);
  if (!matched.length) return [];
  const top = Math.max(...matched.map((pair) => pair.top));
  const rank = "Spearman's correlation of the absolute values: 1 is the same order of importance, 0 is none";
  const shared = `how many of the ${top} most important features are the same`;
  return [
    { label: "rank agreement", title: rank, parts: parts(matched, (pair) => pair.rank, 2) },
    { label: `top-${top} shared`, title: shared, parts: parts(matched, (pair) => pair.shared, 0) },
  ];
}

/**
 * @param {Pair[]} pairs
 * @param {(pair: Pair) => number | null} take
 * @param {number} digits
 */
function parts(pairs, take, digits) {
  /** @param {number | null} value */
  const text = (value) => (value === null ? "none" : fixed(value, digits));
  if (pairs.length <= ONE_BY_ONE)
    return pairs.map((pair) => ({ text: text(take(pair)), title: `${pair.first} and ${pair.second}` }));
  const known = pairs.map(take).filter((value) => value !== null);
  if (!known.length) return [{ text: "none", title: "no pair has an order" }];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return [{ text: `${text(low)} to ${text(high)}`, title: `of ${pairs.length} pairs` }];
}

/**
 * Features that two columns give different signs, the most important first, and which two.
 *
 * @param {Agreement} agreement
 * @returns {{key: number, title: string}[]}
 */
export function disagreements({ pairs }) {
  /** @type {Map<number, string[]>} */
  const found = new Map();
  for (const { first, second, disagree } of pairs)
    for (const key of disagree) found.set(key, [...(found.get(key) ?? []), `${first} against ${second}`]);
  const most = [...found].sort(([a], [b]) => a - b);
  return most.map(([key, between]) => ({ key, title: between.join("; ") }));
}

/**
 * What one colour stands for.
 *
 * @param {Agreement} agreement
 * @param {Column[]} columns
 */
export function scaleText({ shared, space }, columns) {
  if (!shared) return "each column has its own scale: not all values add up to the prediction";
  const { scale } = columns[0];
  return `one scale, up to \u00b1${fixed(scale, decimals(scale))}${space === "value" ? "" : ` ${space}`}`;
}
