/** How sure an order is, and how wide an interval: the normal and Student's t distributions. */

const NEGLIGIBLE = 1e-6;
/** Of the largest |value|: features whose values differ by less have no order that matters. */
const ALIKE = 0.01;

/**
 * How settled is the order of the most important features?
 *
 * One minus the chances that neighbors in the order of |value| belong the
 * other way round, summed (Boole's bound), for errors that are normal and
 * independent. The last of the `top` is held against the one after it. No
 * order matters among features that are alike to 1 % of the largest, so a pair
 * counts with the chance that it is not, where that is smaller; nor among those
 * of less than a millionth of the largest.
 *
 * @param {ArrayLike<number>} values
 * @param {ArrayLike<number>} stdError
 * @param {number} top
 * @returns {number | null} 0 to 1; null while an error is not known
 */
export function settled(values, stdError, top = 5) {
  const order = Array.from(values, (_, i) => i)
    .sort((i, j) => Math.abs(values[j]) - Math.abs(values[i]))
    .slice(0, top + 1);
  if (!order.every((i) => Number.isFinite(stdError[i]))) return null;
  const largest = Math.abs(values[order[0]]);
  let swaps = 0;
  for (let place = 0; place < order.length - 1; place++) {
    const [i, j] = [order[place], order[place + 1]];
    const spread = Math.hypot(stdError[i], stdError[j]);
    const gap = Math.abs(values[i]) - Math.abs(values[j]);
    if (spread > 0 && Math.abs(values[i]) > NEGLIGIBLE * largest)
      swaps += Math.min(normal(-gap / spread), beyond(ALIKE * largest, gap, spread));
  }
  return Math.max(0, 1 - swaps);
}

/**
 * The chance that a normal difference lies further from zero than `reach`.
 *
 * @param {number} reach
 * @param {number} mean
 * @param {number} spread
 */
const beyond = (reach, mean, spread) => normal((mean - reach) / spread) + normal((-mean - reach) / spread);

/**
 * How many standard errors an interval reaches to each side: Student's t.
 *
 * Cornish & Fisher's expansion about the normal quantile (Abramowitz & Stegun
 * 26.7.5), within 1e-4 for 9 degrees of freedom and more at the 95 % level.
 *
 * @param {number} dof
 * @param {number} level
 */
export function critical(dof, level = 0.95) {
  const z = normalQuantile((1 + level) / 2);
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, i) => sum + term / dof ** (i + 1), z);
}

/**
 * The normal distribution function, by Marsaglia's series (2004): to 1e-15.
 *
 * @param {number} x
 */
export function normal(x) {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let sum = x;
  for (let term = x, i = 3, before = 0; sum !== before; i += 2) {
    term *= (x * x) / i;
    before = sum;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

/**
 * Newton's steps from the middle approach a quantile above it from below.
 *
 * @param {number} p from 0.5 to 1
 */
function normalQuantile(p) {
  let z = 0;
  for (let step = 1; step > 1e-12; z += step) step = (p - normal(z)) / density(z);
  return z;
}

/** @param {number} x */
function density(x) {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
