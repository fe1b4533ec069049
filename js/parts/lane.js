/** A strip of points: one a row, along its attribution. Pressed, or gone through by keys, a point is a row. */
import { cleared, dots, violin } from "../lib/canvas.js";
import { attr, h, hide } from "../lib/dom.js";
import { nearestPoint, shareOf, swarm, valueAt } from "../lib/swarm.js";
import { brush } from "./brush.js";

/**
 * @typedef {import("../lib/overview.js").Overview} Overview
 * @typedef {import("../lib/points.js").Lane} Points
 * @typedef {import("../lib/swarm.js").Range} Range
 *
 * @typedef {object} Content what is drawn
 * @property {Points} points
 * @property {number} width pixels; 0: this host lays nothing out
 * @property {Range} range of all strips that share the scale
 * @property {{counts: ArrayLike<number>, low: number, high: number} | null} density of all rows
 * @property {((i: number) => boolean) | null} strong which points stand out; null: all alike
 * @property {[number, number] | null} brushed attributions
 *
 * @typedef {object} Strip
 * @property {HTMLElement} el
 * @property {HTMLElement} stop where the tab key may stop
 * @property {(content: Content, paint: import("../lib/ramp.js").Paint) => void} draw
 * @property {() => void} mark the row that is chosen
 */

/** Pixels. */
const [HEIGHT, SIZE] = [34, 5];
const PAGE = 20;

/**
 * @param {Overview} store
 * @param {object} tells
 * @param {string} tells.name what its points are
 * @param {(points: Points, i: number) => string} tells.read a point in words
 * @param {(text: string) => void} tells.point what is pointed at; "": nothing
 * @param {((range: [number, number] | null, done: boolean) => void) | null} tells.choose a range of attributions
 * @returns {Strip}
 */
export function strip(store, { name, read, point, choose }) {
  const ground = h("canvas", { class: "ll-points ll-ground", "aria-hidden": "true" });
  const canvas = h("canvas", { class: "ll-points", "aria-hidden": "true" });
  const ring = h("span", { class: "ll-ring", "aria-hidden": "true", hidden: true });
  const stop = h("span", { class: "ll-rover", role: "slider", tabindex: -1, "aria-label": name });
  const el = h("div", { class: "ll-strip" }, ground, canvas, stop, ring);
  /** @type {Content | null} */
  let content = null;
  let places = swarm([], [], { low: 0, high: 1 }, { width: 1, height: HEIGHT, size: SIZE });
  /** The width for which these are, and the colours. */
  let drawnAt = 0;
  /** @type {import("../lib/ramp.js").Paint | null} */
  let painted = null;
  /** @type {number[]} points by attribution */
  let order = [];

  /** @param {number} i */
  const tell = (i) => point(i >= 0 && content ? read(content.points, i) : "");
  /** @param {number} x @param {number} y */
  const press = (x, y) => {
    const i = nearestPoint(places, x, y);
    if (i >= 0 && content) store.chooseRow(content.points.rows[i]);
  };
  const { words } = store;
  const range = brush(el, {
    names: [words.overview.from(name), words.overview.to(name)],
    read: (share) => (content ? store.amount(valueAt(content.range, share)) : ""),
    choose: (shares, done) => {
      if (!choose || !content) return;
      const { range } = content;
      choose(shares && [valueAt(range, shares[0]), valueAt(range, shares[1])], done);
    },
    press,
  });
  el.addEventListener("pointermove", ({ clientX, clientY }) => {
    const { left, top } = el.getBoundingClientRect();
    tell(nearestPoint(places, clientX - left, clientY - top));
  });
  el.addEventListener("pointerleave", () => point(""));
  stop.addEventListener("keydown", (event) => {
    const at = order.indexOf(chosen());
    const next = steps(event.key, at, order.length);
    if (!content || next < 0) return;
    event.preventDefault();
    store.chooseRow(content.points.rows[order[next]]);
  });
  const chosen = () =>
    store.settings.row === null ? -1 : (content?.points.rows.indexOf(store.settings.row) ?? -1);

  /** @param {Content} content @param {number} width @param {import("../lib/ramp.js").Paint} paint */
  const behind = ({ density, range: reach }, width, paint) => {
    const context = cleared(ground, width, HEIGHT);
    if (!context || !density) return;
    const [from, to] = [density.low, density.high].map((end) => width * shareOf(reach, end));
    violin(context, density.counts, { from, to, height: HEIGHT, colour: paint.density });
  };

  const mark = () => {
    const i = chosen();
    const known = i >= 0 && places.x[i] >= 0;
    hide(ring, !known);
    if (known) {
      ring.style.left = `${places.x[i]}px`;
      ring.style.top = `${places.y[i]}px`;
    }
    attr(stop, "aria-valuemin", 0);
    attr(stop, "aria-valuemax", order.length);
    attr(stop, "aria-valuenow", i < 0 ? 0 : order.indexOf(i) + 1);
    attr(stop, "aria-valuetext", i < 0 || !content ? words.overview.noRow : read(content.points, i));
  };
  return {
    el,
    stop,
    mark,
    draw: (next, paint) => {
      const before = content;
      content = next;
      const { points, range: reach, strong } = next;
      const width = next.width || 300;
      if (before?.points !== points)
        order = Array.from(points.values, (_, i) => i).sort((a, b) => points.values[a] - points.values[b]);
      if (before?.points !== points || before.range !== reach || width !== drawnAt)
        places = swarm(points.values, points.shades, reach, { width, height: HEIGHT, size: SIZE });
      if (before?.density !== next.density || width !== drawnAt || paint !== painted)
        behind(next, width, paint);
      [drawnAt, painted] = [width, paint];
      const context = cleared(canvas, width, HEIGHT);
      if (context) dots(context, places, points, { paint, size: SIZE, strong });
      const brushed = next.brushed?.map((end) => Math.min(1, Math.max(0, shareOf(reach, end))));
      range(brushed ? /** @type {[number, number]} */ (brushed) : null);
      mark();
    },
  };
}

/**
 * @param {string} key
 * @param {number} at -1: nowhere yet
 * @param {number} length
 * @returns {number} where the key leads; -1: nowhere
 */
function steps(key, at, length) {
  if (length === 0) return -1;
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  /** @type {Record<string, number>} */
  const ways = { ArrowRight: 1, ArrowLeft: -1, PageUp: PAGE, PageDown: -PAGE };
  if (!ways[key]) return -1;
  return at < 0 ? Math.floor(length / 2) : Math.min(length - 1, Math.max(0, at + ways[key]));
}
