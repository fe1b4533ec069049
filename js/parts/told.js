/** A line that tells in full what is pointed at or has the focus; while nothing is, which way is which. */
import { h, say } from "../lib/dom.js";
import { decimals, isolated, largest, shortened, writer } from "../lib/scale.js";
import { interval, pairText } from "./track.js";

/** @typedef {import("../lib/state.js").Store} Store */

/** What is pointed at is told up to so many letters, and the output. */
const [LONGEST, OUTPUT] = [200, 100];

/** @param {Store} store */
export function told(store) {
  const [lowers, raises, plain] = [
    h("span", { "data-sign": "against" }),
    h("span", { "data-sign": "for" }),
    h("span"),
  ];
  const el = h("p", { class: "ll-axis ll-hint" }, lowers, raises, plain);
  const draw = () => {
    const reading = readingOf(store);
    el.toggleAttribute("data-lit", reading !== "");
    const parts = reading ? ["", "", reading] : axis(store);
    for (const [i, part] of [lowers, raises, plain].entries()) say(part, parts[i]);
  };
  store.on(["answer", "settings", "lit", "marks"], draw);
  draw();
  return el;
}

/**
 * @param {Store} store
 * @returns {string} "": nothing is lit
 */
function readingOf(store) {
  const { answer, lit, marks, words } = store;
  if (!answer || !lit.length) return "";
  if (lit.length > 1) return linkOf(store);
  const [feature] = lit;
  const text = shown(store.subject.columns?.[feature].value);
  const value = writer(answer)(answer.values[feature], decimals(largest(answer.values)));
  return words.bars.reading(
    named(store, feature),
    text,
    `${value}${words.bars.heard(spread(store, feature))}${words.marks.told(marks.get(feature))}`,
  );
}

/**
 * The interval of a feature's value, in words.
 *
 * @param {Store} store one that has an answer
 * @param {number} feature
 */
export function spread({ answer, unit, words }, feature) {
  if (!answer) return "";
  const digits = decimals(largest(answer.values));
  // What a heuristic says is not made right by leaving nothing to chance.
  const how = { write: writer(answer), exact: unit !== "passes" };
  return interval(answer.values[feature], answer.margins[feature], digits, words, how);
}

/** @param {Store} store */
function linkOf(store) {
  const { lit, links } = store;
  const link = links.find(([first, second]) => lit.includes(first) && lit.includes(second));
  if (!link) return "";
  const names = [link[0], link[1]].map((feature) => named(store, feature));
  return pairText(link, names, links, store.words);
}

/**
 * @param {Store} store
 * @param {number} feature
 */
const named = (store, feature) => isolated(shortened(store.nameOf(feature), LONGEST));

/** @param {unknown} value of a table's row */
function shown(value) {
  if (value === undefined || value === "") return "";
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  return isolated(shortened(String(value), LONGEST));
}

/** @param {Store} store */
function axis({ outputs: { names, space }, target, subject, answer, words: { bars } }) {
  const output = bars.output(isolated(shortened(String(names[target]), OUTPUT)), space);
  if (answer?.signed === false) return ["", "", bars.sizes(subject.kind, output)];
  return [bars.lowers, bars.raises(output), ""];
}
