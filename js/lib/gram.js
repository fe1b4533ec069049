/**
 * Gram matrices of the features' absences, kept up to date while rows come and go.
 *
 * LIME's weight depends only on how many features a row keeps. So count, size
 * by size, the rows that lack both of two features; a fit for any weights is
 * then a weighted sum of those counts.
 *
 * Of a pair of complements one keeps what the other lacks: it lacks both i and j
 * in 1 - [i] - [j] + [i and j] cases, with brackets for what it keeps. So a pair
 * counts once, by the few features that one of the two keeps and the other lacks.
 *
 * Symmetric matrices are packed: d (d + 1) / 2 numbers, the lower triangle row by row.
 *
 * @typedef {import("./neighborhood.js").Rows} Rows
 * @typedef {Uint16Array | Uint32Array} Counts
 */

/** Counts take two bytes up to so many. */
const MOST_SHORT = 65_535;

export class Grams {
  /** Of pairs, by the fewer features; of rows that count alone, by their size. @type {(Counts | undefined)[]} */
  #counts = [];
  /** How many pairs or rows each of them counts. */
  #counted;
  /** Rows that are in without their complement: few. @type {Set<number>} */
  #single = new Set();
  #list;

  /** @param {Rows} rows */
  constructor(rows) {
    this.rows = rows;
    this.#counted = new Float64Array(rows.d + 1);
    this.#list = new Int32Array(rows.d);
  }

  /**
   * Count a row in or out. Rows come in order, and go the other way round.
   *
   * @param {number} row
   * @param {1 | -1} way
   * @param {Int32Array} mates of all rows
   */
  count(row, way, mates) {
    const size = this.rows.sizes[row];
    const alone = this.#alone(size);
    const mate = mates[row];
    const later = !alone && (mate < 0 || mate > row); // its complement comes later, if ever
    if (!alone) this.#part(later ? row : mate, later === way > 0);
    if (later) return;
    const length = list(this.rows, row, !alone && 2 * size < this.rows.d, this.#list);
    const group = alone ? size : length;
    bump(this.#of(group), this.#list, length, way);
    this.#counted[group] += way;
  }

  /**
   * The weighted sum over the rows that were counted.
   *
   * @param {ArrayLike<number>} weights of a row, by its size
   * @returns {Float64Array} packed
   */
  sum(weights) {
    const gram = new Float64Array((this.rows.d * (this.rows.d + 1)) / 2);
    this.#addGroups(gram, weights);
    this.#addSingle(gram, weights);
    return gram;
  }

  /**
   * @param {number} row
   * @param {boolean} single is it in, and its complement not?
   */
  #part(row, single) {
    if (single) this.#single.add(row);
    else this.#single.delete(row);
  }

  /**
   * Does each row of this size count for itself? Complements of half the
   * features are of one size, and under the "bins" law there are none.
   *
   * @param {number} size
   */
  #alone(size) {
    return this.rows.law === "bins" || 2 * size === this.rows.d;
  }

  /** @param {number} group */
  #of(group) {
    const counts = this.#counts[group] ?? new Uint16Array((this.rows.d * (this.rows.d + 1)) / 2);
    const full = this.#counted[group] >= MOST_SHORT && counts instanceof Uint16Array;
    this.#counts[group] = full ? Uint32Array.from(counts) : counts;
    return this.#counts[group];
  }

  /**
   * @param {Float64Array} gram
   * @param {ArrayLike<number>} weights
   */
  #addGroups(gram, weights) {
    const { d } = this.rows;
    const groups = [...this.#counts.keys()].filter((group) => this.#counted[group] > 0);
    const counts = groups.map((group) => /** @type {Counts} */ (this.#counts[group]));
    const pairs = groups.map((group) => !this.#alone(group));
    const both = groups.map((group, k) => weights[group] + (pairs[k] ? weights[d - group] : 0));
    for (let k = 0; k < groups.length; k += 4) addFour(gram, counts, both, k);
    const keep = new Float64Array(d);
    let all = 0;
    for (const [k, group] of groups.entries()) {
      if (!pairs[k]) continue;
      all += weights[group] * this.#counted[group];
      for (let i = 0; i < d; i++) keep[i] += weights[group] * counts[k][(i * (i + 3)) / 2];
    }
    for (let i = 0, at = 0; i < d; i++)
      for (let j = 0; j <= i; j++, at++) gram[at] += all - keep[i] - keep[j];
  }

  /**
   * @param {Float64Array} gram
   * @param {ArrayLike<number>} weights
   */
  #addSingle(gram, weights) {
    const { sizes } = this.rows;
    for (const row of this.#single)
      bump(gram, this.#list, list(this.rows, row, false, this.#list), weights[sizes[row]]);
  }
}

/**
 * List the features that a row keeps, or those that it lacks.
 *
 * @param {Rows} rows
 * @param {number} row
 * @param {boolean} keeps
 * @param {Int32Array} found filled, in ascending order; d numbers of room
 * @returns {number} how many there are
 */
export function list({ d, words, bits }, row, keeps, found) {
  const flip = keeps ? 0 : -1;
  let length = 0;
  for (let i = 0; i < words; i++) {
    const last = d - 32 * i;
    let rest = (bits[row * words + i] ^ flip) & (last < 32 ? 2 ** last - 1 : -1);
    for (; rest; rest &= rest - 1) found[length++] = 32 * i + 31 - Math.clz32(rest & -rest);
  }
  return length;
}

/**
 * Add to all products of the features in a list.
 *
 * @param {Counts | Float64Array} matrix packed
 * @param {Int32Array} list
 * @param {number} length
 * @param {number} amount
 */
function bump(matrix, list, length, amount) {
  for (let i = 0; i < length; i++) {
    const start = (list[i] * (list[i] + 1)) / 2;
    for (let j = 0; j <= i; j++) matrix[start + list[j]] += amount;
  }
}

/**
 * Add four matrices in one pass: this loop is most of a fit's work for many features.
 *
 * @param {Float64Array} sum
 * @param {Counts[]} counts
 * @param {number[]} weights
 * @param {number} k the first of the four; there may be fewer
 */
function addFour(sum, counts, weights, k) {
  const [a, b, c, e] = [0, 1, 2, 3].map((i) => counts[k + i] ?? counts[k]);
  const [wa, wb, wc, we] = [0, 1, 2, 3].map((i) => weights[k + i] ?? 0);
  for (let at = 0; at < sum.length; at++) sum[at] += wa * a[at] + wb * b[at] + wc * c[at] + we * e[at];
}
