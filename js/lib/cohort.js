/** Some rows against the rest. Nothing here knows of a page. */
import { critical } from "./settled.js";

/**
 * @typedef {{feature: number, axis: "value" | "attribution", low: number, high: number}} Cohort
 *   rows whose value, or attribution, of a feature is from `low` to `high`; of a category its number
 *
 * @typedef {object} Comparison of some rows (first) with the rest (second)
 * @property {[number, number]} n
 * @property {[number, number]} predictions means; NaN: there are no such rows
 * @property {[Float32Array, Float32Array]} values mean attributions, one a feature
 * @property {[Float32Array, Float32Array]} margins half widths of their 95 % intervals; not finite: not known
 * @property {boolean} all are these all the rows, and not only those that the view carries?
 */

/**
 * Compare among the rows that a view carries: the sample, and not those that were chosen.
 *
 * @param {import("./points.js").Points} points
 * @param {Cohort} cohort
 * @returns {Comparison}
 */
export function compared(points, { feature, axis, low, high }) {
  const { d, sampled, values, predictions } = points;
  const lane = points.lane(feature);
  const by = axis === "value" ? lane.data : lane.values;
  const sides = [new Side(d), new Side(d)];
  for (let i = 0; i < sampled; i++)
    sides[by[i] >= low && by[i] <= high ? 0 : 1].add(values, i * d, predictions[i]);
  const [some, rest] = sides;
  return {
    n: [some.n, rest.n],
    predictions: [some.prediction, rest.prediction],
    values: [some.mean, rest.mean],
    margins: [some.margin, rest.margin],
    all: false,
  };
}

/** Sums over rows: means, and the half widths of their intervals by Student's t. */
class Side {
  n = 0;
  #predictions = 0;

  /** @param {number} d */
  constructor(d) {
    this.sum = new Float64Array(d);
    this.squares = new Float64Array(d);
  }
  /** @param {Float32Array} values @param {number} start @param {number} prediction */
  add(values, start, prediction) {
    this.n++;
    this.#predictions += prediction;
    for (let j = 0; j < this.sum.length; j++) {
      const value = values[start + j];
      this.sum[j] += value;
      this.squares[j] += value * value;
    }
  }
  get prediction() {
    return this.#predictions / this.n;
  }
  get mean() {
    return Float32Array.from(this.sum, (sum) => sum / this.n);
  }
  get margin() {
    const { n } = this;
    const reach = n > 9 ? critical(n - 1) : Number.POSITIVE_INFINITY;
    return Float32Array.from(this.sum, (sum, j) => {
      const variance = Math.max(this.squares[j] - (sum * sum) / n, 0) / (n - 1);
      return reach * Math.sqrt(variance / n);
    });
  }
}

/**
 * Features by how far the two means are apart, the farthest first.
 *
 * @param {Comparison} comparison
 * @returns {number[]}
 */
export function apart({ values: [some, rest] }) {
  /** @param {number} j */
  const gap = (j) => Math.abs(some[j] - rest[j]) || 0;
  return Array.from(some, (_, j) => j).sort((a, b) => gap(b) - gap(a));
}
