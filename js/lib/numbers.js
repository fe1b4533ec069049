/** Numbers of any size in few letters: with an exponent where decimals would be zeros. */
import { decimals, fixed } from "./scale.js";

/** Below the one, and from the other on, an exponent is shorter. */
const [SMALL, LARGE] = [1e-3, 1e6];
const MOST_DIGITS = 6;

/** @param {number} value @returns {string} with two digits, such as 1.4e−5 */
function exponential(value) {
  const [digits, power] = Math.abs(value).toExponential(1).split("e");
  return `${value < 0 ? "\u2212" : ""}${digits}e${power.replace("+", "").replace("-", "\u2212")}`;
}

/**
 * As many digits as tell a number.
 *
 * @param {number} value
 * @returns {string} a dash where it is not finite
 */
export function said(value) {
  const size = Math.abs(value);
  if (Number.isFinite(size) && size > 0 && (size < SMALL || size >= LARGE)) return exponential(value);
  return fixed(value, Math.min(4, Math.max(2, decimals(size))));
}

/**
 * A number among others, of which the largest is `most`.
 *
 * @param {number} value
 * @param {number} most
 * @param {boolean} plus has it a sign, also where it is above zero?
 */
export function among(value, most, plus) {
  const sign = plus && value > 0 ? "+" : "";
  if (!Number.isFinite(value) || value === 0) return value === 0 ? "0" : fixed(value, 0);
  if ((most > 0 && most < SMALL) || Math.abs(value) >= LARGE) return `${sign}${exponential(value)}`;
  const text = fixed(value, decimals(most));
  return /[1-9]/.test(text) ? `${sign}${text}` : text;
}

/**
 * The least and the most of something, with as many digits as tell them apart; one text where they are alike.
 *
 * @param {[low: number, high: number]} ends
 * @returns {string[]}
 */
export function apart([low, high]) {
  const pair = [said(low), said(high)];
  for (let digits = 3; pair[0] === pair[1] && low !== high && digits <= MOST_DIGITS; digits++)
    [pair[0], pair[1]] = [fixed(low, digits), fixed(high, digits)];
  return pair[0] === pair[1] ? [pair[0]] : pair;
}
