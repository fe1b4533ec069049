/**
 * LIME: a linear surrogate, weighted by closeness to the unperturbed input.
 *
 * The same mathematics as src/limelight/estimators/lime.py; both meet the same
 * golden vectors.
 *
 * @typedef {import("./neighborhood.js").Rows} Rows
 * @typedef {import("./kernel.js").Distance} Distance
 *
 * @typedef {object} Question
 * @property {number} width of the kernel, in the distance's units
 * @property {number} target which output
 * @property {number} [n] how many of the first rows; all, when it is left out
 * @property {Distance} [distance] "cosine" when it is left out
 */
import { cholesky, solve, trace } from "./linalg.js";
import { tables } from "./tables.js";

/** Share of the mean diagonal that is added to a singular matrix, so that features always seen together share. */
const RIDGE = 1e-12;

/**
 * Fit LIME's linear surrogate to the first rows. Asks no model.
 *
 * @param {Rows} rows
 * @param {Question} question
 * @returns {{values: Float64Array, intercept: number, effectiveSamples: number}}
 */
export function lime(rows, question) {
  const { values, intercept, effectiveSamples } = regress(rows, question);
  return { values, intercept, effectiveSamples };
}

/**
 * Fit, and keep what errors are computed from.
 *
 * @typedef {object} Fit
 * @property {Float64Array} values
 * @property {number} intercept
 * @property {number} effectiveSamples
 * @property {Float64Array} weights of a row, by its size
 * @property {Float64Array} counts rows of each size
 * @property {number} total sum of the rows' weights
 * @property {Float64Array} centre weighted mean of the absences
 * @property {number} mean weighted mean of the output
 * @property {Float64Array} factor Cholesky factor of the centred Gram matrix
 *
 * @param {Rows} rows
 * @param {Question} question
 * @returns {Fit}
 */
export function regress(rows, { width, target, n = rows.n, distance = "cosine" }) {
  const table = tables(rows, Math.min(n, rows.n), distance);
  const { weights, gram } = table.weigh(width);
  const { counts } = table;
  const total = counts.reduce((sum, count, size) => sum + count * weights[size], 0);
  const centre = Float64Array.from({ length: rows.d }, (_, i) => gram[(i * (i + 3)) / 2] / total);
  const { shift, outputs, products } = table.moments(target);
  const sum = outputs.reduce((all, output, size) => all + weights[size] * output, 0);
  const factor = factored(centred(gram, centre, total), rows.d);
  const values = solve(factor, against(products, weights, centre, sum));
  const mean = shift + sum / total;
  const intercept = mean - values.reduce((all, value, i) => all + value * (1 - centre[i]), 0);
  const effectiveSamples = table.effectiveSamples(weights);
  return { values, intercept, effectiveSamples, weights, counts, total, centre, mean, factor };
}

/**
 * The covariances of the absences, times the total weight.
 *
 * @param {Float64Array} gram packed
 * @param {Float64Array} centre
 * @param {number} total
 * @returns {Float64Array} lower triangle of a full matrix
 */
function centred(gram, centre, total) {
  const d = centre.length;
  const matrix = new Float64Array(d * d);
  for (let i = 0, at = 0; i < d; i++)
    for (let j = 0; j <= i; j++, at++) matrix[i * d + j] = gram[at] - total * centre[i] * centre[j];
  return matrix;
}

/**
 * @param {Float64Array} matrix changed where it is singular
 * @param {number} d
 */
function factored(matrix, d) {
  const factor = cholesky(matrix, d);
  const diagonal = Array.from({ length: d }, (_, i) => i * (d + 1));
  if (diagonal.every((i) => factor[i] > 0)) return factor;
  const ridge = (RIDGE * trace(matrix, d)) / d;
  for (const i of diagonal) matrix[i] += ridge;
  return cholesky(matrix, d);
}

/**
 * Covariances of the presences with the output, times the total weight.
 *
 * @param {Float64Array} products
 * @param {Float64Array} weights
 * @param {Float64Array} centre
 * @param {number} sum
 */
function against(products, weights, centre, sum) {
  const d = centre.length;
  const covariances = centre.map((mean) => mean * sum);
  for (let size = 0; size <= d; size++) {
    const weight = weights[size];
    for (let i = 0; i < d; i++) covariances[i] -= weight * products[size * d + i];
  }
  return covariances;
}
