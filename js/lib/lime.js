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
  const { values, intercept, effectiveSamples } = regress(read(rows, question), question);
  return { values, intercept, effectiveSamples };
}

/**
 * The tables of the rows that are asked about.
 *
 * @param {Rows} rows
 * @param {Question} question
 */
export function read(rows, { n = rows.n }) {
  const part = rows.drawn(Math.min(n, rows.n));
  const table = tables(part.rows);
  table.reach(part.n);
  return table;
}

/**
 * Fit the rows that are in the tables, and keep what errors are computed from.
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
 * @param {import("./tables.js").Tables} table
 * @param {Question} question
 * @returns {Fit}
 */
export function regress(table, { width, target, distance = "cosine" }) {
  const { d } = table.rows;
  const { weights, gram } = table.weigh(width, distance);
  const counts = table.counts.slice();
  const total = counts.reduce((sum, count, size) => sum + count * weights[size], 0);
  const centre = Float64Array.from({ length: d }, (_, i) => gram[(i * (i + 3)) / 2] / total);
  const moments = table.moments(target);
  const sum = moments.outputs.reduce((all, output, size) => all + weights[size] * output, 0);
  const factor = factored(centred(gram, centre, total), d);
  const lacking = moments.lacking(weights);
  // Covariances of the presences with the output, times the total weight.
  const values = solve(
    factor,
    centre.map((mean, i) => mean * sum - lacking[i]),
  );
  const mean = moments.shift + sum / total;
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
