/**
 * What is explained: whether it is whole, and takes no more memory than the bytes there are bear out.
 *
 * @typedef {import("./checks.js").Check} Check
 */
import { among, below, bytes, count, is, list, maybe, named, shape, text, tuple, view } from "./checks.js";

const KINDS = ["number", "category", "text", "group", "fixed"];
/** More would take the page's memory. */
const MOST_PIXELS = 2 ** 25;

/** Views that were saved before had none. */
export const LOOK = (/** @type {any} */ value) =>
  value === undefined ? null : shape({ language: text, theme: text })(value);

/** What subjects of all kinds have. */
const SUBJECT = {
  model: text,
  source: maybe(text),
  hide: maybe(text),
  notes: maybe(list(text)),
};

/** @type {Record<string, (subject: any, d: number) => string | null>} */
const DRAWN = {
  text: (subject, d) =>
    shape({
      pieces: list(
        tuple(
          text,
          is((f) => f === -1 || below(d)(f) === null),
        ),
      ),
      cut: maybe(count),
    })(subject),
  table: (subject, d) =>
    shape({ columns: list(shape({ value: named, kind: among(KINDS), categories: maybe(list(text)) }), d) })(
      subject,
    ),
  image: (subject, d) => {
    const { width, height } = subject;
    const side = below(MOST_PIXELS + 1);
    const area = is(() => width * height > 0 && width * height <= MOST_PIXELS);
    const found = shape({ width: side, height: side, picture: bytes, segments: bytes })(subject);
    if (found !== null) return found;
    if (area(0) !== null) return ".width";
    if (!fits(view(subject.picture), width, height)) return ".picture";
    return covers(view(subject.segments), width * height, d) ? null : ".segments";
  },
};

/**
 * A PNG file tells its size: one that tells another would be unpacked to that.
 *
 * @param {DataView} file
 * @param {number} width
 * @param {number} height
 */
function fits(file, width, height) {
  const png = file.byteLength >= 24 && file.getUint32(0) === 0x89504e47;
  return !png || (file.getUint32(16) === width && file.getUint32(20) === height);
}

/**
 * @param {DataView} runs
 * @param {number} pixels
 * @param {number} d
 */
function covers(runs, pixels, d) {
  let sum = 0;
  for (let at = 0; at + 3 < runs.byteLength; at += 4) {
    if (runs.getUint16(at, true) >= d) return false;
    sum += runs.getUint16(at + 2, true);
  }
  return sum === pixels;
}

/** A picture and its segments. @param {number} d segments @returns {Check} */
export const image = (d) => (value) => shape({})(value) ?? DRAWN.image(value, d);

/** Subjects never change, and some are large. @type {WeakSet<object>} */
const sound = new WeakSet();

/** @param {string[]} kinds @returns {Check} what is explained */
export const subjectOf = (kinds) => (subject) => {
  if (sound.has(subject) && kinds.includes(subject.kind)) return null;
  const found = shape({ ...SUBJECT, kind: among(kinds), features: list(named) })(subject);
  if (found !== null) return found;
  const d = subject.features.length;
  const damage = d ? DRAWN[subject.kind](subject, d) : ".features";
  if (damage === null) sound.add(subject);
  return damage;
};
