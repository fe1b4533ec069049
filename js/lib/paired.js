/**
 * Gram matrices of rows that come in complementary pairs, from one row of each.
 *
 * Of n rows, the complements lack both i and j where the rows have both: in
 * n - (lacking i) - (lacking j) + (lacking both) of them. So half of the counting is enough.
 *
 * @typedef {import("./gram.js").Columns} Columns
 * @typedef {import("./neighborhood.js").Rows} Rows
 */
import { columns, countCommon, gramsByWeight } from "./gram.js";

/**
 * Sums of the rows' absences' products, under several weights at once.
 *
 * @param {Rows} rows
 * @param {number} n how many of the first rows
 * @param {Float64Array[]} weights of a row, by its size 0 ... d; a multiple of four of them
 * @returns {Float64Array[]} a packed matrix for each of `weights`
 */
export function gramsOfPairs(rows, n, weights) {
  const { group, sizes, paired } = grouped(rows, n);
  const halves = columns(rows, group, sizes.length);
  const other = (/** @type {Float64Array} */ weight) =>
    Float64Array.from(sizes, (size, g) => (paired[g] ? weight[rows.d - size] : 0));
  const both = weights.map((weight) => other(weight).map((value, g) => value + weight[sizes[g]]));
  const grams = gramsByWeight(halves, both);
  const lacking = lackingOne(halves);
  for (const [k, weight] of weights.entries()) addComplements(grams[k], other(weight), halves, lacking);
  return grams;
}

/**
 * Group the rows by size, pairs apart from single rows. Of a pair the smaller row counts.
 *
 * @param {Rows} rows
 * @param {number} n
 */
function grouped(rows, n) {
  const mates = rows.mates();
  const group = new Int32Array(n).fill(-1);
  /** @type {Map<number, number>} */
  const numbers = new Map();
  for (let row = 0; row < n; row++) {
    const size = rows.sizes[row];
    const paired = mates[row] >= 0 && mates[row] < n;
    if (paired && (2 * size > rows.d || (2 * size === rows.d && mates[row] < row))) continue;
    const name = 2 * size + Number(paired);
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    group[row] = numbers.get(name) ?? -1;
  }
  const names = [...numbers.keys()];
  return { group, sizes: names.map((name) => name >> 1), paired: names.map((name) => name % 2 === 1) };
}

/**
 * How many rows of each group lack each feature.
 *
 * @param {Columns} columns
 * @returns {Float64Array[]} for each feature one number a group
 */
function lackingOne({ d, counts, starts, bits }) {
  return Array.from({ length: d }, (_, i) => {
    const count = new Float64Array(counts.length);
    countCommon(bits, i, i, starts, count);
    return count;
  });
}

/**
 * Add what `gramsByWeight` does not count: all complements, less those of rows that lack one of the two.
 *
 * @param {Float64Array} gram packed
 * @param {Float64Array} weights of the complements, by group
 * @param {Columns} columns
 * @param {Float64Array[]} lacking
 */
function addComplements(gram, weights, { d, counts }, lacking) {
  const all = weighted(counts, weights);
  const one = lacking.map((count) => weighted(count, weights));
  for (let i = 0, at = 0; i < d; i++) for (let j = 0; j <= i; j++, at++) gram[at] += all - one[i] - one[j];
}

/**
 * @param {Float64Array} counts
 * @param {Float64Array} weights
 */
function weighted(counts, weights) {
  return counts.reduce((sum, count, g) => sum + count * weights[g], 0);
}
