/**
 * What may be believed of data that anyone may have written, told by small checks that are put together.
 *
 * A check tells where a value is wrong: a path like ".names[2]", "" for the value itself; null where it is as it should be.
 *
 * @typedef {(value: any) => string | null} Check
 * @typedef {(name: string) => any} Get of a trait
 */

/** @param {(value: any) => boolean} test @returns {Check} */
export const is = (test) => (value) => (test(value) ? null : "");
export const text = is((value) => typeof value === "string");
export const flag = is((value) => typeof value === "boolean");
export const number = is(Number.isFinite);
export const positive = is((value) => Number.isFinite(value) && value > 0);
export const bytes = is((value) => length(value) >= 0);
export const named = is((value) => typeof value === "string" || Number.isFinite(value));

/** @param {number} end @returns {Check} a whole number from 0 to end - 1 */
export const below = (end) => is((value) => Number.isInteger(value) && value >= 0 && value < end);
export const count = is((value) => Number.isSafeInteger(value) && value >= 0);

/** @param {any[]} all @returns {Check} */
export const among = (all) => is((value) => all.includes(value));

/** @param {number[]} lengths @returns {Check} */
export const bytesOf = (...lengths) => is((value) => lengths.includes(length(value)));

/** @param {Check} check @returns {Check} null and what is missing are right, too */
export const maybe = (check) => (value) => (value === null || value === undefined ? null : check(value));

/** @param {Check} check of each @param {number} [long] @returns {Check} */
export const list = (check, long) => (value) => {
  if (!Array.isArray(value) || (long ?? value.length) !== value.length) return "";
  for (const [i, each] of value.entries()) {
    const found = check(each);
    if (found !== null) return `[${i}]${found}`;
  }
  return null;
};

/** @param {Check[]} checks @returns {Check} a list of just these */
export const tuple =
  (...checks) =>
  (value) =>
    Array.isArray(value) && value.length === checks.length ? first(checks, value) : "";

/** @param {Check[]} checks @param {any[]} values */
function first(checks, values) {
  for (const [i, check] of checks.entries()) {
    const found = check(values[i]);
    if (found !== null) return `[${i}]${found}`;
  }
  return null;
}

/** @param {Record<string, Check>} fields @returns {Check} */
export const shape = (fields) => (value) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return "";
  for (const [name, check] of Object.entries(fields)) {
    const found = check(value[name]);
    if (found !== null) return `.${name}${found}`;
  }
  return null;
};

/** @param {any} value @returns {number} of bytes; -1: these are none */
export function length(value) {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? value.byteLength : -1;
}

/** @param {any} value @returns {number} of a list; -1: it is none */
export const sizeOf = (value) => (Array.isArray(value) ? value.length : -1);

/** @param {any} value @returns {DataView} */
export const view = (value) =>
  value instanceof ArrayBuffer
    ? new DataView(value)
    : new DataView(value.buffer, value.byteOffset, value.byteLength);

/**
 * @param {Record<string, Check>} traits
 * @param {Get} get
 */
export function wrong(traits, get) {
  for (const [name, check] of Object.entries(traits)) {
    const found = check(get(name));
    if (found !== null) return name + found;
  }
  return "";
}
