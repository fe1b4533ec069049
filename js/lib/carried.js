/** What a view of a data set carries: its traits, read. Made anew when they change. */
import { bytes, float32 } from "./arrays.js";
import { Corpus, rowOf } from "./corpus.js";
import { Points } from "./points.js";
import { decimals, fixed, largest } from "./scale.js";
import { reachOf } from "./swarm.js";

/**
 * @typedef {object} Measure how much each feature matters
 * @property {string} name
 * @property {string} label
 * @property {string} said what it is, and its unit
 * @property {boolean} signed
 * @property {Float32Array} values
 * @property {Float32Array} low of the 95 % intervals; NaN: not known
 * @property {Float32Array} high
 * @property {string[]} notes
 *
 * @typedef {object} Row one row, explained
 * @property {number} row
 * @property {string | null} label what the index of the data calls it; null: that only counts
 * @property {number} prediction
 * @property {number} base
 * @property {string} truth "": not known
 * @property {string[]} names what its parts are called: features, or words in the order of the text
 * @property {string[]} cells the features' values, as they are read
 * @property {Float32Array} values
 * @property {Float32Array | null} errors standard errors; null: exact
 * @property {[string, number][] | null} pieces of a text, each with its part or -1
 *
 * @typedef {object} Density how all rows are spread, where not all are carried
 * @property {Float32Array} low each feature's lowest attribution
 * @property {Float32Array} high
 * @property {Uint8Array} strips feature by feature: rows by attribution, 255 is the most
 * @property {({low: number, high: number, counts: Uint8Array} | null)[]} planes rows by value and attribution
 *
 * @typedef {{names: string[], space: string, target: number, mean: number, base: number, notes: string[], unit?: string}} Outputs
 *   `unit`: of a number that is predicted, what it is of, or ""
 */

export class Carried {
  /**
   * @param {import("./watch.js").Model} model
   * @param {import("./overview_shown.js").Words} words
   */
  constructor(model, words) {
    this.words = words;
    this.subject = model.get("subject");
    /** @type {Outputs} */
    this.outputs = model.get("outputs");
    /** @type {string[]} */
    this.names = this.subject.features.map((/** @type {any} */ name) =>
      this.subject.kind === "image" ? words.given(String(name)) : String(name),
    );
    const [texts, points, density, { known, offers }] = ["texts", "points", "density", "measures"].map(
      (name) => model.get(name),
    );
    this.corpus = texts ? new Corpus(texts, this.names.length) : null;
    this.points = new Points(points, this.subject.columns);
    /** Rows worth a look, by why. @type {Record<string, number[]>} */
    this.notable = points.notable;
    /** @type {Measure[]} */
    this.measures = known.map((/** @type {Record<string, any>} */ one) => numbers(one));
    /** Measures that can be asked for, too. @type {{name: string, label: string}[]} */
    this.offers = offers;
    /** How the output depends on features, as far as that is known. @type {Map<number, Record<string, any>>} */
    this.curves = new Map(
      Object.entries(model.get("curves")).map(([feature, found]) => [Number(feature), numbers(found)]),
    );
    /** For each feature the one that changes most of what it does; -1: none is known. @type {number[] | null} */
    this.partners = model.get("partners");
    /** @type {Density | null} all rows are drawn */
    this.density = density && {
      ...numbers({ low: density.low, high: density.high }),
      strips: bytes(density.strips),
      planes: density.planes.map((/** @type {any} */ one) => one && { ...one, counts: bytes(one.counts) }),
    };
    const ends = this.density ? [...this.density.low, ...this.density.high] : [];
    /** The scale of all attributions. */
    this.reach = reachOf([...ends, ...(this.corpus ?? this.points).values]);
    /** Decimals that they are written with. */
    this.digits = decimals(largest([this.reach.low, this.reach.high])) + 1;
  }

  /** One feature's attributions. @param {number} feature */
  lane(feature) {
    return (this.corpus ?? this.points).lane(feature);
  }

  /** @param {number} number @returns {Row | null} */
  row(number) {
    if (this.corpus) return this.corpus.row(number);
    const { points, outputs, names } = this;
    const place = points.place(number);
    if (place < 0) return null;
    const [from, to] = [place * points.d, (place + 1) * points.d];
    return {
      row: number,
      label: points.labels?.[place] ?? null,
      prediction: points.predictions[place],
      base: points.bases?.[place] ?? outputs.base,
      truth: points.truths?.[place] ?? "",
      names,
      cells: names.map((_, j) => this.cell(j, points.data[from + j])),
      values: points.values.slice(from, to),
      errors: points.errors?.subarray(from, to) ?? null,
      pieces: null,
    };
  }

  /** A row that was asked for. @param {any} sent @param {any[]} buffers @returns {Row} */
  sent(sent, [values, errors]) {
    const known = { ...sent, values, errors: errors.byteLength ? errors : null };
    if (this.corpus) return rowOf(known);
    return { label: null, ...numbers(known), names: this.names, pieces: null };
  }

  /** @param {string} label @returns {number | null} the row that is carried and is called so */
  labelled(label) {
    if (this.corpus) return this.corpus.rows.find((row) => this.corpus?.row(row)?.label === label) ?? null;
    const place = this.points.labels?.indexOf(label) ?? -1;
    return place < 0 ? null : this.points.rows[place];
  }

  /** A value in the reader's terms. @param {number} feature @param {number} value of a category its number */
  cell(feature, value) {
    const { kind, names } = this.subject.columns[feature];
    if (kind !== "number" && kind !== "category") return "";
    if (names) return String(names[value] ?? this.words.overview.missing);
    return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : this.words.overview.missing;
  }

  /** Both ends of a range of values. @param {number} feature @param {number} low @param {number} high */
  ends(feature, low, high) {
    const { names, whole } = this.subject.columns[feature];
    if (names) return [low, high].map((end) => this.cell(feature, end));
    // Whole numbers from 33.2 to 60.7 are those from 34 to 60.
    if (whole && Math.ceil(low) <= Math.floor(high))
      return [Math.ceil(low), Math.floor(high)].map((end) => fixed(end, 0));
    const digits = Math.min(6, decimals(high - low) + 1);
    return [low, high].map((end) => fixed(end, Number.isInteger(end) ? 0 : digits));
  }
}

/** Bytes as numbers, and all else as it is. @param {Record<string, any>} fields @returns {any} */
const numbers = (fields) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? float32(/** @type {any} */ (value)) : value,
    ]),
  );
