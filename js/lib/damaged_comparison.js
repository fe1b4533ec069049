/**
 * What is wrong with the data of a comparison.
 *
 * @typedef {import("./checks.js").Check} Check
 * @typedef {import("./checks.js").Get} Get
 */
import {
  among,
  below,
  bytesOf,
  count,
  flag,
  list,
  maybe,
  number,
  shape,
  sizeOf,
  text,
  tuple,
  wrong,
} from "./checks.js";
import { SPACES } from "./damage.js";
import { LOOK, subjectOf } from "./damaged_subject.js";
import { MARKS } from "./marks.js";

const KINDS = ["text", "table", "image"];

/**
 * @param {Get} get
 * @returns {string} the trait of a comparison and where in it, or ""
 */
export function comparisonDamageOf(get) {
  const all = list(subjectOf(KINDS))(get("subjects"));
  if (all !== null) return `subjects${all}`;
  const subjects = get("subjects");
  if (new Set(subjects.map((/** @type {any} */ { kind }) => kind)).size !== 1) return "subjects";
  const keys = get("agreement")?.features?.length;
  const pair = shape({
    first: text,
    second: text,
    common: count,
    of: count,
    few: flag,
    rank: maybe(number),
    top: count,
    shared: count,
    disagree: list(below(keys)),
  });
  const agreement = {
    space: among(SPACES),
    one_output: flag,
    shared: flag,
    features: list(text),
    pairs: list(pair),
  };
  /** @type {Record<string, Check>} */
  const traits = {
    look: LOOK,
    agreement: shape(agreement),
    columns: (value) => (value?.length ? list(columnOf(subjects, keys))(value) : ""),
  };
  return wrong(traits, get);
}

/**
 * @param {any[]} subjects
 * @param {number} keys how many features all columns have together
 * @returns {Check}
 */
const columnOf = (subjects, keys) => (value) => {
  const { subject, keys: places } = Object(value);
  const { features = [], width, height } = (Number.isInteger(subject) && subjects[subject]) || {};
  const numbers = bytesOf(4 * sizeOf(places));
  if (sizeOf(places) > features.length) return ".keys";
  return shape({
    name: text,
    said: tuple(text, maybe(number)),
    warning: text,
    subject: below(subjects.length),
    keys: list(below(keys)),
    signed: flag,
    own: flag,
    scale: number,
    values: numbers,
    margins: numbers,
    pixels: maybe(bytesOf(width * height)),
    marks: maybe(list(tuple(below(features.length), among(MARKS)))),
  })(value);
};
