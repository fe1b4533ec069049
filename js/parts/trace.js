/** The top attributions against the number of perturbations: have they come to rest? */
import { column, readings } from "../lib/answer.js";
import { attr, h, svg } from "../lib/dom.js";
import { afterRest, inSlices } from "../lib/later.js";
import { lime } from "../lib/lime.js";
import { count, ranked } from "../lib/scale.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {{n: number, values: ArrayLike<number>}} Point
 */

const [WIDTH, HEIGHT, TOP] = [140, 24, 5];
/** From one point to the next there are so many times more rows. */
const GROWTH = 1.35;
/** Refits that take more (rows x features squared) are left out. */
const MOST_WORK = 2e7;

/** @param {Store} store */
export function trace(store) {
  const lines = svg("g", { fill: "none", "stroke-linejoin": "round" });
  const mark = svg("line", { class: "ll-trace-mark", y1: 0, y2: HEIGHT });
  const zero = svg("line", { class: "ll-trace-zero", x1: 0, x2: WIDTH });
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, zero, mark, lines);
  const el = h("span", { class: "ll-trace", hidden: true }, picture);
  const history = new History(store);
  const draw = () => {
    const { answer } = store;
    const points = history.points;
    el.hidden = points.length < 3 || !answer;
    if (!answer || el.hidden) return;
    const features = ranked(answer.values).slice(0, TOP);
    const shape = paths(points, features);
    lines.replaceChildren(...shape.lines.map((d, i) => line(d, answer.values[features[i]], i)));
    for (const end of ["y1", "y2"]) attr(zero, end, shape.zero.toFixed(1));
    for (const end of ["x1", "x2"]) attr(mark, end, shape.x(answer.n).toFixed(1));
    const title = `The ${features.length} largest attributions from ${count(points[0].n)} to ${count(points[points.length - 1].n)} perturbations`;
    attr(picture, "aria-label", title);
    attr(el, "title", title);
  };
  const rest = afterRest(250, () => history.update(draw));
  store.on(["answer"], () => {
    draw();
    rest.ask();
  });
  store.on(["settings"], () => {
    history.end();
    rest.again();
  });
  store.stops.push(rest.end, () => history.end());
  rest.ask();
  return el;
}

/**
 * @param {string} d
 * @param {number} value
 * @param {number} place
 */
const line = (d, value, place) =>
  svg("path", { d, class: value < 0 ? "ll-against" : "ll-for", opacity: 1 - 0.14 * place });

/**
 * Lay out lines over the logarithm of n.
 *
 * @param {Point[]} points fewest rows first
 * @param {number[]} features
 */
export function paths(points, features) {
  const all = points.flatMap(({ values }) => features.map((feature) => values[feature]));
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const [first, last] = [points[0].n, points[points.length - 1].n];
  /** @param {number} value */
  const y = (value) => 1.5 + ((HEIGHT - 3) * (high - value)) / (high - low || 1);
  /** @param {number} n */
  const x = (n) => Math.min(WIDTH, Math.max(0, (WIDTH * Math.log(n / first)) / Math.log(last / first)));
  const lines = features.map((feature) =>
    points
      .map(({ n, values }, i) => `${i ? "L" : "M"}${x(n).toFixed(1)} ${y(values[feature]).toFixed(1)}`)
      .join(""),
  );
  return { lines, x, zero: y(0) };
}

/** The answer as it was with fewer rows: refitted where that is quick, else as Python sent it. */
class History {
  /** @type {Map<number, ArrayLike<number>>} */
  #refits = new Map();
  #key = "";
  /** A key of its own among the kept tables, so that no slider waits for these. @type {any} */
  #rows = null;
  #giveUp = () => {};

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
  }

  /** @returns {Point[]} */
  get points() {
    const { store } = this;
    const { method, kernel_width: width } = store.settings;
    const sent = readings(store.pull.estimates, method, width);
    /** @type {Map<number, ArrayLike<number>>} */
    const found = new Map(sent.map((e) => [e.n, column(e, store.target).values]));
    if (this.#key === this.#now()) for (const [n, values] of this.#refits) found.set(n, values);
    return [...found].sort(([a], [b]) => a - b).map(([n, values]) => ({ n, values }));
  }

  /** @param {() => void} done */
  update(done) {
    const { rows, refits } = this.store;
    if (!refits || !rows) return;
    if (Object.getPrototypeOf(this.#rows ?? {}) !== rows) this.#rows = Object.create(rows);
    if (this.#key !== this.#now()) this.#refits.clear();
    this.#key = this.#now();
    this.#giveUp();
    this.#giveUp = inSlices(this.#refit(rows), done);
  }

  end() {
    this.#giveUp();
  }

  #now() {
    const { settings, target } = this.store;
    return `${settings.method} ${settings.kernel_width} ${target}`;
  }

  /** @param {import("../lib/neighborhood.js").Rows} rows */
  *#refit(rows) {
    const { settings, target, status, answers } = this.store;
    const question = { width: settings.kernel_width, target, distance: answers.distance };
    for (let at = status.least; ; at *= GROWTH) {
      const n = Math.min(Math.round(at), rows.n);
      if (n * rows.d ** 2 > MOST_WORK) return;
      if (!this.#refits.has(n)) this.#refits.set(n, lime(this.#rows, { ...question, n }).values);
      if (n === rows.n) return;
      yield;
    }
  }
}
