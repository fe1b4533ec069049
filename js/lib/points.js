/** The rows that a view of a data set carries, as columns of numbers. Nothing here knows of a page. */
import { float32, uint32 } from "./arrays.js";

/**
 * @typedef {{kind: "number" | "category" | "text", names: string[] | null, whole?: boolean}} Column
 *   `names`: of a category, by its number; null: its values are numbers
 *
 * @typedef {{shades: ArrayLike<number>, hues: ArrayLike<number> | null}} Look what gives points their colours
 *
 * @typedef {object} Lane one feature's attributions, a number a point
 * @property {Float32Array} values attributions
 * @property {Float32Array} data the feature's own values; of a category its number; NaN: missing, or of no use
 * @property {Float32Array} shades where a value stands among all, 0 (lowest) to 1; NaN: nowhere
 * @property {Int8Array | null} hues of a category the colour that it has, -1: none, as there are too many; null: values
 *   have an order, and the colours of their shades
 * @property {Uint32Array} rows whose they are
 */

export class Points {
  /** @type {Map<number, Lane>} */
  #lanes = new Map();
  /** @type {Map<number, number>} */
  #places;

  /**
   * @param {any} trait as it crossed
   * @param {Column[]} columns one a feature
   */
  constructor(trait, columns) {
    this.d = columns.length;
    this.columns = columns;
    this.rows = uint32(trait.rows);
    this.n = this.rows.length;
    /** So many of them are a sample; the others were chosen for what they are. */
    this.sampled = trait.sampled;
    this.values = float32(trait.values);
    /** Standard errors; null: there are none, as all is exact. */
    this.errors = trait.errors && float32(trait.errors);
    this.data = float32(trait.data);
    this.predictions = float32(trait.predictions);
    /** Outputs with nothing known; null: that is the same for all rows. */
    this.bases = trait.bases && float32(trait.bases);
    /** @type {string[] | null} what is true of each row, where that is known */
    this.truths = trait.truths;
    /** @type {string[] | null} what the index of the data calls each row, where that doesn't only count */
    this.labels = trait.labels ?? null;
    this.#places = new Map(Array.from(this.rows, (row, i) => [row, i]));
  }

  /** @param {number} row @returns {number} where it is; -1: nowhere */
  place(row) {
    return this.#places.get(row) ?? -1;
  }

  /** @param {number} feature @returns {Lane} */
  lane(feature) {
    const found = this.#lanes.get(feature) ?? this.#make(feature);
    this.#lanes.set(feature, found);
    return found;
  }

  /** @param {number} feature @returns {Lane} */
  #make(feature) {
    const data = column(this.data, feature, this.d);
    const { kind, names } = this.columns[feature];
    const shades = kind === "number" ? standing(data) : names ? steps(data, names.length) : unknown(this.n);
    const hues = names && coloured(data);
    return { values: column(this.values, feature, this.d), data, shades, hues, rows: this.rows };
  }
}

/**
 * @param {Float32Array} all row by row
 * @param {number} j
 * @param {number} d
 */
export const column = (all, j, d) => Float32Array.from({ length: all.length / d }, (_, i) => all[i * d + j]);

/** @param {number} n */
const unknown = (n) => new Float32Array(n).fill(Number.NaN);

/**
 * Where each value stands among all, 0 to 1: equal ones alike, in the middle of theirs.
 *
 * @param {Float32Array} values
 */
export function standing(values) {
  const shades = unknown(values.length);
  const order = Array.from(values, (_, i) => i).filter((i) => Number.isFinite(values[i]));
  order.sort((a, b) => values[a] - values[b]);
  const most = Math.max(order.length - 1, 1);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let k = start; k < end; k++) shades[order[k]] = (start + end - 1) / 2 / most;
  }
  return order.length === 1 ? shades.fill(0.5, order[0], order[0] + 1) : shades;
}

/** So many categories have a colour of their own: more can't be told apart. */
export const HUES = 6;

/**
 * The categories that most rows have, the most frequent first: each has a colour, all others have none.
 *
 * @param {Float32Array} data numbers of categories
 */
export function frequent(data) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const code of data) if (Number.isFinite(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a - b)
    .map(([code]) => code)
    .slice(0, HUES);
}

/** @param {Float32Array} data numbers of categories */
function coloured(data) {
  const order = frequent(data);
  return Int8Array.from(data, (code) => order.indexOf(code));
}

/**
 * @param {Float32Array} data
 * @param {number} k categories
 */
const steps = (data, k) => data.map((value) => (k > 1 ? value / (k - 1) : 0.5));
