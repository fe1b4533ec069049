/**
 * What a fit needs of the rows, whatever the kernel width: built once, kept.
 *
 * @typedef {import("./neighborhood.js").Rows} Rows
 * @typedef {import("./kernel.js").Distance} Distance
 */
import { columns, gramByRow, gramsByGroup, lackedBy } from "./gram.js";
import { closeness, kernelBasis, project, sizeLaw } from "./kernel.js";
import { gramsOfPairs } from "./paired.js";

/** A matrix for each size is kept up to so many features; above, one for each vector of a basis. */
const MOST_BY_SIZE = 64;

/** How many vectors, a multiple of four: kernels are then right to 1e-6 and better. */
const BASIS = 16;

/** A kernel that the basis misses by more is summed over the rows. */
const MOST_ERROR = 1e-5;

/** And so is one with fewer effective samples a feature: every digit counts where rows are few. */
const LEAST_EFFECTIVE = 4;

/** No row weighs less than this share of the mean: it would drown in rounding. Squared when all coalitions are in. */
const LEAST_WEIGHT = 1e-6;

/**
 * The last tables of each neighborhood: rows only ever grow.
 *
 * @type {WeakMap<Rows, Tables>}
 */
const kept = new WeakMap();

/**
 * @param {Rows} rows
 * @param {number} n how many of the first rows
 * @param {Distance} distance
 * @returns {Tables}
 */
export function tables(rows, n, distance) {
  let found = kept.get(rows);
  if (!found || found.n !== n || found.distance !== distance) {
    found = new Tables(rows, n, distance);
    kept.set(rows, found);
  }
  return found;
}

export class Tables {
  /** @type {Map<number, Moments>} */
  #moments = new Map();

  /**
   * @param {Rows} rows
   * @param {number} n
   * @param {Distance} distance
   */
  constructor(rows, n, distance) {
    this.rows = rows;
    this.n = n;
    this.distance = distance;
    const sizes = rows.sizes.subarray(0, n);
    /** Number of rows of each size. */
    this.counts = new Float64Array(rows.d + 1);
    for (const size of sizes) this.counts[size]++;
    /** What a row weighs by its size, its closeness apart. */
    this.shares = shares(rows, n, this.counts);
    this.mass = this.shares.map((share, size) => share * this.counts[size]);
    this.basis = rows.d > MOST_BY_SIZE ? kernelBasis(rows.d, distance, this.mass, BASIS) : null;
    this.grams = this.basis
      ? gramsOfPairs(
          rows,
          n,
          this.basis.map((vector) => this.#shared(vector)),
        )
      : gramsByGroup(columns(rows, sizes, rows.d + 1));
  }

  /**
   * Rows' weights, by their size, and the weighted sum of their absences' products.
   *
   * @param {number} width
   * @returns {{weights: Float64Array, gram: Float64Array}} d + 1 numbers, and a packed matrix
   */
  weigh(width) {
    const kernel = closeness(this.rows.d, width, this.distance);
    const weights = this.#floored(this.#shared(kernel));
    if (!this.basis)
      return {
        weights,
        gram: sum(this.grams, weights),
      };
    const { coordinates, near, error } = project(kernel, this.basis, this.mass);
    // Weights that the basis spans, so that they and the matrix agree.
    if (error <= MOST_ERROR && this.effectiveSamples(weights) >= LEAST_EFFECTIVE * this.rows.d)
      return { weights: this.#shared(near), gram: sum(this.grams, coordinates) };
    return { weights, gram: gramByRow(this.rows, this.n, weights) };
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

  /** @param {Float64Array} kernel */
  #shared(kernel) {
    return kernel.map((value, size) => value * this.shares[size]);
  }

  /**
   * Sums of an output, and of its products with the absences.
   *
   * @param {number} target
   * @returns {Moments}
   */
  moments(target) {
    let found = this.#moments.get(target);
    if (!found) {
      found = moments(this.rows, this.n, target);
      this.#moments.set(target, found);
    }
    return found;
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

/**
 * @typedef {object} Moments
 * @property {number} shift taken off the outputs first, against cancellation
 * @property {Float64Array} outputs sum of the outputs of each size's rows
 * @property {Float64Array} products and of those of its rows that lack a feature, d numbers a size
 *
 * @param {Rows} rows
 * @param {number} n
 * @param {number} target
 * @returns {Moments}
 */
function moments(rows, n, target) {
  const { d } = rows;
  const list = new Int32Array(d);
  const outputs = new Float64Array(d + 1);
  const products = new Float64Array((d + 1) * d);
  const shift = rows.output(0, target);
  for (let row = 0; row < n; row++) {
    const size = rows.sizes[row];
    const value = rows.output(row, target) - shift;
    outputs[size] += value;
    const lacked = lackedBy(rows, row, list);
    for (let i = 0; i < lacked; i++) products[size * d + list[i]] += value;
  }
  return { shift, outputs, products };
}

/**
 * @param {Float64Array[]} matrices
 * @param {ArrayLike<number>} weights
 */
function sum(matrices, weights) {
  const total = new Float64Array(matrices[0].length);
  for (const [k, matrix] of matrices.entries()) {
    const weight = weights[k];
    for (let i = 0; i < total.length; i++) total[i] += weight * matrix[i];
  }
  return total;
}
