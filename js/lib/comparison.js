/** Explanations side by side: their numbers, and what is lit in all of them. Nothing here knows of a page. */
import { float32 } from "./arrays.js";
import { marksOf } from "./marks.js";
import { decimals, fixed, largest, prediction, shortened, writer } from "./scale.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {import("./words.js").Words} words
 * @property {[string, number | null]} said the output, and what the model says of it
 * @property {string} warning what must be known of it, or ""
 * @property {any} subject
 * @property {number[]} keys of each feature: the same one in every column
 * @property {Map<number, number>} features by key
 * @property {boolean} signed false: values are sizes, none is for or against
 * @property {boolean} own the scale is only this column's
 * @property {number} scale what the strongest colour stands for
 * @property {Float32Array} values
 * @property {Float32Array} margins half widths of the 95 % intervals; not finite: not known
 * @property {Map<number, import("./marks.js").Mark>} marks a reader's, by feature
 * @property {import("./arrays.js").Bytes | null} pixels of a picture, int8, row by row
 *
 * @typedef {{first: string, second: string, common: number, of: number, few: boolean, rank: number | null, top: number, shared: number, disagree: number[]}} Pair
 * @typedef {import("./words.js").Words["compare"]} Words
 * @typedef {{space: string, shared: boolean, one_output: boolean, features: string[], pairs: Pair[]}} Agreement
 */

/** So many pairs are written one by one; of more, the least and the most. */
const ONE_BY_ONE = 6;
const LONGEST = 32;

/**
 * @param {import("./watch.js").Model} model
 * @param {import("./words.js").Words} words
 * @returns {Column[]}
 */
export function columnsOf(model, words) {
  const subjects = model.get("subjects");
  return model.get("columns").map((/** @type {any} */ { subject, values, margins, ...rest }) => ({
    ...rest,
    words,
    name: words.column(rest.name),
    subject: subjects[subject],
    features: new Map(rest.keys.map((/** @type {number} */ key, /** @type {number} */ i) => [key, i])),
    values: float32(values),
    margins: float32(margins),
    marks: marksOf(rest.marks),
  }));
}

/**
 * @param {import("./watch.js").Model} model
 * @param {import("./words.js").Words} words
 * @returns {Agreement}
 */
export function agreementIn(model, words) {
  const { features, pairs, ...rest } = model.get("agreement");
  const { kind } = model.get("subjects")[0];
  return {
    ...rest,
    features: kind === "image" ? features.map(words.given) : features,
    pairs: pairs.map((/** @type {Pair} */ { first, second, ...pair }) => ({
      ...pair,
      first: words.column(first),
      second: words.column(second),
    })),
  };
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
  const { compare } = column.words;
  if (feature === undefined) return compare.notHere;
  const value = column.subject.columns?.[feature].value ?? "";
  const text = typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
  return compare.reading(shortened(text, LONGEST), amount(column, feature));
}

/**
 * @param {Column} column
 * @param {number} feature
 */
export function amount({ values, margins, scale, signed, marks, words }, feature) {
  const digits = decimals(scale || largest(values));
  const margin = fixed(margins[feature], digits + 1);
  const wide = Number.isFinite(margins[feature]) && /[1-9]/.test(margin);
  return (
    writer({ signed })(values[feature], digits) +
    (wide ? ` \u00b1 ${margin}` : "") +
    words.marks.told(marks.get(feature))
  );
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
 * @param {string} kind of the inputs
 * @param {Words} words
 * @returns {{label: string, title: string, parts: {text: string, title: string}[]}[]}
 */
export function figures({ pairs }, kind, words) {
  const { common: label, aboutCommon: title } = words;
  const matched = pairs.filter(({ common }) => common > 0);
  if (!matched.length) return [];
  const part = matched.some(({ common, of }) => common < of);
  const found = part ? [{ label: label(kind), title, parts: inCommon(matched, words) }] : [];
  return matched.every(({ few }) => few) ? found : [...found, ...orders(matched, words)];
}

/**
 * @param {Pair[]} matched
 * @param {Words} words
 */
function orders(matched, words) {
  const top = Math.max(...matched.map(({ few, top }) => (few ? 0 : top)));
  const ranks = parts(matched, (pair) => pair.rank, 2, words);
  const shared = parts(matched, (pair) => pair.shared, 0, words);
  return [
    { label: words.rank, title: words.aboutRank, parts: ranks },
    { label: words.shared(top), title: words.aboutShared(top), parts: shared },
  ];
}

/**
 * @param {Pair[]} pairs
 * @param {Words} words
 */
function inCommon(pairs, words) {
  if (pairs.length <= ONE_BY_ONE)
    return pairs.map(({ common, of, first, second }) => ({
      text: words.of(common, of),
      title: words.both(first, second),
    }));
  const counts = pairs.map(({ common }) => common);
  return [{ text: words.range(Math.min(...counts), Math.max(...counts)), title: words.pairs(pairs.length) }];
}

/**
 * @param {Pair[]} pairs
 * @param {(pair: Pair) => number | null} take
 * @param {number} digits
 * @param {Words} words
 */
function parts(pairs, take, digits, words) {
  /** @param {number | null} value */
  const text = (value) => (value === null ? words.none : fixed(value, digits));
  if (pairs.length <= ONE_BY_ONE)
    return pairs.map((pair) => ({
      text: pair.few ? words.few : text(take(pair)),
      title: words.both(pair.first, pair.second),
    }));
  const known = pairs
    .filter(({ few }) => !few)
    .map(take)
    .filter((value) => value !== null);
  if (!known.length) return [{ text: words.none, title: words.noOrder }];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return [{ text: words.range(text(low), text(high)), title: words.pairs(pairs.length) }];
}

/**
 * Features that two columns give different signs, the most important first, and which two.
 *
 * @param {Agreement} agreement
 * @param {Words} words
 * @returns {{key: number, title: string}[]}
 */
export function disagreements({ pairs }, words) {
  /** @type {Map<number, string[]>} */
  const found = new Map();
  for (const { first, second, disagree } of pairs)
    for (const key of disagree) found.set(key, [...(found.get(key) ?? []), words.against(first, second)]);
  const most = [...found].sort(([a], [b]) => a - b);
  return most.map(([key, between]) => ({ key, title: between.join(words.between) }));
}

/**
 * What one colour stands for.
 *
 * @param {Agreement} agreement
 * @param {Column[]} columns
 */
export function scaleText({ shared, space }, columns) {
  const { compare: words } = columns[0].words;
  if (shared) return words.oneScale(reachText(columns[0]), space);
  return columns.filter(({ own }) => !own).length < 2 ? words.ownScales : words.someOwn;
}

/**
 * What a column's strongest colour stands for.
 *
 * @param {Column} column
 */
export function reachText({ scale, signed }) {
  return `${signed ? "\u00b1" : ""}${fixed(scale, decimals(scale))}`;
}
