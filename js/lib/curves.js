/**
 * Curves of an output while features go or come, laid out. Nothing here knows of a page.
 *
 * @typedef {object} Curves
 * @property {number[]} counts how many features are gone, or there, at each point
 * @property {number[]} order features, that which goes or comes first
 * @property {number[]} deletion
 * @property {number[]} [insertion]
 * @property {number[]} [random_deletion] means over random orders
 * @property {number[]} [random_deletion_error]
 * @property {number[]} [random_insertion]
 * @property {number[]} [random_insertion_error]
 * @property {number[]} [exact_deletion] by exact Shapley values
 * @property {number[]} [exact_insertion]
 *
 * @typedef {"deletion" | "insertion"} Way
 */

/** Standard errors of a 95 % interval. */
export const REACH = 1.96;
/** Of the range, kept free above and below. */
const MARGIN = 0.06;
/** An output that moves by less is level: rounding should not look like a curve. */
const LEVEL = 1e-6;

/** Both ways. @type {Way[]} */
export const WAYS = ["deletion", "insertion"];

/**
 * A plot of 100 by 100, zero at its lower left.
 *
 * @param {Curves} curves
 */
export function plot(curves) {
  const { counts } = curves;
  const all = WAYS.flatMap((way) => [
    curves[way] ?? [],
    curves[`random_${way}`] ?? [],
    curves[`exact_${way}`] ?? [],
  ]).flat();
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const span = Math.max(most - least, LEVEL * Math.max(1, Math.abs(most)));
  const low = (least + most - span) / 2 - MARGIN * span;
  /** @param {number} value */
  const y = (value) => (100 * (value - low)) / (span * (1 + 2 * MARGIN));
  /** @param {number} i */
  const x = (i) => (100 * counts[i]) / (counts.at(-1) || 1);
  /** @param {number} value @param {number} i */
  const point = (value, i) => `${x(i).toFixed(2)} ${(100 - y(value)).toFixed(2)}`;
  /** @param {number[] | undefined} values @returns {string} an SVG path, y downwards; "" without values */
  const line = (values) => (values?.length ? `M${values.map(point).join("L")}` : "");
  /** @param {number[] | undefined} mean @param {number[] | undefined} error */
  const band = (mean, error) => {
    if (!mean || !error) return "";
    const edges = [1, -1].map((sign) => mean.map((value, i) => point(value + sign * REACH * error[i], i)));
    return `M${[...edges[0], ...edges[1].reverse()].join("L")}Z`;
  };
  return { least, most, x, y, line, band };
}

/**
 * The mean output along a curve, by trapezia.
 *
 * @param {number[]} counts
 * @param {number[]} values
 */
export function area(counts, values) {
  let sum = 0;
  for (let i = 1; i < counts.length; i++)
    sum += ((counts[i] - counts[i - 1]) * (values[i] + values[i - 1])) / 2;
  return sum / (counts.at(-1) || 1);
}

/**
 * @param {number[]} counts
 * @param {number} share of the features, 0 to 1
 * @returns {number} the point that is nearest
 */
export function nearestPoint(counts, share) {
  const wanted = share * (counts.at(-1) ?? 0);
  const gaps = counts.map((n) => Math.abs(n - wanted));
  return gaps.indexOf(Math.min(...gaps));
}

/**
 * @param {Curves} curves
 * @param {Way} way
 * @param {number} i a point
 * @returns {Set<number>} the features that are gone there
 */
export function gone({ counts, order }, way, i) {
  return new Set(way === "deletion" ? order.slice(0, counts[i]) : order.slice(counts[i]));
}
