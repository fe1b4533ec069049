/** The top attributions against the number of evaluations: have they come to rest? */
import { column, readings } from "../lib/answer.js";
import { attr, explain, h, hide, svg } from "../lib/dom.js";
import { afterRest, inSlices } from "../lib/later.js";
import { regress } from "../lib/lime.js";
import { decimals, largest, ranked, signed } from "../lib/scale.js";
import { Tables } from "../lib/tables.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {{n: number, values: ArrayLike<number>}} Point
 */

const [WIDTH, HEIGHT, TOP] = [140, 24, 5];
/** From one point to the next there are so many times more rows. */
const GROWTH = 1.35;
/** Milliseconds between two looks at whether a slider moves. */
const BUDGET = 5;

/** @param {Store} store */
export function trace(store) {
  const lines = svg("g", { fill: "none", "stroke-linejoin": "round" });
  const mark = svg("line", { class: "ll-trace-mark", y1: 0, y2: HEIGHT });
  const zero = svg("line", { class: "ll-trace-zero", x1: 0, x2: WIDTH });
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, zero, mark, lines);
  const el = h("span", { class: "ll-trace", hidden: true }, picture);
  const history = new History(store);
  let drawn = store.settings;
  const draw = () => {
    const { answer } = store;
    drawn = store.settings;
    const points = history.points;
    hide(el, points.length < 3 || !answer);
    if (!answer || el.hidden) return;
    const features = ranked(answer.values).slice(0, TOP);
    const shape = paths(points, features);
    lines.replaceChildren(...shape.lines.map((d, i) => line(d, answer.values[features[i]], i)));
    for (const end of ["y1", "y2"]) attr(zero, end, shape.zero.toFixed(1));
    for (const end of ["x1", "x2"]) attr(mark, end, shape.x(answer.n).toFixed(1));
    const [from, to] = [points[0].n, points[points.length - 1].n];
    const title = store.words.foot.trace(features.length, from, to, store.unit);
    attr(picture, "aria-label", `${title}: ${ends(store, points, features)}`);
    explain(el, title, store.words.foot.aboutTrace);
  };
  const rest = afterRest(250, () => history.update(draw));
  store.on(["answer"], () => {
    if (store.status.state !== "running" || store.settings !== drawn) draw();
    rest.ask(); // while rows stream in, often enough
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
  svg("path", { d, class: value < 0 ? "ll-against" : "ll-for", "stroke-width": 1.9 - 0.25 * place });

/**
 * Where each line begins and ends, for those who don't see it.
 *
 * @param {Store} store
 * @param {Point[]} points
 * @param {number[]} features
 */
function ends(store, points, features) {
  const digits = decimals(largest(points[points.length - 1].values));
  /** @param {number} feature */
  const two = (feature) =>
    [points[0], points[points.length - 1]].map(({ values }) => signed(values[feature], digits));
  return features.map((feature) => store.words.foot.line(store.nameOf(feature), two(feature))).join(", ");
}

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

/** The answer as it was with fewer rows: refitted, or as Python sent it. */
class History {
  /** @type {Map<number, ArrayLike<number>>} */
  #refits = new Map();
  #key = "";
  #giveUp = () => {};
  /** Of its own, so that no slider waits for it; it grows while rows stream in. @type {Tables | null} */
  #table = null;

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
  }

  /** @returns {Point[]} */
  get points() {
    const { store } = this;
    const { method, kernel_width: width } = store.settings;
    const sent = readings(store.pull.estimates, method, width, store.target);
    /** @type {Map<number, ArrayLike<number>>} */
    const found = new Map(sent.map((e) => [e.n, column(e, store.target).values]));
    if (this.#key === this.#now()) for (const [n, values] of this.#refits) found.set(n, values);
    if (store.answer) found.set(store.answer.n, store.answer.values);
    return [...found].sort(([a], [b]) => a - b).map(([n, values]) => ({ n, values }));
  }

  /** @param {() => void} done */
  update(done) {
    const { rows, refits } = this.store;
    if (!refits || !rows) return done();
    if (this.#key !== this.#now()) this.#forget();
    this.#key = this.#now();
    this.#giveUp();
    this.#giveUp = inSlices(this.#refit(rows), done);
  }

  end() {
    this.#giveUp();
  }

  #forget() {
    this.#refits.clear();
    this.#table = null;
  }

  #now() {
    const { settings, target } = this.store;
    return `${settings.method} ${settings.kernel_width} ${target}`;
  }

  /** @param {import("../lib/neighborhood.js").Rows} rows */
  *#refit(rows) {
    const { settings, target, status, answers } = this.store;
    const question = { width: settings.kernel_width, target, distance: answers.distance };
    const part = rows.drawn(rows.n - 1).rows; // the last answer is the one on show
    if (this.#table?.rows !== part) this.#table = new Tables(part);
    const table = this.#table;
    for (const n of growing(status.least, rows.n)) {
      if (this.#refits.has(n)) continue;
      while (!table.reach(rows.drawn(n).n, performance.now() + BUDGET)) yield;
      this.#refits.set(n, regress(table, question).values);
      yield;
    }
    if (status.state !== "running") this.#table = null;
  }
}

/**
 * @param {number} least
 * @param {number} n
 */
function growing(least, n) {
  const length = Math.ceil(Math.log(n / least) / Math.log(GROWTH));
  return Array.from({ length: Math.max(0, length) }, (_, i) => Math.round(least * GROWTH ** i));
}
