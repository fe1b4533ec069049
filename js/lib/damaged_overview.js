/**
 * What is wrong with the data of an overview.
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
  is,
  length,
  list,
  maybe,
  named,
  number,
  shape,
  sizeOf,
  text,
  tuple,
  wrong,
} from "./checks.js";
import { SPACES } from "./damage.js";
import { image, LOOK } from "./damaged_subject.js";
import { own } from "./own.js";

const KINDS = ["text", "table", "image"];
const COLUMNS = ["number", "category", "text", "group", "word", "segment"];
/** How a density is cut: as widgets/overview_payload.py does. */
const [BINS, PLANE] = [48, 32 * 24];
const CURVES = ["grid", "pdp", "pdp_low", "pdp_high", "ice", "ale_grid", "ale", "ale_low", "ale_high"];

/** @param {number} d features @returns {Check} */
const subject = (d) =>
  shape({
    kind: among(KINDS),
    model: text,
    method: text,
    n_rows: count,
    n_explained: count,
    closed: flag,
    features: list(named),
    columns: list(
      shape({ kind: among(COLUMNS), names: maybe(list(text)), count: maybe(count), whole: maybe(flag) }),
      d,
    ),
    labelled: maybe(flag),
    image: maybe(image(d)),
  });

/** @type {Check} */
const outputs = (value) =>
  shape({
    names: list(named),
    space: among(SPACES),
    target: below(sizeOf(value?.names)),
    mean: number,
    base: number,
    unit: maybe(text),
    notes: list(text),
  })(value);

/** @param {number} d @returns {Check} */
const points = (d) => (value) => {
  const n = length(value?.rows) / 4;
  const all = bytesOf(4 * n * d);
  const rows = list(count);
  return shape({
    rows: is(() => Number.isInteger(n)),
    sampled: below(n + 1),
    values: all,
    errors: maybe(all),
    data: all,
    predictions: bytesOf(4 * n),
    bases: maybe(bytesOf(4 * n)),
    truths: maybe(list(text, n)),
    labels: maybe(list(text, n)),
    notable: shape({ largest: rows, surprising: rows, wrong: rows }),
  })(value);
};

/** A text in pieces, and a number for each of its words. @type {Check} */
const written = (value) => {
  const m = sizeOf(value?.names);
  const place = is((one) => one === -1 || below(m)(one) === null);
  const numbers = bytesOf(4 * m);
  return shape({
    row: count,
    prediction: number,
    base: number,
    truth: text,
    label: maybe(text),
    names: list(text),
    pieces: list(tuple(text, place)),
    values: numbers,
    errors: maybe(numbers),
  })(value);
};

/** @param {number} d @returns {Check} */
const texts = (d) =>
  maybe(
    list((value) => {
      const word = is((one) => one === -1 || below(d)(one) === null);
      return written(value) ?? shape({ words: list(word, sizeOf(value?.names)) })(value);
    }),
  );

/** @param {number} d @returns {Check} */
const density = (d) =>
  maybe(
    shape({
      low: bytesOf(4 * d),
      high: bytesOf(4 * d),
      strips: bytesOf(BINS * d),
      planes: list(maybe(shape({ low: number, high: number, counts: bytesOf(PLANE) })), d),
    }),
  );

/** @param {number} d @returns {Check} */
const measures = (d) => (value) => {
  const numbers = bytesOf(4 * d);
  const known = shape({
    name: text,
    label: text,
    said: text,
    signed: flag,
    values: numbers,
    low: numbers,
    high: numbers,
    notes: list(text),
  });
  const found = shape({ known: list(known), offers: list(shape({ name: text, label: text })) })(value);
  return found === null && value.known.length === 0 ? ".known" : found;
};

/** @type {Check} */
const curve = (value) => {
  const sizes = CURVES.map((name) => length(value?.[name]));
  const [grid, pdp, low, high, ice, steps, ale, ...ends] = sizes;
  const fits =
    sizes.every((size) => size >= 0 && size % 4 === 0) &&
    [pdp, low, high].every((size) => size === grid) &&
    (ice === 0 || (grid > 0 && ice % grid === 0)) &&
    [ale, ...ends].every((size) => size === steps);
  return fits ? shape({ note: text })(value) : "";
};

/** @param {number} d @returns {Check} by feature */
const curves = (d) => (value) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return "";
  for (const [feature, one] of Object.entries(value)) {
    const found = below(d)(Number(feature)) ?? curve(one);
    if (found !== null) return `.${feature}${found}`;
  }
  return null;
};

/** @param {number} d @returns {Check} what the reader chose */
const settings = (d) =>
  shape({
    measure: text,
    feature: maybe(below(d)),
    row: maybe(count),
    cohort: maybe(
      shape({ feature: below(d), axis: among(["value", "attribution"]), low: number, high: number }),
    ),
  });

/**
 * @param {Get} get
 * @returns {string} the trait of an overview and where in it, or ""
 */
export function overviewDamageOf(get) {
  const d = sizeOf(get("subject")?.features);
  if (d < 1) return "subject.features";
  /** @type {Record<string, Check>} */
  const traits = {
    look: LOOK,
    subject: subject(d),
    outputs,
    points: points(d),
    texts: texts(d),
    density: density(d),
    measures: measures(d),
    curves: curves(d),
    partners: maybe(
      list(
        is((one) => one === -1 || below(d)(one) === null),
        d,
      ),
    ),
    settings: settings(d),
  };
  return wrong(traits, get);
}

/**
 * @param {any} content of a message
 * @param {any} buffers
 * @param {any} subject
 * @returns {boolean} may it be believed?
 */
export function isOverviewMessage(content, buffers, subject) {
  const d = subject.features.length;
  const sent = Array.isArray(buffers) ? buffers : [];
  const [values, errors] = sent;
  const row = {
    cells: list(text, d),
    row: count,
    prediction: number,
    base: number,
    truth: text,
    label: maybe(text),
  };
  /** @type {Check} */
  const ofTable = () => (length(values) === 4 * d && [0, 4 * d].includes(length(errors)) ? null : "");
  /** @type {Check} of an image its picture, too */
  const pictured = (drawn) =>
    maybe((value) => image(d)({ ...value, picture: sent[2], segments: sent[3] }))(drawn);
  /** @type {Check} */
  const ofText = () => written({ ...content, values, errors: length(errors) === 0 ? null : errors });
  /** @type {Record<string, Check>} */
  const kinds = {
    waiting: () => null,
    turn: () => null,
    measure: shape({ done: maybe(is((one) => one >= 0 && one <= 1)) }),
    dependence: () => null,
    row: (value) =>
      subject.kind === "text"
        ? ofText(value)
        : (shape(row)(value) ?? ofTable(value) ?? pictured(value.subject)),
    cohort: (value) =>
      sent.length === 4 && list(bytesOf(4 * d))(sent) === null
        ? shape({ n: tuple(count, count), predictions: tuple(maybe(number), maybe(number)) })(value)
        : "",
  };
  const check = typeof content?.type === "string" ? own(kinds, content.type) : undefined;
  if (!check) return false;
  if (content.type === "row" && content.explained === false) return maybe(count)(content.row) === null;
  return content.error === undefined ? check(content) === null : text(content.error) === null;
}
