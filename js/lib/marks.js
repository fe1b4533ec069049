/** A reader's marks: which features should matter, and which should not. Nothing here knows of a page. */
import { marks } from "./words/marks_en.js";

/**
 * @typedef {keyof typeof marks.names} Mark
 * @typedef {[feature: number, mark: Mark]} Pair
 */

/** By the names that Python has for them (src/limelight/feedback.py), what should not matter first. */
export const MARKS = /** @type {Mark[]} */ (Object.keys(marks.names));

/**
 * Marks by feature. Views that were saved before had none.
 *
 * @param {Pair[] | null | undefined} pairs
 * @returns {Map<number, Mark>}
 */
export const marksOf = (pairs) => new Map(pairs ?? []);

/**
 * The same with one feature marked so; or without its mark, where it had this one.
 *
 * @param {Map<number, Mark>} marks
 * @param {number} feature
 * @param {Mark} mark
 * @returns {Map<number, Mark>} by feature, in order
 */
export function turned(marks, feature, mark) {
  const found = new Map(marks);
  if (found.get(feature) === mark) found.delete(feature);
  else found.set(feature, mark);
  return new Map([...found].sort(([a], [b]) => a - b));
}

/**
 * The share of all that counts which some features have.
 *
 * @param {ArrayLike<number>} values
 * @param {number[]} features
 * @returns {number | null} null: nothing counts
 */
export function shareOf(values, features) {
  const all = Array.from(values).reduce((sum, value) => sum + Math.abs(value), 0);
  const some = features.reduce((sum, feature) => sum + Math.abs(values[feature]), 0);
  return all > 0 ? some / all : null;
}
