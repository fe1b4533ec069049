/** Print how long refits take: medians, in milliseconds. Run by `npm run bench`; nothing here is asserted. */
import { limeErrors } from "../../js/lib/errors.js";
import { lime } from "../../js/lib/lime.js";
import { Rows } from "../../js/lib/neighborhood.js";
import { Tables } from "../../js/lib/tables.js";
import { draw, sigmoidGame, toBytes } from "./games.js";

const WIDTHS = [0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 1, 1.5, 2];

for (const [n, d] of [
  [5_000, 50],
  [20_000, 200],
]) {
  const coalitions = draw(n, d);
  const game = sigmoidGame(d);
  const data = toBytes(
    coalitions,
    coalitions.map((z) => [game(z)]),
  );
  const rows = Rows.from(data);
  const question = { width: 0.25, target: 0, n, distance: /** @type {const} */ ("cosine") };
  const refit = (/** @type {object} */ change) => lime(rows, { ...question, ...change });
  console.log(`${n} coalitions of ${d} features`);
  report("  read the bytes", [1, 2, 3], () => Rows.from(data));
  report("  build the tables", [1, 2, 3], () => new Tables(rows).reach(n));
  report("  100 rows fewer, and fit", [1, 2, 3, 4, 5], (i) => refit({ n: n - 100 * i }));
  refit({});
  report("  another kernel width", [...WIDTHS, ...WIDTHS], (width) => refit({ width }));
  const bites = errors(rows, question);
  console.log(
    `  errors: ${sum(bites).toFixed(0)} ms in ${bites.length} bites, the longest ${Math.max(...bites).toFixed(1)} ms`,
  );
}

/**
 * @template T
 * @param {string} label
 * @param {T[]} inputs
 * @param {(input: T) => unknown} work
 */
function report(label, inputs, work) {
  const times = inputs.map((input) => timed(() => work(input))).sort((a, b) => a - b);
  const median = times[times.length >> 1].toFixed(2);
  console.log(`${label}: ${median} ms (longest ${times[times.length - 1].toFixed(2)})`);
}

/**
 * @param {Rows} rows
 * @param {{width: number, target: number, n: number, distance: "cosine"}} question
 */
function errors(rows, question) {
  const work = limeErrors(rows, question);
  const bites = [];
  for (let done = false; !done; ) bites.push(timed(() => (done = work.next().done === true)));
  return bites;
}

/** @param {() => unknown} work */
function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** @param {number[]} times */
function sum(times) {
  return times.reduce((total, time) => total + time, 0);
}
