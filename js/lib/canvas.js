/** Points and shapes on a canvas, as sharp as the screen is. */
import { colourOf } from "./ramp.js";

/** Pixels of the screen for one of the page. */
const ratio = () => Math.min(globalThis.devicePixelRatio || 1, 3);

/**
 * Make a canvas of this size, and empty.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width in pixels of the page
 * @param {number} height
 * @returns {CanvasRenderingContext2D | null} null: this host draws nothing
 */
export function cleared(canvas, width, height) {
  const [wide, high] = [width, height].map((side) => Math.max(1, Math.round(side * ratio())));
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext("2d");
  context?.setTransform(ratio(), 0, 0, ratio(), 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/**
 * Draw points over nothing, those that stand out last. Pixel by pixel: thousands of circles take a browser without a
 * graphics card longer than a frame.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./swarm.js").Places} places
 * @param {import("./points.js").Look} colours
 * @param {{paint: import("./ramp.js").Paint, size: number, strong: ((i: number) => boolean) | null}} look
 *   `strong`: which stand out; null: all
 */
export function dots(context, { x, y }, colours, { paint, size, strong }) {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  const [fine, stamp] = [ratio(), disc((size / 2) * ratio(), width)];
  for (const faint of strong ? [true, false] : [false])
    for (let i = 0; i < x.length; i++) {
      if (!(x[i] >= 0) || (strong && strong(i) === faint)) continue;
      const [px, py] = [inside(x[i] * fine, stamp.reach, width), inside(y[i] * fine, stamp.reach, height)];
      lay(image.data, stamp, py * width + px, colourOf(paint, colours, i), faint ? 0.16 : 0.8);
    }
  context.putImageData(image, 0, 0);
}

/** The pixel of a place: so far from both edges that a circle about it is inside. @param {number} at @param {number} reach @param {number} side */
const inside = (at, reach, side) => Math.max(reach, Math.min(side - 1 - reach, Math.floor(at)));

/**
 * A circle in pixels, so that it is measured once: where each lies from the middle one, and how much of it is covered.
 *
 * @param {number} radius
 * @param {number} width of the picture that it is laid into
 */
function disc(radius, width) {
  const reach = Math.ceil(radius + 0.5) - 1;
  /** @type {[number[], number[]]} */
  const [offsets, cover] = [[], []];
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const share = Math.min(1, radius + 0.5 - Math.hypot(dx, dy));
      if (share <= 0) continue;
      offsets.push(dy * width + dx);
      cover.push(share);
    }
  return { reach, offsets: Int32Array.from(offsets), cover: Float64Array.from(cover) };
}

/**
 * Lay a shape over what is there.
 *
 * @param {Uint8ClampedArray} data of an image
 * @param {ReturnType<typeof disc>} stamp
 * @param {number} middle pixel
 * @param {number[]} colour
 * @param {number} alpha
 */
function lay(data, { offsets, cover }, middle, [red, green, blue], alpha) {
  for (let k = 0; k < offsets.length; k++) {
    const at = 4 * (middle + offsets[k]);
    const own = cover[k] * alpha;
    const rest = (data[at + 3] / 255) * (1 - own);
    const both = own + rest;
    data[at] = (red * own + data[at] * rest) / both;
    data[at + 1] = (green * own + data[at + 1] * rest) / both;
    data[at + 2] = (blue * own + data[at + 2] * rest) / both;
    data[at + 3] = 255 * both;
  }
}

/**
 * Draw how many rows lie where, as a shape about the middle of a strip.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} counts along the shape; 255 is the most
 * @param {{from: number, to: number, height: number, colour: string}} strip pixels
 */
export function violin(context, counts, { from, to, height, colour }) {
  const [n, middle] = [counts.length, height / 2];
  /** @param {number} k */
  const x = (k) => from + ((k + 0.5) * (to - from)) / n;
  /** @param {number} k a root: few rows are seen beside many */
  const half = (k) => (Math.sqrt(counts[k] / 255) * (height - 2)) / 2;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(from, middle);
  for (let k = 0; k < n; k++) context.lineTo(x(k), middle - half(k));
  context.lineTo(to, middle);
  for (let k = n - 1; k >= 0; k--) context.lineTo(x(k), middle + half(k));
  context.fill();
}

/**
 * Draw how many rows lie in each cell of a plane.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} counts column by column, each from below; 255 is the most
 * @param {{columns: number, left: number, right: number, top: number, bottom: number, colour: string}} plane pixels
 */
export function cells(context, counts, { columns, left, right, top, bottom, colour }) {
  const rows = counts.length / columns;
  const [wide, high] = [(right - left) / columns, (bottom - top) / rows];
  context.fillStyle = colour;
  for (let i = 0; i < counts.length; i++) {
    if (!counts[i]) continue;
    context.globalAlpha = 0.25 + 0.75 * Math.sqrt(counts[i] / 255);
    const [column, row] = [Math.floor(i / rows), i % rows];
    context.fillRect(left + column * wide, bottom - (row + 1) * high, wide + 0.5, high + 0.5);
  }
  context.globalAlpha = 1;
}
