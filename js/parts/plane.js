/** Rows by a number and its attribution, with curves: the mean answer, single rows, local effects. */
import { cells, cleared, dots } from "../lib/canvas.js";
import { attr, h, hide, svg } from "../lib/dom.js";
import { fixed, signed } from "../lib/scale.js";
import { nearestPoint, reachOf, scattered, shareOf, ticksOf, valueAt } from "../lib/swarm.js";
import { brush } from "./brush.js";

/**
 * @typedef {import("../lib/overview.js").Overview} Overview
 * @typedef {import("../lib/swarm.js").Range} Range
 * @typedef {import("./dependence.js").Shown} Shown
 * @typedef {{x: Range, y: Range}} Ranges
 */

/** Pixels: of the plot, of a point, and of the margins that hold the axes' numbers. */
const [HEIGHT, SIZE] = [230, 5];
const [TOP, BOTTOM, RIGHT, LETTER] = [8, 24, 10, 7];
const PLANE_COLUMNS = 32;

/**
 * @param {Overview} store
 * @param {(text: string) => void} tell what is pointed at
 */
export function plane(store, tell) {
  const { overview: words } = store.words;
  const ground = h("canvas", { class: "ll-points ll-ground", "aria-hidden": "true" });
  const canvas = h("canvas", { class: "ll-points", "aria-hidden": "true" });
  const lines = svg("svg", { class: "ll-curves", "aria-hidden": "true", focusable: "false" });
  const ring = h("span", { class: "ll-ring", "aria-hidden": "true", hidden: true });
  const area = h("div", { class: "ll-area" }, ground, canvas, ring);
  const el = h("div", { class: "ll-plot", role: "group" }, lines, area);
  el.style.height = `${HEIGHT}px`;
  /** @type {Ranges} */
  let ranges = { x: { low: 0, high: 1 }, y: { low: 0, high: 1 } };
  let places = scattered([], [], ranges, { width: 1, height: 1 });

  /** @param {number} i a point */
  const read = (i) => {
    const { feature } = store;
    const { data, values, rows } = store.data.lane(feature);
    return words.point(
      store.called(rows[i]),
      store.named(feature),
      store.data.cell(feature, data[i]),
      store.amountOf(values[i]),
    );
  };
  const range = brush(area, {
    names: [words.from(words.values), words.to(words.values)],
    read: (share) => store.data.cell(store.feature, valueAt(ranges.x, share)),
    choose: (shares, done) => {
      const [low, high] = shares?.map((share) => valueAt(ranges.x, share)) ?? [0, 0];
      store.chooseCohort(shares && { feature: store.feature, axis: "value", low, high }, done);
    },
    press: (x, y) => {
      const i = nearestPoint(places, x, y);
      if (i >= 0) store.chooseRow(store.data.lane(store.feature).rows[i]);
    },
  });
  area.addEventListener("pointermove", ({ clientX, clientY }) => {
    const { left, top } = area.getBoundingClientRect();
    const i = nearestPoint(places, clientX - left, clientY - top);
    tell(i < 0 ? "" : read(i));
  });
  area.addEventListener("pointerleave", () => tell(""));

  const mark = () => {
    const { row } = store.settings;
    const i = row === null || el.hidden ? -1 : store.data.lane(store.feature).rows.indexOf(row);
    hide(ring, !(places.x[i] >= 0));
    if (!(places.x[i] >= 0)) return;
    ring.style.left = `${places.x[i]}px`;
    ring.style.top = `${places.y[i]}px`;
  };
  let frame = { left: 0, width: 1, height: 1 };
  /** @param {import("../lib/carried.js").Carried} data @param {import("../lib/ramp.js").Paint} paint */
  const behind = ({ density }, paint) => {
    const { width, height } = frame;
    const { low, high, counts } = density?.planes[store.feature] ?? { low: 0, high: 0, counts: [] };
    const context = cleared(ground, width, height);
    if (!context || !density) return;
    const [left, right] = [low, high].map((end) => width * shareOf(ranges.x, end));
    const [bottom, top] = [density.low, density.high].map(
      (ends) => height * (1 - shareOf(ranges.y, ends[store.feature])),
    );
    const box = { columns: PLANE_COLUMNS, left, right, top, bottom };
    cells(context, counts, { ...box, colour: paint.density });
  };
  /** Points and the range that is chosen: what changes while that moves. @param {Shown} shown @param {import("../lib/ramp.js").Paint} paint */
  const points = (shown, paint) => {
    const { feature, data } = store;
    const partner = shown.partner ? (data.partners?.[feature] ?? -1) : -1;
    const plain = { shades: [], hues: null };
    const context = cleared(canvas, frame.width, frame.height);
    if (context)
      dots(context, places, partner < 0 ? plain : data.lane(partner), {
        paint,
        size: SIZE,
        strong: store.inCohort,
      });
    const { cohort } = store.settings;
    const here = cohort?.axis === "value" && cohort.feature === feature;
    /** @param {number} end */
    const at = (end) => Math.min(1, Math.max(0, shareOf(ranges.x, end)));
    range(here ? [at(cohort.low), at(cohort.high)] : null);
    mark();
  };
  return {
    el,
    mark,
    points,
    /** @param {Shown} shown @param {import("../lib/ramp.js").Paint} paint */
    draw: (shown, paint) => {
      const { feature, data } = store;
      const lane = data.lane(feature);
      const curves = data.curves.get(feature);
      ranges = rangesOf(store, feature, curves, shown);
      const { ticks, digits } = ticksOf(ranges.y, 5);
      const left = 10 + LETTER * Math.max(...ticks.map((tick) => signed(tick, digits).length), 2);
      const [width, height] = [(el.clientWidth || 320) - left - RIGHT, HEIGHT - TOP - BOTTOM];
      frame = { left, width, height };
      for (const [name, value] of Object.entries({ left, top: TOP, width, height }))
        area.style.setProperty(name, `${value}px`);
      places = scattered(lane.data, lane.values, ranges, frame);
      behind(data, paint);
      lines.replaceChildren(
        ...axes(ranges, frame, ticks, digits),
        ...drawn(curves, shown.curves, ranges, frame),
      );
      attr(lines, "width", left + width + RIGHT);
      attr(lines, "height", HEIGHT);
      points(shown, paint);
    },
  };
}

/**
 * @param {Overview} store
 * @param {number} feature
 * @param {Record<string, any> | undefined} curves
 * @param {Shown} shown
 * @returns {Ranges}
 */
function rangesOf(store, feature, curves, { curves: names }) {
  const dense = store.data.density?.planes[feature];
  const { data, values } = store.data.lane(feature);
  const known = Array.from(data).filter(Number.isFinite);
  const across = [...known, ...(dense ? [dense.low, dense.high] : []), ...(curves?.grid ?? [])];
  const [low, high] = across.length ? extent(across) : [0, 1];
  const up = [
    ...values,
    ...(store.data.density ? [store.data.density.low[feature], store.data.density.high[feature]] : []),
  ];
  for (const name of ["pdp", "ice", "ale"]) if (names.has(name)) up.push(...(curves?.[name] ?? []));
  const room = 0.02 * (high - low) || 0.5;
  return { x: { low: low - room, high: high + room }, y: reachOf(up) };
}

/** @param {number[]} values */
const extent = (values) =>
  values.reduce(([l, h], value) => [Math.min(l, value), Math.max(h, value)], [values[0], values[0]]);

/**
 * @param {Ranges} ranges
 * @param {{left: number, width: number, height: number}} frame
 * @param {number[]} ticks of the attributions
 * @param {number} digits
 */
function axes({ x, y }, { left, width, height }, ticks, digits) {
  const letters = Math.max(4, ...[x.low, x.high].map((end) => fixed(end, 0).length));
  const across = ticksOf(x, Math.max(2, Math.floor(width / (LETTER * letters + 24))));
  /** @param {string} text @param {number} atX @param {number} atY @param {string} anchor */
  const text = (text, atX, atY, anchor) => {
    const el = svg("text", { x: atX, y: atY, "text-anchor": anchor });
    el.textContent = text;
    return el;
  };
  const up = ticks.flatMap((tick) => {
    const at = TOP + height * (1 - shareOf(y, tick));
    const rule = svg("path", {
      d: `M${left} ${at}h${width}`,
      class: Math.abs(tick) < 1e-12 ? "ll-origin" : "ll-rule",
    });
    return [rule, text(signed(tick, digits), left - 6, at + 4, "end")];
  });
  const along = across.ticks.map((tick) => {
    const at = left + width * shareOf(x, tick);
    const anchor = at > left + width - 20 ? "end" : "middle";
    return text(fixed(tick, Math.max(across.digits, 0)), at, TOP + height + 17, anchor);
  });
  return [...up, ...along];
}

/**
 * @param {Record<string, any> | undefined} curves
 * @param {Set<string>} names
 * @param {Ranges} ranges
 * @param {{left: number, width: number, height: number}} frame
 */
function drawn(curves, names, { x, y }, { left, width, height }) {
  if (!curves) return [];
  /** @param {ArrayLike<number>} grid @param {ArrayLike<number>} values */
  const points = (grid, values) =>
    Array.from(grid, (at, i) => {
      const [px, py] = [left + width * shareOf(x, at), TOP + height * (1 - shareOf(y, values[i]))];
      return `${px.toFixed(1)} ${py.toFixed(1)}`;
    });
  /** @param {ArrayLike<number>} grid @param {ArrayLike<number>} values */
  const path = (grid, values) => `M${points(grid, values).join("L")}`;
  /** @param {ArrayLike<number>} grid @param {ArrayLike<number>} low @param {ArrayLike<number>} high */
  const band = (grid, low, high) => `M${[...points(grid, low), ...points(grid, high).reverse()].join("L")}Z`;
  const { grid, pdp, ale } = curves;
  const found = [];
  if (names.has("ice") && curves.ice.length) {
    const rows = Array.from({ length: curves.ice.length / grid.length }, (_, i) =>
      path(grid, curves.ice.subarray(i * grid.length, (i + 1) * grid.length)),
    );
    found.push(svg("path", { d: rows.join(""), class: "ll-ice" }));
  }
  if (names.has("pdp") && pdp.length) {
    if (curves.pdp_low.every(Number.isFinite))
      found.push(svg("path", { d: band(grid, curves.pdp_low, curves.pdp_high), class: "ll-band" }));
    found.push(svg("path", { d: path(grid, pdp), class: "ll-pdp" }));
  }
  if (names.has("ale") && ale.length) {
    if (curves.ale_low.every(Number.isFinite))
      found.push(
        svg("path", { d: band(curves.ale_grid, curves.ale_low, curves.ale_high), class: "ll-band" }),
      );
    found.push(svg("path", { d: path(curves.ale_grid, ale), class: "ll-ale" }));
  }
  return found;
}
