/** Which numbers answer the reader's question: a refit of the rows, or an estimate that Python made. */
import { float32 } from "./arrays.js";
import { regress } from "./lime.js";
import { critical, settled } from "./settled.js";

/**
 * @typedef {object} Estimate as it crosses: see CONTRIBUTING.md
 * @property {string} method
 * @property {number | null} kernel_width
 * @property {number} n
 * @property {number} dof
 * @property {boolean} exact
 * @property {string} route how the values were found, where there are several ways; "" where not
 * @property {import("./arrays.js").Bytes} values
 * @property {import("./arrays.js").Bytes} std_error
 * @property {(number | null)[]} fidelity
 * @property {number} effective_samples
 *
 * @typedef {object} Errors
 * @property {ArrayLike<number>} stdError
 * @property {number | null} fidelity
 * @property {number} dof
 *
 * @typedef {object} Answer for one output
 * @property {string} method
 * @property {number} n the rows that it reads
 * @property {ArrayLike<number>} values one a feature
 * @property {ArrayLike<number>} margins half widths of the 95 % intervals; infinite: not known
 * @property {boolean} exact
 * @property {string} route as of an estimate
 * @property {number | null} fidelity
 * @property {number | null} effective
 * @property {number | null} settled how sure the order of the first five is
 * @property {number | null} widest the largest margin of the first five
 */

/** @type {WeakMap<Estimate, {values: Float32Array, stdError: Float32Array}>} */
const read = new WeakMap();

/** @param {Estimate} estimate */
function numbers(estimate) {
  let found = read.get(estimate);
  if (!found) {
    found = { values: float32(estimate.values), stdError: float32(estimate.std_error) };
    read.set(estimate, found);
  }
  return found;
}

/**
 * @param {Estimate} estimate
 * @param {number} target
 * @returns {{values: Float32Array} & Errors} of one output
 */
export function column(estimate, target) {
  const { values, stdError } = numbers(estimate);
  const k = Math.max(1, estimate.fidelity.length);
  const length = values.length / k;
  /** @param {Float32Array} all */
  const take = (all) => Float32Array.from({ length }, (_, i) => all[i * k + target]);
  const { dof, fidelity } = estimate;
  return { values: take(values), stdError: take(stdError), dof, fidelity: fidelity[target] ?? null };
}

/**
 * Estimates of one method, fewest rows first.
 *
 * @param {Estimate[]} estimates
 * @param {string} method
 * @param {number} width counts for those that have one
 */
export function readings(estimates, method, width) {
  return estimates
    .filter((e) => e.method === method && (e.kernel_width === null || same(e.kernel_width, width)))
    .sort((a, b) => a.n - b.n);
}

/**
 * The estimate of no more than `n` rows, or else the one of the fewest.
 *
 * @param {Estimate[]} sorted
 * @param {number} n
 * @returns {Estimate | null}
 */
export function nearest(sorted, n) {
  return sorted.findLast((e) => e.n <= n) ?? sorted[0] ?? null;
}

/**
 * @param {number} a
 * @param {number} b
 */
export const same = (a, b) => Math.abs(a - b) <= 1e-6 * Math.abs(b);

/**
 * @param {Estimate} estimate
 * @param {number} target
 * @returns {Answer}
 */
export function fromEstimate(estimate, target) {
  const { values, ...errors } = column(estimate, target);
  const { method, n, exact, route, effective_samples: effective } = estimate;
  return { method, n, values, exact, route, effective, ...trust(values, errors, exact) };
}

/**
 * Refit LIME, here and now, to the rows that the tables hold.
 *
 * @param {import("./tables.js").Tables} table
 * @param {{width: number, target: number, n: number, distance: import("./kernel.js").Distance}} question
 * @param {Errors | null} errors what is known of them by now
 * @param {boolean} exact
 * @returns {Answer}
 */
export function fromRows(table, question, errors, exact) {
  const { values, effectiveSamples } = regress(table, question);
  const { n } = question;
  const trusted = trust(values, errors, exact);
  return { method: "lime", n, values, exact, route: "", effective: effectiveSamples, ...trusted };
}

/**
 * How far values can be trusted.
 *
 * @param {ArrayLike<number>} values
 * @param {Errors | null} errors
 * @param {boolean} exact
 */
function trust(values, errors, exact) {
  const none = new Float64Array(values.length).fill(exact ? 0 : Number.POSITIVE_INFINITY);
  const fidelity = errors?.fidelity ?? null;
  if (!errors || exact)
    return { margins: none, fidelity, settled: exact ? 1 : null, widest: exact ? 0 : null };
  const reach = critical(Math.max(2, errors.dof));
  const margins = Float64Array.from(errors.stdError, (error) => reach * error);
  const widest = margins.reduce((most, margin) => Math.max(most, margin), 0);
  return {
    margins,
    fidelity,
    settled: settled(values, errors.stdError),
    widest: Number.isFinite(widest) ? widest : null,
  };
}
