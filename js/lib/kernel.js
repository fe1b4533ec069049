/**
 * How LIME weighs a coalition by the number of features it keeps, 0 ... d.
 *
 * @typedef {import("./neighborhood.js").Law} Law
 * @typedef {"cosine" | "euclidean"} Distance
 */

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
    return Math.exp(-((apart / width) ** 2) / 2); // in this order no width is too small to square
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
