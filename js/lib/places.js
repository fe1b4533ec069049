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

/**
 * On a scale of 100, whose right end is the better one.
 *
 * @param {import("./quality.js").Row} row
 * @returns {{at: Partial<Record<Mark, number>>, low: number, high: number} | null} the places that are known, and the ends
 *   of the value's interval; null: the value is not known
 */
export function placed(row) {
  const { value, std_error: error, better } = row;
  if (value === null || value === undefined) return null;
  const margin = REACH * (error ?? 0);
  const known = /** @type {[Mark, number][]} */ (MARKS.map((mark) => [mark, row[mark]])).filter(
    ([, number]) => Number.isFinite(number),
  );
  const all = known.map(([, number]) => number);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  /** @param {number} number */
  const at = (number) => {
    if (most === least) return 50;
    const share = (number - least) / (most - least);
    const place = MARGIN + (100 - 2 * MARGIN) * (better === "higher" ? share : 1 - share);
    return Math.min(100, Math.max(0, place));
  };
  const ends = [at(value - margin), at(value + margin)];
  return {
    at: Object.fromEntries(known.map(([mark, number]) => [mark, at(number)])),
    low: Math.min(...ends),
    high: Math.max(...ends),
  };
}
