/**
 * Where a score stands between those of attributions that know nothing and of exact ones. Nothing here knows of a page.
 *
 * @typedef {"value" | "random" | "input" | "exact"} Mark
 */
import { REACH } from "./curves.js";

/** Of the span, kept free at either end, in percent. */
const MARGIN = 6;

/** @type {Mark[]} */
export const MARKS = ["random", "input", "exact", "value"];

/** @typedef {{low: number, high: number}} Ends of an interval, in places */

/**
 * On a scale of 100, whose right end is the better one; or the higher one, where neither is better.
 *
 * @param {import("./quality.js").Row} row
 * @returns {{at: Partial<Record<Mark, number>>, value: Ends, random: Ends} | null} the places that are known, and the
 *   intervals of the value and of what random attributions have; null: the value is not known
 */
export function placed(row) {
  const { value, random, better } = row;
  if (value === null || value === undefined) return null;
  const known = /** @type {[Mark, number][]} */ (MARKS.map((mark) => [mark, row[mark]])).filter(
    ([, number]) => Number.isFinite(number),
  );
  const all = known.map(([, number]) => number);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  /** @param {number} number */
  const at = (number) => {
    if (most === least) return 50;
    const share = (number - least) / (most - least);
    const place = MARGIN + (100 - 2 * MARGIN) * (better === "lower" ? 1 - share : share);
    return Math.min(100, Math.max(0, place));
  };
  /** @param {number} middle @param {number | null | undefined} error @returns {Ends} */
  const ends = (middle, error) => {
    const both = [-1, 1].map((way) => at(middle + way * REACH * (error ?? 0)));
    return { low: Math.min(...both), high: Math.max(...both) };
  };
  return {
    at: Object.fromEntries(known.map(([mark, number]) => [mark, at(number)])),
    value: ends(value, row.std_error),
    random: ends(random ?? value, Number.isFinite(random) ? row.random_error : 0),
  };
}
