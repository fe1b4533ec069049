/** Lines and bands over the steps of a training, laid out in boxes of 100 by 100. Nothing here knows of a page. */

/**
 * @typedef {ArrayLike<number>} Numbers
 * @typedef {[from: number, to: number]} Span of steps, or of values
 * @typedef {{name: string, steps: Numbers, values: Numbers}} Metric
 */

/** Of the range, kept free above and below a line. */
const MARGIN = 0.08;
/** In a metric's name: less of it is better, and it is no share. As training/alarms.py has it. */
const LOWER = /loss|error|perplexity/i;

/**
 * @param {Numbers[]} lists of steps, ascending
 * @returns {Span} from the first step of all to the last
 */
export function span(lists) {
  const known = lists.filter(({ length }) => length > 0);
  const from = Math.min(...known.map((steps) => steps[0]), Infinity);
  const to = Math.max(...known.map((steps) => steps[steps.length - 1]), -Infinity);
  return from < to ? [from, to] : [Number.isFinite(from) ? from : 0, (Number.isFinite(from) ? from : 0) + 1];
}

/** @param {number} step @param {Span} span @returns {number} 0 to 100 */
export const across = (step, [from, to]) => Math.min(100, Math.max(0, (100 * (step - from)) / (to - from)));

/**
 * The least and the most of all that is finite.
 *
 * @param {Numbers[]} lists
 * @returns {Span}
 */
export function limits(lists) {
  let [low, high] = [Infinity, -Infinity];
  for (const values of lists)
    for (let i = 0; i < values.length; i++)
      if (Number.isFinite(values[i])) [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
  return low <= high ? [low, high] : [0, 1];
}

/**
 * The same with some room; from zero, where it is asked for.
 *
 * @param {Numbers[]} lists
 * @param {boolean} [fromZero]
 * @returns {Span}
 */
export function ends(lists, fromZero = false) {
  const [low, high] = limits(fromZero ? [[0], ...lists] : lists);
  const room = (high - low || Math.abs(high) || 1) * MARGIN;
  return [fromZero ? 0 : low - room, high + room];
}

/** @param {number} value @param {Span} ends @returns {number} 0 at the bottom, 100 at the top */
export const up = (value, [low, high]) =>
  Math.min(100, Math.max(0, (100 * (value - low)) / (high - low || 1)));

/**
 * @param {Numbers} steps
 * @param {Numbers} values where one is not finite the line is broken
 * @param {Span} span
 * @param {Span} range
 * @returns {string} an SVG path, y downwards
 */
export function line(steps, values, span, range) {
  let [path, open] = ["", false];
  for (let i = 0; i < steps.length; i++) {
    const known = Number.isFinite(values[i]);
    if (known) path += `${open ? "L" : "M"}${point(steps[i], values[i], span, range)}`;
    open = known;
  }
  return path;
}

/** @param {number} step @param {number} value @param {Span} span @param {Span} range */
const point = (step, value, span, range) =>
  `${across(step, span).toFixed(2)} ${(100 - up(value, range)).toFixed(2)}`;

/**
 * What lies between two lines, of the steps at which both are known.
 *
 * @param {Numbers} steps
 * @param {Numbers} low
 * @param {Numbers} high
 * @param {Span} span
 * @param {Span} range
 */
export function area(steps, low, high, span, range) {
  const known = Array.from(steps, (_, i) => i).filter((i) => Number.isFinite(low[i] + high[i]));
  if (known.length < 2) return "";
  const over = known.map((i) => point(steps[i], high[i], span, range));
  const under = known.map((i) => point(steps[i], low[i], span, range)).reverse();
  return `M${[...over, ...under].join("L")}Z`;
}

/**
 * Stack shares, the first at the bottom.
 *
 * @param {Numbers} shares row by row: n steps x m names
 * @param {number} m
 * @returns {{low: Float64Array, high: Float64Array}[]} each band's edges over the steps
 */
export function stacked(shares, m) {
  const n = m ? shares.length / m : 0;
  let low = new Float64Array(n);
  return Array.from({ length: m }, (_, j) => {
    const base = low;
    const high = base.map((value, i) => value + shares[i * m + j]);
    low = high;
    return { low: base, high };
  });
}

/**
 * Where a band is thickest, away from the very ends: there its name is written.
 *
 * @param {{low: Numbers, high: Numbers}} band
 * @param {Numbers} steps
 * @param {Span} span
 * @param {Span} range
 * @returns {{x: number, y: number, thick: number}} in percent; y from the bottom, to its middle
 */
export function thickest({ low, high }, steps, span, range) {
  let best = { x: 50, y: 0, thick: -1 };
  for (let i = 0; i < steps.length; i++) {
    const x = across(steps[i], span);
    const [bottom, top] = [up(low[i], range), up(high[i], range)];
    if (x >= 12 && x <= 80 && top - bottom > best.thick)
      best = { x, y: (top + bottom) / 2, thick: top - bottom };
  }
  return best;
}

/** @param {Numbers} steps ascending @param {number} step @returns {number} the place of the nearest, or -1 */
export function nearest(steps, step) {
  let best = steps.length - 1;
  for (let i = steps.length - 1; i >= 0; i--)
    if (Math.abs(steps[i] - step) < Math.abs(steps[best] - step)) best = i;
  return best;
}

/**
 * What a metric last was, at a step.
 *
 * @param {Metric} metric
 * @param {number} step
 * @returns {number} NaN: nothing was known yet
 */
export function valueAt({ steps, values }, step) {
  let found = Number.NaN;
  for (let i = 0; i < steps.length && steps[i] <= step; i++) found = values[i];
  return found;
}

/**
 * Metrics that are shares, such as accuracy, are drawn on one scale; each other one on its own.
 *
 * @param {Metric[]} metrics
 * @returns {{range: Span, known: Span, score: boolean, place: number}[]} of each; `known`: the least and the most on that
 *   scale; `place`: among those of its sort
 */
export function scales(metrics) {
  const scores = metrics.map(
    ({ name, values }) => !LOWER.test(name) && Array.from(values).every((value) => value >= 0 && value <= 1),
  );
  const shared = metrics.filter((_, i) => scores[i]).map(({ values }) => values);
  let [places, others] = [0, 0];
  return metrics.map(({ values }, i) => {
    const lists = scores[i] ? shared : [values];
    const place = scores[i] ? places++ : others++;
    return { range: ends(lists), known: limits(lists), score: scores[i], place };
  });
}

/**
 * Which share of the evidence is elsewhere: half the summed differences of shares, as training/drift.py has it.
 *
 * @param {Numbers} a
 * @param {Numbers} b
 */
export function moved(a, b) {
  const [all, other] = [a, b].map((values) => Array.from(values).reduce((sum, v) => sum + Math.abs(v), 0));
  if (all > 0 !== other > 0) return 1;
  let sum = 0;
  for (let i = 0; i < a.length; i++)
    sum += Math.abs(Math.abs(a[i]) / (all || 1) - Math.abs(b[i]) / (other || 1));
  return sum / 2;
}
