/** Which numbers answer the reader's question: a refit of the rows, or an estimate that Python made. */
import { float32 } from "./arrays.js";
import { regress } from "./lime.js";
import { critical, settled } from "./settled.js";

/**
 * @typedef {object} Estimate as it crosses: see CONTRIBUTING.md
 * @property {string} method
 * @property {number | null} kernel_width
 * @property {number | null} target the output that it is of; null: all of them
 * @property {number} n
 * @property {number} dof
 * @property {boolean} exact
 * @property {string} route how the values were found, where there are several ways; "" where not
 * @property {string} warning what the reader must know of it, or ""
 * @property {number | null} relative_gap what the values miss of the output's change, as a share of their sizes
 * @property {boolean} signed false: values are sizes, none is for or against
 * @property {number | null} scale what 127 stands for in pixels
 * @property {import("./arrays.js").Bytes | null} pixels int8, row by row
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
 * @property {string} route as of an estimate, like the next four
 * @property {string} warning
 * @property {number | null} gap
 * @property {boolean} signed
 * @property {import("./arrays.js").Bytes | null} pixels
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
  const { dof, fidelity } = estimate;
  const k = Math.max(1, fidelity.length);
  const at = estimate.target === null ? target : 0;
  const length = values.length / k;
  /** @param {Float32Array} all */
  const take = (all) => Float32Array.from({ length }, (_, i) => all[i * k + at]);
  return { values: take(values), stdError: take(stdError), dof, fidelity: fidelity[at] ?? null };
}

/**
 * Estimates by one method of one output, fewest evaluations first.
 *
 * @param {Estimate[]} estimates
 * @param {string} method
 * @param {number} width counts for those that have one
 * @param {number} target
 */
export function readings(estimates, method, width, target) {
  return estimates
    .filter((e) => e.method === method && (e.target === null || e.target === target))
    .filter((e) => e.kernel_width === null || same(e.kernel_width, width))
    .sort((a, b) => a.n - b.n);
}

/**
 * The estimate of most evaluations, by a method without a kernel width.
 *
 * @param {Estimate[]} estimates
 * @param {string} method
 * @param {number | null} target
 * @returns {Estimate | null}
 */
export const latest = (estimates, method, target) =>
  readings(estimates, method, 0, target ?? -1).at(-1) ?? null;

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
  const {
    method,
    n,
    exact,
    route,
    warning,
    pixels,
    relative_gap: gap,
    signed,
    effective_samples: effective,
  } = estimate;
  const told = { route, warning, gap, signed, pixels };
  const trusted = trust(values, errors, exact);
  const margins = exact ? (apart(errors) ?? trusted.margins) : trusted.margins;
  return { method, n, values, exact, ...told, effective, ...trusted, margins };
}

/**
 * Margins of values that are exact and yet differ among a model's own bags; null: these are not known.
 *
 * @param {Errors} errors
 */
function apart({ stdError, dof }) {
  const margins = Float64Array.from(stdError, (error) => critical(Math.max(2, dof)) * error);
  return margins.every(Number.isFinite) && margins.some((margin) => margin > 0) ? margins : null;
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
  const told = { route: "", warning: "", gap: null, signed: true, pixels: null };
  return {
    method: "lime",
    n,
    values,
    exact,
    ...told,
    effective: effectiveSamples,
    ...trust(values, errors, exact),
  };
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
