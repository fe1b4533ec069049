/**
 * Gram matrices of the features' absences, by counting bits.
 *
 * LIME's weight depends only on how many features a row keeps. So for each
 * pair of features count once, size by size, the rows that lack both; a fit
 * for any weights is then a weighted sum of those counts.
 *
 * Symmetric matrices are packed: d (d + 1) / 2 numbers, the lower triangle row by row.
 */

/** @typedef {import("./neighborhood.js").Rows} Rows */

/**
 * Rows, transposed: for each feature, the rows that lack it, as bits. Rows are
 * ordered by group, and each group begins a new word.
 *
 * @typedef {object} Columns
 * @property {number} d
 * @property {Float64Array} counts rows of each group
 * @property {Int32Array} starts first word of each group, and the end
 * @property {Int32Array} bits `starts.at(-1)` words a feature
 */

/**
 * @param {Rows} rows
 * @param {ArrayLike<number>} group of each of the first rows; -1: left out
 * @param {number} groups how many there are
 * @returns {Columns}
 */
export function columns(rows, group, groups) {
  const { d } = rows;
  const counts = new Float64Array(groups);
  for (let row = 0; row < group.length; row++) if (group[row] >= 0) counts[group[row]]++;
  const starts = new Int32Array(groups + 1);
  for (let g = 0; g < groups; g++) starts[g + 1] = starts[g] + Math.ceil(counts[g] / 32);
  const words = starts[groups];
  const next = starts.map((word) => 32 * word); // the bit where a group's next row goes
  const bits = new Int32Array(d * words);
  const list = new Int32Array(d);
  for (let row = 0; row < group.length; row++) {
    if (group[row] < 0) continue;
    const place = next[group[row]]++;
    const lacked = lackedBy(rows, row, list);
    for (let i = 0; i < lacked; i++) bits[list[i] * words + (place >>> 5)] |= 1 << (place & 31);
  }
  return { d, counts, starts, bits };
}

/**
 * List the features that a row lacks.
 *
 * @param {Rows} rows
 * @param {number} row
 * @param {Int32Array} list filled, in ascending order; d numbers of room
 * @returns {number} how many there are
 */
export function lackedBy({ d, words, bits }, row, list) {
  let length = 0;
  for (let i = 0; i < words; i++) {
    const last = d - 32 * i;
    let absent = ~bits[row * words + i] & (last < 32 ? 2 ** last - 1 : -1);
    for (; absent; absent &= absent - 1) list[length++] = 32 * i + 31 - Math.clz32(absent & -absent);
  }
  return length;
}

/**
 * The weighted sum itself, row by row: exact, and slow for many rows.
 *
 * @param {Rows} rows
 * @param {number} n
 * @param {Float64Array} weights of a row, by its size
 * @returns {Float64Array} packed
 */
export function gramByRow(rows, n, weights) {
  const gram = new Float64Array((rows.d * (rows.d + 1)) / 2);
  const list = new Int32Array(rows.d);
  for (let row = 0; row < n; row++) {
    const lacked = lackedBy(rows, row, list);
    const weight = weights[rows.sizes[row]];
    for (let i = 0; i < lacked; i++) {
      const start = (list[i] * (list[i] + 1)) / 2;
      for (let j = 0; j <= i; j++) gram[start + list[j]] += weight;
    }
  }
  return gram;
}

/**
 * Count, for each group, the rows that lack both of two features.
 *
 * @param {Columns} columns
 * @returns {Float64Array[]} a packed matrix for each group
 */
export function gramsByGroup({ d, counts, starts, bits }) {
  const grams = Array.from(counts, () => new Float64Array((d * (d + 1)) / 2));
  const count = new Float64Array(counts.length);
  for (let i = 0, at = 0; i < d; i++)
    for (let j = 0; j <= i; j++, at++) {
      countCommon(bits, i, j, starts, count);
      for (let s = 0; s < count.length; s++) grams[s][at] = count[s];
    }
  return grams;
}

/**
 * Weighted sums of those counts, for when a matrix for each group is too much.
 *
 * @param {Columns} columns
 * @param {Float64Array[]} weights of a row, by its group; a multiple of four of them
 * @returns {Float64Array[]} a packed matrix for each of `weights`
 */
export function gramsByWeight({ d, counts, starts, bits }, weights) {
  const grams = weights.map(() => new Float64Array((d * (d + 1)) / 2));
  const count = new Float64Array(counts.length);
  for (let i = 0, at = 0; i < d; i++)
    for (let j = 0; j <= i; j++, at++) {
      countCommon(bits, i, j, starts, count);
      for (let k = 0; k < weights.length; k += 4) fourSums(count, weights, k, grams, at);
    }
  return grams;
}

/**
 * Four sums in one pass: this loop is most of the work for many features.
 *
 * @param {Float64Array} count
 * @param {Float64Array[]} weights
 * @param {number} k
 * @param {Float64Array[]} grams
 * @param {number} at
 */
function fourSums(count, weights, k, grams, at) {
  const [w0, w1, w2, w3] = [weights[k], weights[k + 1], weights[k + 2], weights[k + 3]];
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let s = 0; s < count.length; s++) {
    const c = count[s];
    s0 += c * w0[s];
    s1 += c * w1[s];
    s2 += c * w2[s];
    s3 += c * w3[s];
  }
  grams[k][at] = s0;
  grams[k + 1][at] = s1;
  grams[k + 2][at] = s2;
  grams[k + 3][at] = s3;
}

/**
 * @param {Int32Array} bits
 * @param {number} i
 * @param {number} j
 * @param {Int32Array} starts
 * @param {Float64Array} count filled with the number of rows of each group that lack i and j
 */
export function countCommon(bits, i, j, starts, count) {
  const words = starts[count.length];
  const [a, b] = [i * words, j * words];
  for (let s = 0; s < count.length; s++) {
    let sum = 0;
    for (let word = starts[s]; word < starts[s + 1]; word++) sum += ones(bits[a + word] & bits[b + word]);
    count[s] = sum;
  }
}

/**
 * How many bits are set: sums over neighbouring pairs, nibbles, bytes.
 *
 * @param {number} word
 */
function ones(word) {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
