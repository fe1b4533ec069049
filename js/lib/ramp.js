/** Colours for what is drawn on a canvas: from low to high, between those that the view's theme has, and of categories. */
import { HUES } from "./points.js";

/** So many shades there are: points of one are drawn at once. */
export const SHADES = 16;

/**
 * @typedef {object} Paint
 * @property {number[][]} shades from low to high, each red, green and blue
 * @property {number[][]} hues of categories, which have no order
 * @property {number[]} plain of what has no value
 * @property {string} density of all rows, behind the points
 */

/** What was found of each view, and the theme that it had. @type {WeakMap<Element, {theme: string, paint: Paint}>} */
const found = new WeakMap();

/**
 * The colours of a view, found once for each theme: to ask for them takes the browser a while.
 *
 * @param {Element} el inside of the view
 * @returns {Paint}
 */
export function paintOf(el) {
  const root = /** @type {HTMLElement} */ (el.closest(".ll-view") ?? document.body);
  const theme = root.dataset.llTheme ?? "";
  const known = found.get(root);
  if (known?.theme === theme) return known.paint;
  const paint = mixed(root);
  found.set(root, { theme, paint });
  return paint;
}

/** @param {HTMLElement} el @returns {Paint} */
function mixed(el) {
  const probe = el.appendChild(document.createElement("i"));
  probe.className = "ll-hue"; // whose rule has colours computed as red, green and blue, whatever they are written as
  /** @param {string} name */
  const colour = (name) => {
    probe.style.setProperty("--ll-hue", `var(${name})`);
    return rgb(getComputedStyle(probe).color);
  };
  const [low, high, size, line] = ["--ll-neg", "--ll-pos", "--ll-size", "--ll-line"].map(colour);
  const hues = Array.from({ length: HUES }, (_, i) => colour(`--ll-hue-${i + 1}`));
  probe.remove();
  const shades = Array.from({ length: SHADES }, (_, i) => between(low, high, i / (SHADES - 1)));
  return { shades, hues, plain: size, density: css(line) };
}

/**
 * @param {number} shade 0 to 1
 * @returns {number} its place among the shades; -1: it has none
 */
export const shadeAt = (shade) => (Number.isFinite(shade) ? Math.round(shade * (SHADES - 1)) : -1);

/**
 * The colour of a point.
 *
 * @param {Paint} paint
 * @param {import("./points.js").Look} look
 * @param {number} i
 */
export function colourOf(paint, { shades, hues }, i) {
  if (hues) return paint.hues[hues[i]] ?? paint.plain;
  return paint.shades[shadeAt(shades[i])] ?? paint.plain;
}

/**
 * @param {string} color as computed: rgb(r, g, b) or color(srgb r g b)
 * @returns {number[]} 0 to 255
 */
export function rgb(color) {
  const parts = (color.match(/[\d.]+(?:e-?\d+)?/g) ?? []).map(Number).slice(0, 3);
  while (parts.length < 3) parts.push(0);
  return color.startsWith("color(") ? parts.map((part) => 255 * part) : parts;
}

/** @param {number[]} from @param {number[]} to @param {number} share */
const between = (from, to, share) => from.map((part, i) => part + share * (to[i] - part));

/** @param {number[]} parts red, green and blue */
export const css = (parts) => `rgb(${parts.map(Math.round).join(", ")})`;
