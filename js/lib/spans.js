/** Bars whose intervals need not lie evenly about their ends. Nothing here knows of a page. */

/** @typedef {import("./scale.js").Bar} Bar */

/** An interval reaches so far beyond the longest bar, in lengths of it, and is cut there. */
const BEYOND = 0.5;

/**
 * Lay bars out on one track with zero in it: sizes begin at its left, unless some are below zero.
 *
 * @param {ArrayLike<number>} values those that are not finite have no bar
 * @param {ArrayLike<number>} low where intervals begin; not finite: not known
 * @param {ArrayLike<number>} high
 * @returns {{zero: number, bars: Bar[]}} all in percent of the track
 */
export function spanned(values, low, high) {
  const all = Array.from(values).map((value) => (Number.isFinite(value) ? value : 0));
  const [least, most] = [Math.min(0, ...all), Math.max(0, ...all)];
  const room = BEYOND * (most - least);
  /** @param {ArrayLike<number>} ends */
  const finite = (ends) => Array.from(ends).filter(Number.isFinite);
  const from = Math.max(Math.min(least, ...finite(low)), least - room);
  const to = Math.min(Math.max(most, ...finite(high)), most + room);
  const length = to - from || 1;
  /** @param {number} x */
  const at = (x) => (100 * (Math.min(to, Math.max(from, x)) - from)) / length;
  const zero = at(0);
  const bars = all.map((value, i) => {
    const [end, known] = [at(value), low[i] < high[i] && Number.isFinite(low[i]) && Number.isFinite(high[i])];
    const bar = { left: Math.min(zero, end), width: Math.abs(end - zero) };
    if (!known) return { ...bar, low: null, high: 0, clipped: false };
    return { ...bar, low: at(low[i]), high: at(high[i]), clipped: low[i] < from || high[i] > to };
  });
  return { zero, bars };
}
