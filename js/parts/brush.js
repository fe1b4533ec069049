/** A range of a line: by dragging over it, or by its two ends. A press without a drag is told as one. */
import { attr, h, hide } from "../lib/dom.js";

/** A drag begins after so many pixels. */
const SLACK = 4;
/** How far keys move an end, as a share of the line. */
const [STEP, PAGE] = [0.02, 0.1];
/** @type {Record<string, number>} */
const WAYS = {
  ArrowLeft: -STEP,
  ArrowDown: -STEP,
  ArrowRight: STEP,
  ArrowUp: STEP,
  PageDown: -PAGE,
  PageUp: PAGE,
  Home: -1,
  End: 1,
};

/** @param {number} share */
const inside = (share) => Math.min(1, Math.max(0, share));

/**
 * @param {HTMLElement} area whose width is the line
 * @param {object} tells
 * @param {[string, string]} tells.names of the two ends
 * @param {(share: number) => string} tells.read a place in words
 * @param {(range: [number, number] | null, done: boolean) => void} tells.choose shares; null: no range any more
 * @param {(x: number, y: number) => void} tells.press pixels in the area
 * @returns {(range: [number, number] | null) => void} draws the range; null: there is none
 */
export function brush(area, { names, read, choose, press }) {
  const fill = h("span", { class: "ll-brushed", "aria-hidden": "true" });
  /** @type {[number, number]} */
  let range = [0, 0];
  const ends = names.map((name, i) => {
    const onkeydown = (/** @type {KeyboardEvent} */ event) => byKey(event, i);
    return h("span", { class: "ll-end", role: "slider", tabindex: 0, "aria-label": name, onkeydown });
  });
  const el = h("div", { class: "ll-brush", hidden: true }, fill, ...ends);
  area.append(el);

  /** @param {number} i @param {number} share @param {boolean} done */
  const move = (i, share, done) => {
    const other = range[1 - i];
    /** @type {[number, number]} */
    const moved = i
      ? [Math.min(other, share), Math.max(other, share)]
      : [Math.min(share, other), Math.max(share, other)];
    range = moved;
    choose(moved, done);
  };
  /** @param {KeyboardEvent} event @param {number} i */
  const byKey = (event, i) => {
    if (event.key === "Escape" || event.key === "Delete") return choose(null, true);
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    const to = inside(range[i] + way);
    move(i, i ? Math.max(to, range[0]) : Math.min(to, range[1]), true);
  };

  /** @type {{x: number, share: number, end: number, dragged: boolean} | null} */
  let held = null;
  /** @param {PointerEvent} event */
  const shareAt = ({ clientX }) => {
    const { left, width } = area.getBoundingClientRect();
    return inside((clientX - left) / (width || 1));
  };
  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const end = ends.indexOf(/** @type {any} */ (event.target));
    held = { x: event.clientX, share: shareAt(event), end, dragged: end >= 0 };
    if (end >= 0) held.share = range[1 - end];
    area.setPointerCapture?.(event.pointerId);
  });
  area.addEventListener("pointermove", (event) => {
    if (!held) return;
    held.dragged ||= Math.abs(event.clientX - held.x) > SLACK;
    if (held.dragged) drag(held.share, shareAt(event), false);
  });
  area.addEventListener("pointerup", (event) => {
    const was = held;
    held = null;
    const { left, top } = area.getBoundingClientRect();
    if (was?.dragged) drag(was.share, shareAt(event), true);
    else if (was) press(event.clientX - left, event.clientY - top);
  });
  area.addEventListener("pointercancel", () => {
    held = null;
  });
  /** @param {number} a @param {number} b @param {boolean} done */
  const drag = (a, b, done) => {
    range = [Math.min(a, b), Math.max(a, b)];
    choose(range, done);
  };

  return (next) => {
    hide(el, next === null);
    if (next === null) return;
    range = next;
    fill.style.left = `${100 * next[0]}%`;
    fill.style.width = `${100 * (next[1] - next[0])}%`;
    ends.forEach((end, i) => {
      end.style.left = `${100 * next[i]}%`;
      attr(end, "aria-valuemin", 0);
      attr(end, "aria-valuemax", 100);
      attr(end, "aria-valuenow", Math.round(100 * next[i]));
      attr(end, "aria-valuetext", read(next[i]));
    });
  };
}
