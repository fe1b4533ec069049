/**
 * Symmetric positive semi-definite systems, by Cholesky.
 *
 * Matrices are Float64Arrays of d * d numbers, row by row.
 */

/** A pivot below this share of the trace is noise: its unknown is left out. */
const LEAST_PIVOT = 1e-14;

/**
 * Factor a = l l^T. Unknowns without a pivot are left out: their rows and
 * columns of l are zero, and so is their part of every solution.
 *
 * @param {Float64Array} a only its lower triangle is read
 * @param {number} d
 * @returns {Float64Array} l, with zeros above the diagonal
 */
export function cholesky(a, d) {
  const l = new Float64Array(d * d);
  const least = LEAST_PIVOT * trace(a, d);
  for (let first = 0; first < d; first += 4) {
    fourRows(a, l, d, first);
    for (let i = first; i < Math.min(first + 4, d); i++) finishRow(a, l, d, i, first, least);
  }
  return l;
}

/**
 * Four rows up to the first one's pivot: what is read of the rows above serves all four.
 *
 * @param {Float64Array} a
 * @param {Float64Array} l
 * @param {number} d
 * @param {number} first of the rows; the last row of all stands in for those beyond
 */
function fourRows(a, l, d, first) {
  const [r0, r1, r2, r3] = [0, 1, 2, 3].map((i) => Math.min(first + i, d - 1) * d);
  for (let j = 0, row = 0; j < first; j++, row += d) {
    const pivot = l[row + j];
    if (!(pivot > 0)) continue;
    let [s0, s1, s2, s3] = [a[r0 + j], a[r1 + j], a[r2 + j], a[r3 + j]];
    for (let k = 0; k < j; k++) {
      const above = l[row + k];
      s0 -= l[r0 + k] * above;
      s1 -= l[r1 + k] * above;
      s2 -= l[r2 + k] * above;
      s3 -= l[r3 + k] * above;
    }
    l[r0 + j] = s0 / pivot;
    l[r1 + j] = s1 / pivot;
    l[r2 + j] = s2 / pivot;
    l[r3 + j] = s3 / pivot;
  }
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} l
 * @param {number} d
 * @param {number} i the row
 * @param {number} from this column on
 * @param {number} least a pivot may be
 */
function finishRow(a, l, d, i, from, least) {
  for (let j = from; j < i; j++)
    if (l[j * d + j] > 0) l[i * d + j] = (a[i * d + j] - dot(l, i * d, j * d, j)) / l[j * d + j];
  const pivot = a[i * d + i] - dot(l, i * d, i * d, i);
  if (pivot > least) l[i * d + i] = Math.sqrt(pivot);
  else l.fill(0, i * d, i * d + i);
}

/**
 * Solve l l^T x = b.
 *
 * @param {Float64Array} l from `cholesky`
 * @param {Float64Array} b d numbers
 * @returns {Float64Array}
 */
export function solve(l, b) {
  const d = b.length;
  const x = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let rest = b[i];
    for (let j = 0; j < i; j++) rest -= l[i * d + j] * x[j];
    x[i] = over(rest, l[i * d + i]);
  }
  for (let i = d - 1; i >= 0; i--) {
    x[i] = over(x[i], l[i * d + i]);
    for (let j = 0; j < i; j++) x[j] -= l[i * d + j] * x[i];
  }
  return x;
}

/**
 * Invert l l^T; rows and columns of unknowns left out are zero. A generator:
 * it rests after each row.
 *
 * @param {Float64Array} l from `cholesky`
 * @param {number} d
 * @returns {Generator<void, Float64Array, void>} symmetric
 */
export function* invert(l, d) {
  const columns = new Float64Array(d * d);
  for (let j = 0; j < d; j++) yield invertColumn(l, columns, d, j);
  const inverse = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++)
      inverse[i * d + j] = inverse[j * d + i] = dot(columns, i * d + i, j * d + i, d - i);
    yield;
  }
  return inverse;
}

/**
 * A column of l^-1, as a row: where `invert` finds it in one piece.
 *
 * @param {Float64Array} l
 * @param {Float64Array} columns
 * @param {number} d
 * @param {number} j
 */
function invertColumn(l, columns, d, j) {
  columns[j * d + j] = over(1, l[j * d + j]);
  for (let i = j + 1; i < d; i++) {
    let rest = 0;
    for (let k = j; k < i; k++) rest -= l[i * d + k] * columns[j * d + k];
    columns[j * d + i] = over(rest, l[i * d + i]);
  }
}

/**
 * @param {Float64Array} a
 * @param {number} d
 */
export function trace(a, d) {
  let sum = 0;
  for (let i = 0; i < d; i++) sum += a[i * d + i];
  return sum;
}

/**
 * @param {Float64Array} a
 * @param {number} i where one vector begins
 * @param {number} j where the other begins
 * @param {number} length
 */
function dot(a, i, j, length) {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[i + k] * a[j + k];
  return sum;
}

/**
 * @param {number} value
 * @param {number} pivot
 */
function over(value, pivot) {
  return pivot > 0 ? value / pivot : 0;
}
