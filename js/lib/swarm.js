/** Where the points of a strip lie: along it by one number, across it by another. Nothing here knows of a page. */

/**
 * @typedef {{low: number, high: number}} Range
 * @typedef {{x: Float32Array, y: Float32Array}} Places in pixels; NaN: it isn't drawn
 */

/** Room beside the lowest and the highest, as a share of a scale. */
const MARGIN = 0.04;

/**
 * From the lowest to the highest of all, zero with them, and a little room.
 *
 * @param {Iterable<number>} values those that are not finite count for nothing
 * @returns {Range}
 */
export function reachOf(values) {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (value < low && Number.isFinite(value)) low = value;
    if (value > high && Number.isFinite(value)) high = value;
  }
  const room = MARGIN * (high - low) || 1;
  return { low: low - room, high: high + room };
}

/** @param {Range} range @param {number} value @returns {number} its place, 0 to 1 inside of the range */
export const shareOf = ({ low, high }, value) => (value - low) / (high - low);

/** @param {Range} range @param {number} share */
export const valueAt = ({ low, high }, share) => low + share * (high - low);

/**
 * A beeswarm: points that would cover one another stand apart, the lower shades below the higher ones, so that
 * height says what colour says.
 *
 * @param {ArrayLike<number>} values along
 * @param {ArrayLike<number>} shades 0 to 1; NaN: in the middle
 * @param {Range} range of the strip
 * @param {{width: number, height: number, size: number}} strip `size`: of a point
 * @returns {Places}
 */
export function swarm(values, shades, range, { width, height, size }) {
  const [x, y] = [new Float32Array(values.length).fill(Number.NaN), new Float32Array(values.length)];
  const inner = Math.max(width - size, 1);
  /** @type {number[][]} */
  const cells = Array.from({ length: Math.ceil(width / size) + 1 }, () => []);
  for (let i = 0; i < values.length; i++) {
    const share = shareOf(range, values[i]);
    if (!(share >= 0 && share <= 1)) continue;
    x[i] = size / 2 + share * inner;
    cells[Math.floor(x[i] / size)].push(i);
  }
  /** @param {number} i */
  const shade = (i) => (Number.isFinite(shades[i]) ? shades[i] : 0.5);
  const most = Math.max(...cells.map((cell) => cell.length), 2);
  for (const cell of cells) {
    cell.sort((a, b) => shade(a) - shade(b));
    // A root: where few lie is seen beside where many do.
    const room = (height - size) * Math.sqrt((cell.length - 1) / (most - 1));
    const gap = Math.min(size * 0.9, room / Math.max(cell.length - 1, 1));
    cell.forEach((i, k) => {
      y[i] = height / 2 - (k - (cell.length - 1) / 2) * gap;
    });
  }
  return { x, y };
}

/**
 * Points of a plane.
 *
 * @param {ArrayLike<number>} across
 * @param {ArrayLike<number>} up
 * @param {{x: Range, y: Range}} ranges
 * @param {{width: number, height: number}} plot
 * @returns {Places}
 */
export function scattered(across, up, ranges, { width, height }) {
  const x = Float32Array.from(up, (_, i) => width * shareOf(ranges.x, across[i]));
  const y = Float32Array.from(up, (value) => height * (1 - shareOf(ranges.y, value)));
  return { x, y };
}

/**
 * @param {Places} places
 * @param {number} atX
 * @param {number} atY
 * @param {number} within pixels
 * @returns {number} the nearest point; -1: none is near
 */
export function nearestPoint({ x, y }, atX, atY, within = 12) {
  let [found, least] = [-1, within ** 2];
  for (let i = 0; i < x.length; i++) {
    const far = (x[i] - atX) ** 2 + (y[i] - atY) ** 2;
    if (far <= least) [found, least] = [i, far];
  }
  return found;
}

/**
 * Round numbers for an axis.
 *
 * @param {Range} range
 * @param {number} most
 * @returns {{ticks: number[], digits: number}} `digits`: decimals that tell them apart
 */
export function ticksOf({ low, high }, most) {
  const rough = (high - low) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough * (1 - 1e-9)) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const ticks = [];
  for (let k = first; k * step <= high + 1e-9 * step; k++) ticks.push(k * step);
  return { ticks, digits: Math.min(9, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) };
}
