/** The texts that a view of a corpus carries, and where each word stands in them. Nothing here knows of a page. */
import { float32 } from "./arrays.js";

/**
 * @typedef {import("./carried.js").Row} Row
 * @typedef {import("./points.js").Lane} Lane
 *
 * @typedef {object} Occurrence of a word
 * @property {number} row
 * @property {number} value
 * @property {string} before what stands before it in the text
 * @property {string} word as it is written there
 * @property {string} after
 */

/** So many letters are shown on each side of a word. */
const AROUND = 48;

export class Corpus {
  /** @type {Map<number, Row>} */
  #rows;
  /** For each word: whose it is, and its place there. @type {[row: Row, place: number][][]} */
  #places;

  /**
   * @param {any[]} texts as they crossed
   * @param {number} d words
   */
  constructor(texts, d) {
    this.#places = Array.from({ length: d }, () => []);
    const rows = texts.map((text) => rowOf(text));
    this.#rows = new Map(rows.map((row) => [row.row, row]));
    texts.forEach(({ words }, i) => {
      words.forEach((/** @type {number} */ word, /** @type {number} */ place) => {
        if (word >= 0) this.#places[word].push([rows[i], place]);
      });
    });
    this.n = texts.length;
    this.values = Float32Array.from(this.#places.flat(), ([{ values }, place]) => values[place]);
  }

  /** @param {number} row */
  row(row) {
    return this.#rows.get(row) ?? null;
  }
  /** Rows in order. */
  get rows() {
    return [...this.#rows.keys()];
  }

  /** @param {number} word @returns {Lane} */
  lane(word) {
    const places = this.#places[word];
    const none = new Float32Array(places.length).fill(Number.NaN);
    return {
      values: Float32Array.from(places, ([{ values }, place]) => values[place]),
      rows: Uint32Array.from(places, ([{ row }]) => row),
      data: none,
      shades: none,
      hues: null,
    };
  }

  /** @param {number} word @returns {Occurrence[]} the largest attribution first */
  occurrences(word) {
    const found = this.#places[word].map(([row, place]) => ({
      row: row.row,
      value: row.values[place],
      ...around(row.pieces ?? [], place),
    }));
    return found.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  }
}

/** @param {any} text @returns {Row} */
export function rowOf({ row, label = null, prediction, base, truth, names, pieces, values, errors }) {
  const cells = names.map(() => "");
  const numbers = { values: float32(values), errors: errors && float32(errors) };
  return { row, label, prediction, base, truth, pieces, names, cells, ...numbers };
}

/**
 * @param {[string, number][]} pieces
 * @param {number} place
 */
function around(pieces, place) {
  const at = pieces.findIndex(([, one]) => one === place);
  /** @param {[string, number][]} some */
  const joined = (some) => some.map(([text]) => text).join("");
  const [before, after] = [joined(pieces.slice(0, at)), joined(pieces.slice(at + 1))];
  return {
    before: before.length > AROUND ? `\u2026${before.slice(-AROUND)}` : before,
    word: pieces[at]?.[0] ?? "",
    after: after.length > AROUND ? `${after.slice(0, AROUND)}\u2026` : after,
  };
}
