/** What is wrong with what was measured of an explanation: see damage.js. */
import { among, below, count, flag, list, maybe, number, positive, shape, text } from "./checks.js";

/** Of a curve: none, or as many numbers as there are counts. */
const CURVES = [
  ...["insertion", "random_deletion", "random_deletion_error", "random_insertion"],
  ...["random_insertion_error", "exact_deletion", "exact_insertion"],
];

/**
 * @param {number} d features
 * @returns {import("./checks.js").Check}
 */
const curves = (d) => (value) => {
  const found = shape({ counts: list(below(d + 1)), order: list(below(d), d) })(value);
  if (found !== null) return found;
  const { counts } = value;
  if (counts.some((/** @type {number} */ n, /** @type {number} */ i) => i > 0 && n <= counts[i - 1]))
    return ".counts";
  const curve = list(number, counts.length);
  const others = Object.fromEntries(CURVES.map((name) => [name, maybe(curve)]));
  return shape({ deletion: curve, ...others })(value);
};

const row = shape({
  better: among(["higher", "lower", "neither"]),
  refusal: text,
  n_evals: count,
  informative: maybe(flag),
  ...Object.fromEntries(
    ["value", "std_error", "random", "random_error", "input", "exact"].map((name) => [name, maybe(number)]),
  ),
});

/**
 * @param {number} d features
 * @returns {import("./checks.js").Check} of one explanation
 */
export const measured = (d) =>
  shape({
    method: text,
    target: count,
    kernel_width: maybe(positive),
    n: count,
    n_evals: count,
    message: text,
    left: shape({ known: count, usual: count, all: count }),
    curves: maybe(curves(d)),
    metrics: (value) => (value && typeof value === "object" ? list(row)(Object.values(value)) : ""),
  });
