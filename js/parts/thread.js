/** A thread between two words of a text, drawn over it. */
import { attr, svg } from "../lib/dom.js";

/** How deep a thread between words of one line hangs, in pixels: lines leave so much room. */
const HANG = 9;

/**
 * @typedef {{left: number, right: number, top: number, bottom: number}} Box
 *
 * @param {HTMLElement} el the text: it is where absolute positions begin
 * @returns {(ends: HTMLElement[]) => void} draws a thread between two; of any other number, none
 */
export function thread(el) {
  const path = svg("path");
  el.append(svg("svg", { class: "ll-thread", "aria-hidden": "true" }, path));
  return (ends) => {
    if (ends.length !== 2) return attr(path, "d", null);
    const home = el.getBoundingClientRect();
    const [x, y] = [el.scrollLeft - home.left - el.clientLeft, el.scrollTop - home.top - el.clientTop];
    const [from, to] = ends.map((end) => end.getBoundingClientRect());
    attr(path, "d", curve(from, to, x, y));
  };
}

/**
 * From the middle of one box to that of the other: below them where they share a line, and otherwise from the
 * bottom of the upper one to the top of the lower one.
 *
 * @param {Box} a
 * @param {Box} b
 * @param {number} [x] to be added to all that lies across
 * @param {number} [y] to be added to all that lies down
 * @returns {string} an SVG path
 */
export function curve(a, b, x = 0, y = 0) {
  const [upper, lower] = a.top <= b.top ? [a, b] : [b, a];
  const sameLine = lower.top < upper.bottom;
  const [x1, x2] = [upper, lower].map(({ left, right }) => (left + right) / 2 + x);
  const y1 = upper.bottom + y;
  const y2 = (sameLine ? lower.bottom : lower.top) + y;
  const [bend1, bend2] = sameLine ? [y1 + HANG, y2 + HANG] : [(y1 + y2) / 2, (y1 + y2) / 2];
  const points = [
    [x1, bend1],
    [x2, bend2],
    [x2, y2],
  ].map((point) => point.map((number) => number.toFixed(1)).join(" "));
  return `M${x1.toFixed(1)} ${y1.toFixed(1)}C${points.join(" ")}`;
}
