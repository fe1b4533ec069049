/** Lines and bands over the steps of a training, laid out in boxes of 100 by 100. Nothing here knows of a page. */

/**
 * @typedef {ArrayLike<number>} Numbers
 * @typedef {[from: number, to: number]} Span of steps, or of values
 * @typedef {{name: string, steps: Numbers, values: Numbers}} Metric
 */

/** Of the range, kept free above and below a line. */
const MARGIN = 0.08;
/** The least that a metric's scale spans: of shares in their own units, of others as a part of their size. */
const LEAST = 0.1;
/** How wide a band of one record is, in percent. */
const COLUMN = 4;
/** In a metric's name: less of it is better, and it is no share. As training/alarms.py has it. */
const LOWER = /loss|error|perplexity|entropy|brier|(?<![a-z])(r?mse|mae|wer|cer|nll)(?![a-z])/i;

/**
 * @param {Numbers[]} lists of steps, ascending
 * @returns {Span} from the first step of all to the last
 */
export function span(lists) {
  const known = lists.filter(({ length }) => length > 0);
  const from = Math.min(...known.map((steps) => steps[0]), Infinity);
  const to = Math.max(...known.map((steps) => steps[steps.length - 1]), -Infinity);
  return from <= to ? [from, to] : [0, 0];
}

/** @param {number} step @param {Span} span @returns {number} 0 to 100; 0 where there is one step only */
export const across = (step, [from, to]) =>
  Math.min(100, Math.max(0, (100 * (step - from)) / (to - from || 1)));

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

/** Is any of them finite? @param {Numbers[]} lists */
export const anyKnown = (lists) => lists.some((values) => Array.from(values).some(Number.isFinite));

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

/**
 * The points that no line reaches, as neither neighbour is known: each is a line of no length, which round ends make a dot.
 *
 * @param {Numbers} steps
 * @param {Numbers} values
 * @param {Span} span
 * @param {Span} range
 * @returns {string} an SVG path, y downwards
 */
export function dots(steps, values, span, range) {
  const known = (/** @type {number} */ i) => Number.isFinite(values[i]);
  const lone = Array.from(steps, (_, i) => i).filter((i) => known(i) && !known(i - 1) && !known(i + 1));
  return lone.map((i) => `M${point(steps[i], values[i], span, range)}h0`).join("");
}

/** @param {number} step @param {number} value @param {Span} span @param {Span} range */
const point = (step, value, span, range) =>
  `${across(step, span).toFixed(2)} ${(100 - up(value, range)).toFixed(2)}`;

/**
 * What lies between two lines, of the steps at which both are known; of one step it is a column.
 *
 * @param {Numbers} steps
 * @param {Numbers} low
 * @param {Numbers} high
 * @param {Span} span
 * @param {Span} range
 */
export function area(steps, low, high, span, range) {
  const known = Array.from(steps, (_, i) => i).filter((i) => Number.isFinite(low[i] + high[i]));
  if (!known.length) return "";
  if (known.length === 1) {
    const x = Math.min(across(steps[known[0]], span), 100 - COLUMN);
    const [top, bottom] = [high, low].map((edge) => (100 - up(edge[known[0]], range)).toFixed(2));
    return `M${x.toFixed(2)} ${top}h${COLUMN}V${bottom}h${-COLUMN}Z`;
  }
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
 * Where a name fits best into a band: where the band holds the highest box of that width.
 *
 * @param {{low: Numbers, high: Numbers}} band
 * @param {Numbers} steps
 * @param {Span} span
 * @param {Span} range
 * @param {number} wide of the name, in percent
 * @returns {{x: number, y: number, thick: number}} in percent: the box's middle, y from the bottom, and its height
 */
export function roomiest({ low, high }, steps, span, range, wide) {
  let best = { x: 50, y: 0, thick: -1 };
  const at = (/** @type {Numbers} */ edge) =>
    Array.from({ length: 101 }, (_, x) => up(between(steps, edge, span, x), range));
  const [bottoms, tops] = [at(low), at(high)];
  const half = Math.ceil(wide / 2);
  for (let x = half; x <= 100 - half; x++) {
    const bottom = Math.max(...bottoms.slice(x - half, x + half + 1));
    const top = Math.min(...tops.slice(x - half, x + half + 1));
    if (top - bottom > best.thick) best = { x, y: (top + bottom) / 2, thick: top - bottom };
  }
  return best;
}

/** A line's value at a place in percent. @param {Numbers} steps @param {Numbers} values @param {Span} span @param {number} x */
function between(steps, values, span, x) {
  let i = 1;
  while (i < steps.length - 1 && across(steps[i], span) < x) i++;
  if (steps.length < 2) return values[0];
  const [from, to] = [across(steps[i - 1], span), across(steps[i], span)];
  const share = Math.min(1, Math.max(0, (x - from) / (to - from || 1)));
  return values[i - 1] + share * (values[i] - values[i - 1]);
}

/**
 * Drift as it is drawn from the first record on, which has none: held against the first it was nothing there; and what
 * was found at the second, the noise floor too, is of all the steps between.
 *
 * @param {Numbers} values
 * @param {boolean} fromZero is it against the first record?
 * @returns {Float32Array}
 */
export function begun(values, fromZero) {
  const found = Float32Array.from(values);
  if (found.length > 1) found[0] = fromZero ? 0 : found[1];
  return found;
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
 * Since when a metric has been no finite number, as it was at a step.
 *
 * @param {Metric} metric
 * @param {number} step
 * @returns {number | null} null: it was a number, or not known yet
 */
export function lostAt({ steps, values }, step) {
  let lost = null;
  for (let i = 0; i < steps.length && steps[i] <= step; i++)
    lost = Number.isFinite(values[i]) ? null : (lost ?? steps[i]);
  return lost;
}

/**
 * Metrics that are shares, such as accuracy, are drawn on one scale; each other one on its own.
 *
 * @param {Metric[]} metrics
 * @returns {{range: Span, known: Span, ticks: Span, score: boolean, place: number}[]} of each; `known`: the least and the
 *   most on that scale; `ticks`: where it begins and ends, but for some room; `place`: among those of its sort
 */
export function scales(metrics) {
  const scores = metrics.map(
    ({ name, values }) => !LOWER.test(name) && Array.from(values).every((value) => !(value < 0 || value > 1)),
  );
  const shared = metrics.filter((_, i) => scores[i]).map(({ values }) => values);
  let [places, others] = [0, 0];
  return metrics.map(({ values }, i) => {
    const lists = scores[i] ? shared : [values];
    const place = scores[i] ? places++ : others++;
    const known = limits(lists);
    const ticks = widened(known, scores[i]);
    return { range: ends([ticks]), known, ticks, score: scores[i], place };
  });
}

/** A scale on which next to nothing looks like it. @param {Span} known @param {boolean} score @returns {Span} */
function widened([low, high], score) {
  const least = LEAST * (score ? 1 : Math.max(Math.abs(low), Math.abs(high)));
  const room = (least - (high - low)) / 2;
  if (room <= 0) return [low, high];
  const begin = score ? Math.min(Math.max(low - room, 0), 1 - least) : low - room;
  return [begin, begin + least];
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
