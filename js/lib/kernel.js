/**
 * How LIME weighs a coalition by the number of features it keeps, 0 ... d.
 *
 * @typedef {import("./neighborhood.js").Law} Law
 * @typedef {"cosine" | "euclidean"} Distance
 */

/** Kernel widths that a slider offers, as shares of the distance's unit. */
export const WIDTHS = { least: 0.05, most: 2 };

/** How many widths between those a basis is chosen from. */
const CANDIDATES = 64;

/**
 * The kernel exp(-distance^2 / (2 width^2)), by size.
 *
 * @param {number} d features
 * @param {number} width
 * @param {Distance} distance to the input, where all features are present
 * @returns {Float64Array} d + 1 numbers
 */
export function closeness(d, width, distance) {
  return Float64Array.from({ length: d + 1 }, (_, size) => {
    const apart = distance === "cosine" ? 1 - Math.sqrt(size / d) : Math.sqrt(d - size);
    return Math.exp(-(apart ** 2) / (2 * width ** 2));
  });
}

/**
 * Probability of each size under LIME's own drawing.
 *
 * @param {number} d
 * @param {"uniform" | "binomial"} law
 * @returns {Float64Array} d + 1 numbers
 */
export function sizeLaw(d, law) {
  if (law === "binomial") {
    const choose = logChoose(d);
    // Rare sizes of many features: never 0.
    return choose.map((log) => Math.exp(Math.max(log - d * Math.LN2, -700)));
  }
  if (d === 1) return Float64Array.of(0.5, 0.5);
  return new Float64Array(d + 1).fill(1 / d, 0, d);
}

/**
 * Logarithms of the numbers of coalitions of each size.
 *
 * @param {number} d
 * @returns {Float64Array} d + 1 numbers
 */
export function logChoose(d) {
  const logs = new Float64Array(d + 1);
  for (let size = 1; size <= d; size++) logs[size] = logs[size - 1] + Math.log((d - size + 1) / size);
  return logs;
}

/**
 * Few vectors that span the kernels of all widths: greedy Gram-Schmidt.
 *
 * @param {number} d
 * @param {Distance} distance
 * @param {Float64Array} mass of each size: what its error counts
 * @param {number} count how many vectors
 * @returns {Float64Array[]} orthonormal under `mass`, zero where it is zero
 */
export function kernelBasis(d, distance, mass, count) {
  const rest = widths(d, distance).map((width) => {
    const kernel = closeness(d, width, distance).map((value, size) => (mass[size] > 0 ? value : 0));
    return scaled(kernel, 1 / Math.sqrt(inner(kernel, kernel, mass) || 1));
  });
  return Array.from({ length: count }, () => {
    const norms = rest.map((kernel) => inner(kernel, kernel, mass));
    const largest = norms.indexOf(Math.max(...norms));
    const vector = scaled(rest[largest], 1 / Math.sqrt(norms[largest] || 1));
    for (const kernel of rest) subtract(kernel, vector, mass);
    return vector;
  });
}

/**
 * Coordinates of a kernel in such a basis.
 *
 * @param {Float64Array} kernel
 * @param {Float64Array[]} basis
 * @param {Float64Array} mass
 */
export function project(kernel, basis, mass) {
  const coordinates = basis.map((vector) => inner(kernel, vector, mass));
  const near = kernel.map((_, size) =>
    basis.reduce((sum, vector, k) => sum + coordinates[k] * vector[size], 0),
  );
  const missed = kernel.map((value, size) => value - near[size]);
  const error = Math.sqrt(inner(missed, missed, mass) / inner(kernel, kernel, mass));
  return { coordinates, near, error };
}

/**
 * @param {number} d
 * @param {Distance} distance
 */
function widths(d, distance) {
  const unit = distance === "cosine" ? 1 : 3 * Math.sqrt(d);
  const ratio = WIDTHS.most / WIDTHS.least;
  return Array.from({ length: CANDIDATES }, (_, i) => unit * WIDTHS.least * ratio ** (i / (CANDIDATES - 1)));
}

/**
 * Take away what `vector` explains; twice, for the rounding of the first time.
 *
 * @param {Float64Array} kernel
 * @param {Float64Array} vector
 * @param {Float64Array} mass
 */
function subtract(kernel, vector, mass) {
  for (let time = 0; time < 2; time++) {
    const share = inner(kernel, vector, mass);
    for (let size = 0; size < kernel.length; size++) kernel[size] -= share * vector[size];
  }
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 * @param {Float64Array} mass
 */
function inner(a, b, mass) {
  let sum = 0;
  for (let size = 0; size < a.length; size++) sum += mass[size] * a[size] * b[size];
  return sum;
}

/**
 * @param {Float64Array} vector
 * @param {number} factor
 */
function scaled(vector, factor) {
  return vector.map((value) => value * factor);
}
