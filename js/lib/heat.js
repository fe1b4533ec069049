/** Attributions of single pixels as a smooth map. Nothing here knows of a page. */
import { bytes } from "./arrays.js";

/** The map is smoothed over one part in so many of the picture's width: single pixels hardly show. */
const FINENESS = 75;
const PASSES = 3;
/** The share of the pixels that may be stronger than the strongest colour. */
const CLIPPED = 0.005;

/**
 * @param {import("./arrays.js").Bytes} pixels int8, row by row
 * @param {number} width
 * @param {number} height
 * @param {number} scale a whole number: how many times larger the map should be
 * @returns {Float32Array} from -1 (against) to 1 (for), row by row
 */
export function heatMap(pixels, width, height, scale) {
  const reach = Math.max(1, Math.round(width / FINENESS));
  let map = Float32Array.from(new Int8Array(bytes(pixels).buffer));
  for (let pass = 0; pass < PASSES; pass++) map = blurred(map, width, height, reach);
  const most = strongest(map);
  const shares = map.map((value) => Math.max(-1, Math.min(1, value / most)));
  return scale === 1 ? shares : enlarged(shares, width, height, scale);
}

/**
 * The mean over a square of 2 reach + 1 pixels a side, or what of it is in the picture.
 *
 * @param {Float32Array} map
 * @param {number} width
 * @param {number} height
 * @param {number} reach
 */
function blurred(map, width, height, reach) {
  return along(along(map, width, 1, height, width, reach), height, width, width, 1, reach);
}

/**
 * Running means along the lines of a map, be they its rows or its columns.
 *
 * @param {Float32Array} map
 * @param {number} length of a line
 * @param {number} step from one of its pixels to the next
 * @param {number} lines
 * @param {number} pitch from one line to the next
 * @param {number} reach
 */
function along(map, length, step, lines, pitch, reach) {
  const means = new Float32Array(map.length);
  for (let line = 0; line < lines; line++) {
    const start = line * pitch;
    let [sum, count] = [0, 0];
    for (let ahead = -reach; ahead < length; ahead++) {
      const [at, out] = [ahead + reach, ahead - reach - 1];
      if (at < length) [sum, count] = [sum + map[start + at * step], count + 1];
      if (out >= 0) [sum, count] = [sum - map[start + out * step], count - 1];
      if (ahead >= 0) means[start + ahead * step] = sum / count;
    }
  }
  return means;
}

/** @param {Float32Array} map */
function strongest(map) {
  const sorted = map.map(Math.abs).sort();
  return sorted[Math.floor((1 - CLIPPED) * (sorted.length - 1))] || sorted[sorted.length - 1] || 1;
}

/**
 * Between the middles of the small pixels values go over straight.
 *
 * @param {Float32Array} map
 * @param {number} width
 * @param {number} height
 * @param {number} scale
 */
function enlarged(map, width, height, scale) {
  const large = new Float32Array(map.length * scale * scale);
  const xs = places(width, scale);
  places(height, scale).forEach(([top, bottom, down], y) => {
    xs.forEach(([left, right, across], x) => {
      const [a, b] = [top, bottom].map(
        (row) => (1 - across) * map[row * width + left] + across * map[row * width + right],
      );
      large[y * width * scale + x] = (1 - down) * a + down * b;
    });
  });
  return large;
}

/**
 * @param {number} length
 * @param {number} scale
 * @returns {number[][]} for each large pixel the small ones before and after it, and how far it is between them
 */
function places(length, scale) {
  return Array.from({ length: length * scale }, (_, i) => {
    const at = Math.min(length - 1, Math.max(0, (i + 0.5) / scale - 0.5));
    return [Math.floor(at), Math.min(length - 1, Math.floor(at) + 1), at % 1];
  });
}
