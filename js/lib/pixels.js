/** Segments as pixels: maps, edges and colours. Nothing here knows of a page. */

/** Orange for, blue against, on photographs of any theme. @type {Colour} */
const FOR = [240, 96, 10];
/** @type {Colour} */
const AGAINST = [18, 104, 226];
/** Sizes are neither. @type {Colour} */
const SIZE = [150, 60, 225];
/** @type {Colour} */
const GREY = [128, 128, 128];

/** How much of the picture the strongest heat leaves unseen. */
const STRONGEST = 0.82;
/** Segments below this share of the largest get no outline. */
const FAINT = 0.12;
/** Stripes and dashes say "against" without colour; lengths in pixels. A stripe has so much of the heat. */
const [STRIPES, STRIPE, DASHES, DASH] = [16, 6, 14, 8];
const THINNED = 0.2;

/**
 * @typedef {[number, number, number]} Colour
 * @typedef {"pixels" | "heat" | "outline" | "top"} Mode
 *
 * @typedef {object} Grid
 * @property {number} width
 * @property {number} height
 * @property {Uint16Array} segments one number a pixel
 * @property {Uint8Array} edges 1 where another segment is a line's width away
 */

/** Pictures are not enlarged beyond so many pixels. */
const MOST_PIXELS = 2 ** 22;

/**
 * How many times larger a picture is drawn, for fine outlines.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} sharp so wide, about
 */
export function enlargement(width, height, sharp) {
  const most = Math.floor(Math.sqrt(MOST_PIXELS / (width * height)));
  return Math.max(1, Math.min(Math.round(sharp / width), most));
}

/**
 * Unpack runs of pixels, and enlarge them so that outlines of small pictures are fine.
 *
 * @param {Uint16Array} runs pairs of segment and length, in row order
 * @param {number} width
 * @param {number} height
 * @param {number} scale a whole number
 * @returns {Grid}
 */
export function grid(runs, width, height, scale) {
  const small = new Uint16Array(width * height);
  for (let i = 0, at = 0; i + 1 < runs.length; i += 2) {
    small.fill(runs[i], at, at + runs[i + 1]);
    at += runs[i + 1];
  }
  const [w, h] = [width * scale, height * scale];
  const segments = new Uint16Array(w * h);
  for (let y = 0; y < h; y++) {
    const row = Math.floor(y / scale) * width;
    for (let x = 0; x < w; x++) segments[y * w + x] = small[row + Math.floor(x / scale)];
  }
  return { width: w, height: h, segments, edges: edges(segments, w, h, Math.max(2, Math.round(w / 150))) };
}

/**
 * @param {Uint16Array} segments
 * @param {number} w
 * @param {number} h
 * @param {number} reach
 */
function edges(segments, w, h, reach) {
  const found = new Uint8Array(w * h);
  for (let y = 0, at = 0; y < h; y++)
    for (let x = 0; x < w; x++, at++) {
      const own = segments[at];
      const different =
        (x >= reach && segments[at - reach] !== own) ||
        (x + reach < w && segments[at + reach] !== own) ||
        (y >= reach && segments[at - reach * w] !== own) ||
        (y + reach < h && segments[at + reach * w] !== own);
      if (different) found[at] = 1;
    }
  return found;
}

/**
 * Paint what each segment did over a picture.
 *
 * @param {Uint8ClampedArray} pixels of the overlay, four numbers each
 * @param {Grid} grid
 * @param {ArrayLike<number>} values one a segment
 * @param {{mode: Mode, opacity: number, top: Set<number>, signed?: boolean}} looks
 */
export function paintValues(pixels, { width, segments, edges: edge }, values, looks) {
  const { mode, opacity, top, signed = true } = looks;
  const shares = shareOf(values);
  for (let at = 0; at < segments.length; at++) {
    const segment = segments[at];
    const share = shares[segment] ?? 0;
    const against = values[segment] < 0;
    const along = (at % width) + Math.floor(at / width);
    let alpha = 0;
    let colour = colourOf(against, signed);
    if (mode === "heat") alpha = share * STRONGEST * (against && along % STRIPES < STRIPE ? THINNED : 1);
    else if (mode === "top" && !top.has(segment)) [colour, alpha] = [GREY, 0.94];
    else if (edge[at] && share >= FAINT && !(against && along % DASHES >= DASH)) alpha = 0.5 + 0.5 * share;
    put(pixels, at, colour, alpha * opacity);
  }
}

/**
 * Paint a map of single pixels over a picture.
 *
 * @param {Uint8ClampedArray} pixels of the overlay, four numbers each
 * @param {Grid} grid
 * @param {Float32Array} map from -1 (against) to 1 (for)
 * @param {{opacity: number, signed: boolean}} looks
 */
export function paintMap(pixels, { width }, map, { opacity, signed }) {
  for (let at = 0; at < map.length; at++) {
    const against = map[at] < 0;
    const along = (at % width) + Math.floor(at / width);
    const seen = against && along % STRIPES < STRIPE ? THINNED : 1;
    put(pixels, at, colourOf(against, signed), Math.abs(map[at]) * STRONGEST * seen * opacity);
  }
}

/**
 * @param {boolean} against
 * @param {boolean} signed
 */
const colourOf = (against, signed) => (signed ? (against ? AGAINST : FOR) : SIZE);

/** @param {ArrayLike<number>} values each as a share of the largest */
function shareOf(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return Float32Array.from(values, (value) => (most ? Math.abs(value) / most : 0));
}

/**
 * Show segments that were taken out, in their own colour, with a dashed rim; and light one.
 *
 * @param {Uint8ClampedArray} pixels
 * @param {Grid} grid
 * @param {Set<number>} absent
 * @param {Colour[]} means what stands in for each
 * @param {number} lit -1: none
 */
export function paintMarks(pixels, { width, segments, edges: edge }, absent, means, lit) {
  if (!absent.size && lit < 0) return;
  for (let at = 0; at < segments.length; at++) {
    const segment = segments[at];
    const along = (at % width) + Math.floor(at / width);
    if (absent.has(segment)) {
      const mean = means[segment] ?? GREY;
      put(pixels, at, edge[at] ? (along % DASHES < DASH ? [255, 255, 255] : [30, 30, 30]) : mean, 1);
    }
    if (segment === lit && edge[at]) put(pixels, at, [255, 255, 255], 1);
    else if (segment !== lit && edge[at] && near(segments, at, width, lit)) put(pixels, at, [20, 20, 20], 1);
  }
}

/**
 * Show what is left when many segments are gone: without rims, of which there would be too many.
 *
 * @param {Uint8ClampedArray} pixels
 * @param {Grid} grid
 * @param {Set<number>} gone
 * @param {Colour[]} means what stands in for each
 */
export function paintGone(pixels, { segments }, gone, means) {
  for (let at = 0; at < segments.length; at++)
    if (gone.has(segments[at])) put(pixels, at, means[segments[at]] ?? GREY, 1);
}

/**
 * @param {Uint16Array} segments
 * @param {number} at
 * @param {number} width
 * @param {number} wanted
 */
const near = (segments, at, width, wanted) =>
  segments[at - 2] === wanted ||
  segments[at + 2] === wanted ||
  segments[at - 2 * width] === wanted ||
  segments[at + 2 * width] === wanted;

/**
 * @param {Uint8ClampedArray} pixels
 * @param {number} at
 * @param {Colour} colour
 * @param {number} alpha
 */
function put(pixels, at, [r, g, b], alpha) {
  pixels[4 * at] = r;
  pixels[4 * at + 1] = g;
  pixels[4 * at + 2] = b;
  pixels[4 * at + 3] = 255 * alpha;
}

/**
 * What stands in for each segment that is hidden: its mean, or one colour for all. (For "blur", the mean.)
 *
 * @param {string} hide "mean", "blur" or "#rrggbb"
 * @param {Uint8ClampedArray} pixels of the picture
 * @param {Grid} grid
 * @param {number} count segments
 * @returns {Colour[]}
 */
export function hidden(hide, pixels, grid, count) {
  if (!/^#[0-9a-f]{6}$/i.test(hide)) return means(pixels, grid, count);
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hide.slice(at, at + 2), 16));
  return Array.from({ length: count }, () => [r, g, b]);
}

/**
 * The mean colour of each segment.
 *
 * @param {Uint8ClampedArray} pixels of the picture
 * @param {Grid} grid
 * @param {number} count segments
 * @returns {Colour[]}
 */
function means(pixels, { segments }, count) {
  const sums = new Float64Array(4 * count);
  for (let at = 0; at < segments.length; at++) {
    const to = 4 * segments[at];
    for (let c = 0; c < 3; c++) sums[to + c] += pixels[4 * at + c];
    sums[to + 3]++;
  }
  return Array.from({ length: count }, (_, i) => {
    const n = sums[4 * i + 3] || 1;
    return /** @type {Colour} */ ([sums[4 * i] / n, sums[4 * i + 1] / n, sums[4 * i + 2] / n]);
  });
}

/**
 * Where a box lies, of nine places, row by row: 0 is the top left, 4 the middle.
 *
 * @param {number[]} box x, y, width, height
 * @param {Grid} grid
 */
export function placeOf([x, y, w, h], { width, height }) {
  const [across, down] = [(x + w / 2) / width, (y + h / 2) / height].map((at) => Math.floor(3 * at));
  return 3 * Math.min(2, down) + Math.min(2, across);
}

/**
 * The box around each segment: x, y, width, height.
 *
 * @param {Grid} grid
 * @param {number} count
 */
export function boxes({ width, segments }, count) {
  const found = Array.from({ length: count }, () => [Infinity, Infinity, -1, -1]);
  segments.forEach((segment, at) => {
    const box = found[segment];
    if (!box) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    [box[0], box[1]] = [Math.min(box[0], x), Math.min(box[1], y)];
    [box[2], box[3]] = [Math.max(box[2], x), Math.max(box[3], y)];
  });
  return found.map(([left, top, right, bottom]) => [left, top, right - left + 1, bottom - top + 1]);
}
