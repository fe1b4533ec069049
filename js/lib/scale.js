/** Geometry and numbers as words. Nothing here knows of a page. */

/**
 * Between two ends on a logarithmic scale, as a share from 0 to 1.
 *
 * @param {number} low
 * @param {number} high
 */
export function logScale(low, high) {
  const span = Math.log(high / low);
  return {
    /** @param {number} value */
    share: (value) => Math.min(1, Math.max(0, Math.log(value / low) / span)),
    /** @param {number} share */
    value: (share) => low * Math.exp(share * span),
  };
}

/**
 * Put the features with the largest absolute values first.
 *
 * @param {ArrayLike<number>} values
 * @returns {number[]} their indices; equal ones stay in order
 */
export function ranked(values) {
  return Array.from(values, (_, i) => i).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
}

/** @param {ArrayLike<number>} values */
export function largest(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/**
 * @typedef {object} Bar all in percent of the track
 * @property {number} left
 * @property {number} width
 * @property {number | null} low where the interval begins; null: no interval
 * @property {number} high
 * @property {boolean} clipped true when the interval goes on beyond the track
 *
 * Lay bars out on one track with zero in it.
 *
 * Zero keeps a third of the longer side free on the shorter one, so that a bar
 * against is seen to be against. Intervals that are much wider than every bar
 * are clipped: early ones would squeeze the bars to nothing. Sizes have no
 * shorter side.
 *
 * @param {ArrayLike<number>} values
 * @param {ArrayLike<number>} margins half widths of the intervals; not finite: none
 * @param {boolean} [bothWays] false: values are sizes
 * @returns {{zero: number, bars: Bar[]}}
 */
export function layout(values, margins, bothWays = true) {
  const most = largest(values) || 1;
  const reach = { down: 0, up: 0 };
  for (let i = 0; i < values.length; i++) {
    const margin = Number.isFinite(margins[i]) ? margins[i] : 0;
    reach.up = Math.max(reach.up, Math.min(values[i] + margin, 1.5 * most));
    reach.down = Math.max(reach.down, Math.min(margin - values[i], 1.5 * most));
  }
  const low = bothWays ? -Math.max(reach.down, reach.up / 3, most / 3) : 0;
  const high = Math.max(reach.up, reach.down / 3, most / 3);
  /** @param {number} x */
  const at = (x) => (100 * (Math.min(high, Math.max(low, x)) - low)) / (high - low);
  const zero = at(0);
  const bars = Array.from(values, (value, i) => {
    const [end, margin] = [at(value), margins[i]];
    const bar = { left: Math.min(zero, end), width: Math.abs(end - zero) };
    if (!(margin > 0 && Number.isFinite(margin))) return { ...bar, low: null, high: 0, clipped: false };
    const [from, to] = [value - margin, value + margin];
    return { ...bar, low: at(from), high: at(to), clipped: from < low || to > high };
  });
  return { zero, bars };
}

/**
 * How many decimals show two digits of the largest number.
 *
 * @param {number} most
 */
export function decimals(most) {
  if (!(most > 0) || !Number.isFinite(most)) return 2;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(most))));
}

const formats = Array.from(
  { length: 10 },
  (_, digits) =>
    new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/**
 * @param {number} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  if (!Number.isFinite(value)) return "\u2013";
  const text = formats[digits].format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
}

/**
 * With a plus or a minus, so that no sign rests on colour.
 *
 * @param {number} value
 * @param {number} digits
 */
export function signed(value, digits) {
  const text = fixed(value, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/**
 * How the numbers of an answer are written.
 *
 * @param {{signed: boolean}} answer
 */
export const writer = (answer) => (answer.signed ? signed : fixed);

/** @param {number} value */
export const count = (value) => formats[0].format(value);

/**
 * A prediction before and after, with as many decimals as tell them apart (two to four).
 *
 * @param {number} before
 * @param {number} after
 */
export function moved(before, after) {
  const most = Math.max(Math.abs(before), Math.abs(after));
  let digits = most < 100 ? Math.max(2, decimals(most)) : 0;
  while (digits < 4 && before !== after && fixed(before, digits) === fixed(after, digits)) digits++;
  return `${fixed(before, digits)} \u2192 ${fixed(after, digits)}`;
}

/**
 * One output of the model: two decimals of a probability, two digits of anything else.
 *
 * @param {number} value
 * @param {string} space
 */
export function prediction(value, space) {
  if (space !== "probability")
    return fixed(value, Math.abs(value) < 100 ? Math.max(decimals(Math.abs(value)), 1) : 0);
  if (value > 0 && value < 0.005) return "<0.01";
  return value < 1 && value >= 0.995 ? ">0.99" : fixed(value, 2);
}

/** @param {number} width */
export const widthText = (width) => (width < 1 ? width.toFixed(2) : width.toPrecision(3));

/** Letters of scripts that go from right to left. */
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * A name in a sentence of ours: one that goes from right to left doesn't turn around what stands beside it.
 *
 * @param {string} name
 */
export const isolated = (name) => (FROM_RIGHT.test(name) ? `\u2068${name}\u2069` : name);

/** What turns the direction of what comes after it, such as a number beside a name. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * @param {string} text
 * @param {number} length
 */
export function shortened(text, length) {
  const start = text.slice(0, 4 * length); // names may be very long
  const letters = [...start.replace(TURNS, "")];
  const cut = letters.length > length || start !== text;
  return cut ? `${letters.slice(0, length - 1).join("")}\u2026` : letters.join("");
}
