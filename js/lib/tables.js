/**
 * What a fit needs of the first rows, whatever the kernel width. Rows come in
 * and go out one by one, so that another number of rows costs those between.
 *
 * @typedef {import("./neighborhood.js").Rows} Rows
 * @typedef {import("./kernel.js").Distance} Distance
 */
import { Grams, list } from "./gram.js";
import { closeness, sizeLaw } from "./kernel.js";

/** No row weighs less than this share of the mean: it would drown in rounding. Squared when all coalitions are in. */
const LEAST_WEIGHT = 1e-6;

/** Rows between two looks at the clock: a fraction of a millisecond. */
const BITE = 32;

/** @type {WeakMap<Rows, Tables>} */
const kept = new WeakMap();

/**
 * The tables of a neighborhood.
 *
 * @param {Rows} rows
 * @returns {Tables}
 */
export function tables(rows) {
  const found = kept.get(rows) ?? new Tables(rows);
  kept.set(rows, found);
  return found;
}

export class Tables {
  /** How many of the first rows are in. */
  n = 0;
  #grams;
  /** @type {Map<number, Moments>} */
  #moments = new Map();

  /** @param {Rows} rows */
  constructor(rows) {
    this.rows = rows;
    /** Number of rows of each size. */
    this.counts = new Float64Array(rows.d + 1);
    this.#grams = new Grams(rows);
  }

  /**
   * Take rows in, or out, until the first `n` are in or the time is over.
   *
   * @param {number} n
   * @param {number} [until] by `performance.now()`
   * @returns {boolean} are they?
   */
  reach(n, until = Number.POSITIVE_INFINITY) {
    const mates = this.rows.mates();
    const way = n > this.n ? 1 : -1;
    while (this.n !== n) {
      const row = way > 0 ? this.n : this.n - 1;
      this.counts[this.rows.sizes[row]] += way;
      this.#grams.count(row, way, mates);
      this.n += way;
      if (this.n % BITE === 0 && performance.now() > until) break;
    }
    return this.n === n;
  }

  /**
   * Rows' weights, by their size, and the weighted sum of their absences' products.
   *
   * @param {number} width
   * @param {Distance} distance
   * @returns {{weights: Float64Array, gram: Float64Array}} d + 1 numbers, and a packed matrix
   */
  weigh(width, distance) {
    const { rows, n, counts } = this;
    const shared = shares(rows, n, counts);
    const weights = this.#floored(
      closeness(rows.d, width, distance).map((value, size) => value * shared[size]),
    );
    return { weights, gram: this.#grams.sum(weights) };
  }

  /**
   * (sum w)^2 / sum w^2. Nothing and everything are no samples: they are certain.
   *
   * @param {Float64Array} weights of a row, by its size
   */
  effectiveSamples(weights) {
    const { d, law } = this.rows;
    const all = law === "bins" || d === 1;
    let [total, squares] = [0, 0];
    for (let size = all ? 0 : 1; size < (all ? d + 1 : d); size++) {
      total += this.counts[size] * weights[size];
      squares += this.counts[size] * weights[size] ** 2;
    }
    return squares > 0 ? total ** 2 / squares : 0;
  }

  /** @param {Float64Array} weights */
  #floored(weights) {
    if (this.rows.law === "bins") return weights;
    const total = weights.reduce((all, weight, size) => all + weight * this.counts[size], 0);
    const share = this.rows.complete(this.n) ? LEAST_WEIGHT ** 2 : LEAST_WEIGHT;
    const least = (share * total) / this.n;
    return weights.map((weight) => (weight > 0 ? Math.max(weight, least) : 0));
  }

  /**
   * Sums of an output, and of its products with the absences.
   *
   * @param {number} target
   * @returns {Moments}
   */
  moments(target) {
    const found = this.#moments.get(target);
    // What is taken off a sum again leaves its rounding behind: sums only grow.
    const moments = found && found.n <= this.n ? found : new Moments(this.rows, target);
    this.#moments.set(target, moments);
    moments.grow(this.n);
    return moments;
  }
}

/** Sums over the rows of each size. */
class Moments {
  n = 0;

  /**
   * @param {Rows} rows
   * @param {number} target
   */
  constructor(rows, target) {
    const { d } = rows;
    this.rows = rows;
    this.target = target;
    /** Taken off the outputs first, against cancellation. */
    this.shift = rows.output(0, target);
    /** Sum of the outputs. */
    this.outputs = new Float64Array(d + 1);
    /** And of those of rows that lack a feature, d numbers a size; that keep it where 2 size < d. */
    this.products = new Float64Array((d + 1) * d);
  }

  /** @param {number} n */
  grow(n) {
    const { rows, outputs, products } = this;
    const found = new Int32Array(rows.d);
    for (; this.n < n; this.n++) {
      const size = rows.sizes[this.n];
      const value = rows.output(this.n, this.target) - this.shift;
      outputs[size] += value;
      const length = list(rows, this.n, 2 * size < rows.d, found);
      for (let i = 0; i < length; i++) products[size * rows.d + found[i]] += value;
    }
  }

  /**
   * The weighted sum, over rows that lack each feature.
   *
   * @param {Float64Array} weights of a row, by its size
   * @returns {Float64Array} d numbers
   */
  lacking(weights) {
    const { d } = this.rows;
    const sums = new Float64Array(d);
    for (let size = 0; size <= d; size++) {
      const [all, sign] = 2 * size < d ? [this.outputs[size], -1] : [0, 1];
      const weight = weights[size];
      for (let i = 0; i < d; i++) sums[i] += weight * (all + sign * this.products[size * d + i]);
    }
    return sums;
  }
}

/**
 * A size's mass is shared by the rows there are of it, so that the weights of
 * n rows sum to n times the mass of the sizes seen. The "bins" law takes rows as drawn.
 *
 * @param {Rows} rows
 * @param {number} n
 * @param {Float64Array} counts
 * @returns {Float64Array} d + 1 numbers
 */
function shares({ d, law }, n, counts) {
  if (law === "bins") return counts.map((count) => (count > 0 ? 1 : 0));
  return sizeLaw(d, law).map((mass, size) => (counts[size] > 0 ? (n * mass) / counts[size] : 0));
}
