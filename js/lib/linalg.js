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
 * Four rows up to the first one's pivot, two columns at a time: what is read of the rows above serves all four,
 * and what is read of the four serves both columns.
 *
 * @param {Float64Array} a
 * @param {Float64Array} l
 * @param {number} d
 * @param {number} first of the rows, a multiple of four; the last row of all stands in for those beyond
 */
function fourRows(a, l, d, first) {
  const [r0, r1, r2, r3] = [0, 1, 2, 3].map((i) => Math.min(first + i, d - 1) * d);
  for (let j = 0, row = 0, next = d; j < first; j += 2, row += 2 * d, next += 2 * d) {
    let s0 = a[r0 + j];
    let s1 = a[r1 + j];
    let s2 = a[r2 + j];
    let s3 = a[r3 + j];
    let t0 = a[r0 + j + 1];
    let t1 = a[r1 + j + 1];
    let t2 = a[r2 + j + 1];
    let t3 = a[r3 + j + 1];
    for (let k = 0; k < j; k++) {
      const above = l[row + k];
      const after = l[next + k];
      const x0 = l[r0 + k];
      const x1 = l[r1 + k];
      const x2 = l[r2 + k];
      const x3 = l[r3 + k];
      s0 -= x0 * above;
      s1 -= x1 * above;
      s2 -= x2 * above;
      s3 -= x3 * above;
      t0 -= x0 * after;
      t1 -= x1 * after;
      t2 -= x2 * after;
      t3 -= x3 * after;
    }
    const pivot = l[row + j];
    const beside = l[next + j];
    const below = l[next + j + 1];
    l[r0 + j] = s0 = over(s0, pivot);
    l[r1 + j] = s1 = over(s1, pivot);
    l[r2 + j] = s2 = over(s2, pivot);
    l[r3 + j] = s3 = over(s3, pivot);
    l[r0 + j + 1] = over(t0 - s0 * beside, below);
    l[r1 + j + 1] = over(t1 - s1 * beside, below);
    l[r2 + j + 1] = over(t2 - s2 * beside, below);
    l[r3 + j + 1] = over(t3 - s3 * beside, below);
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
