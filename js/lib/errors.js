/**
 * How far LIME's values can be trusted: the HC3 sandwich over samples.
 *
 * A sample is a pair of complementary coalitions, or a row without its
 * complement. Its residuals are those of a fit without it (leverage-corrected,
 * MacKinnon & White 1985, by blocks as in Bell & McCaffrey 2002), and its
 * variance counts only for the share of its size that was not drawn.
 *
 * @typedef {import("./neighborhood.js").Rows} Rows
 * @typedef {import("./lime.js").Fit} Fit
 * @typedef {import("./lime.js").Question} Question
 * @typedef {{stdError: Float64Array, fidelity: number | null, dof: number}} Errors
 */
import { logChoose } from "./kernel.js";
import { read, regress } from "./lime.js";
import { invert } from "./linalg.js";

/** No interval before so many samples: it would cover too little. */
const LEAST_SAMPLES = 10;

/** A sample whose fit without it does not exist keeps its residuals. */
const LEAST_DETERMINANT = 1e-9;

/** Multiplications between two yields: about a millisecond. */
const BITE = 200_000;

/**
 * Compute standard errors and the weighted R2 on rows that the fit had not seen.
 *
 * A generator, because every row is read: call `next()` while there is time,
 * until it is done. Rows that come meanwhile change nothing.
 *
 * @param {Rows} whole
 * @param {Question} question
 * @returns {Generator<void, Errors, void>}
 */
export function* limeErrors(whole, question) {
  const { rows, n } = whole.drawn(Math.min(question.n ?? whole.n, whole.n));
  const { first, second } = samples(rows, n);
  const pairs = second.filter((row) => row >= 0).length;
  const dof = (rows.law === "bins" ? n : pairs) - 1;
  const complete = rows.complete(n);
  const known = dof + 1 >= LEAST_SAMPLES;
  if (!known && !complete) return { stdError: new Float64Array(rows.d).fill(Infinity), fidelity: null, dof };
  yield;
  const fit = regress(read(rows, { ...question, n }), question);
  const sandwich = new Sandwich(rows, question.target, fit, yield* invert(fit.factor, rows.d));
  const each = Math.max(1, Math.floor(BITE / rows.d ** 2));
  for (let i = 0; i < first.length; i++) {
    sandwich.add(first[i], second[i]);
    if (i % each === each - 1) yield;
  }
  const { variance, fidelity } = sandwich;
  return { stdError: complete ? variance.fill(0) : variance.map(Math.sqrt), fidelity, dof };
}

/**
 * Pair the first n rows: `second` is -1 where a row is a sample of its own.
 *
 * @param {Rows} rows
 * @param {number} n
 */
function samples(rows, n) {
  const mates = rows.mates();
  const first = Array.from({ length: n }, (_, row) => row).filter(
    (row) => mates[row] < 0 || mates[row] >= n || mates[row] > row,
  );
  return { first, second: first.map((row) => (mates[row] < n ? mates[row] : -1)) };
}

/** The sums over samples. */
class Sandwich {
  #spread = 0;
  #missed = 0;

  /**
   * @param {Rows} rows
   * @param {number} target
   * @param {Fit} fit
   * @param {Float64Array} inverse of its Gram matrix
   */
  constructor(rows, target, fit, inverse) {
    this.rows = rows;
    this.target = target;
    this.fit = fit;
    this.inverse = inverse;
    this.left = shareLeft(rows, this.fit.counts);
    this.fromNone = times(this.inverse, this.fit.centre).map((value) => -value);
    this.fromAll = times(
      this.inverse,
      this.fit.centre.map((mean) => 1 - mean),
    );
    this.variance = new Float64Array(rows.d);
    this.pair = [new Row(rows.d), new Row(rows.d)];
  }

  /** @returns {number | null} null when the output never changes */
  get fidelity() {
    return this.#spread > 1e-24 * this.fit.total ? 1 - this.#missed / this.#spread : null;
  }

  /**
   * @param {number} first
   * @param {number} second a row, or -1
   */
  add(first, second) {
    const [a, b] = this.pair;
    this.#read(first, a);
    if (second >= 0) this.#read(second, b);
    else b.clear();
    const shared = this.#leverage(a, b);
    const [keepA, keepB] = [1 - this.#leverage(a, a), 1 - this.#leverage(b, b)];
    const determinant = keepA * keepB - shared ** 2;
    const apart = determinant > LEAST_DETERMINANT;
    const heldA = apart ? (keepB * a.residual + shared * b.residual) / determinant : a.residual;
    const heldB = apart ? (keepA * b.residual + shared * a.residual) / determinant : b.residual;
    this.#missed += heldA ** 2 + heldB ** 2;
    const [moveA, moveB] = [a.root * heldA * a.left, b.root * heldB * b.left];
    for (let i = 0; i < this.variance.length; i++)
      this.variance[i] += (moveA * a.pull[i] + moveB * b.pull[i]) ** 2;
  }

  /**
   * @param {number} number of the row
   * @param {Row} row filled
   */
  #read(number, row) {
    const { rows, fit } = this;
    const size = rows.sizes[number];
    const output = rows.output(number, this.target);
    const weight = Math.max(0, fit.weights[size]);
    row.root = Math.sqrt(weight);
    row.left = this.left[size];
    this.#place(number, row);
    row.residual = row.root * (output - fit.mean + dot(fit.values, row.absence));
    this.#spread += weight * (output - fit.mean) ** 2;
  }

  /**
   * Centre the row's absences and multiply them by the inverse: start from
   * nothing or everything absent, whichever is nearer.
   *
   * @param {number} number
   * @param {Row} row
   */
  #place(number, { absence, pull }) {
    const { rows, fit, inverse } = this;
    const { d } = rows;
    const few = 2 * rows.sizes[number] >= d;
    const sign = few ? 1 : -1;
    pull.set(few ? this.fromNone : this.fromAll);
    for (let i = 0; i < d; i++) {
      const absent = !rows.has(number, i);
      absence[i] = (absent ? 1 : 0) - fit.centre[i];
      if (absent === few) for (let j = 0, at = i * d; j < d; j++, at++) pull[j] += sign * inverse[at];
    }
  }

  /**
   * How much the output of one row moves the fit at another.
   *
   * @param {Row} a
   * @param {Row} b
   */
  #leverage(a, b) {
    return a.root * b.root * (1 / this.fit.total + dot(a.absence, b.pull));
  }
}

/** A row as a sandwich reads it. */
class Row {
  /** Root of its weight. */
  root = 0;
  /** Its residual times `root`. */
  residual = 0;
  /** Root of the share of its size that was not drawn. */
  left = 0;

  /** @param {number} d */
  constructor(d) {
    /** Its absences, centred. */
    this.absence = new Float64Array(d);
    /** The inverse times `absence`: how its output pulls the coefficients. */
    this.pull = new Float64Array(d);
  }

  /** Make it a row that weighs nothing. */
  clear() {
    this.root = this.residual = this.left = 0;
  }
}

/**
 * Root of the share of each size's coalitions that were not drawn: their
 * variance is what is left to chance. Under the "bins" law all of it is.
 *
 * @param {Rows} rows
 * @param {Float64Array} counts
 * @returns {Float64Array} d + 1 numbers
 */
function shareLeft({ d, law }, counts) {
  if (law === "bins") return new Float64Array(d + 1).fill(1);
  const choose = logChoose(d);
  return counts.map((count, size) => {
    const left = 1 - count * Math.exp(-choose[size]);
    return left > 1e-12 ? Math.sqrt(left) : 0;
  });
}

/**
 * @param {Float64Array} matrix symmetric
 * @param {Float64Array} vector
 */
function times(matrix, vector) {
  const d = vector.length;
  return vector.map((_, i) => dot(matrix.subarray(i * d, (i + 1) * d), vector));
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
