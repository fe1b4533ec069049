/** The row that is chosen, explained: what is carried is there at once, all else is asked for. */
import { h, hide, say } from "../lib/dom.js";
import { count, decimals, isolated, largest, prediction, ranked, shortened, signed } from "../lib/scale.js";
import { barList } from "./bar_list.js";
import { coloured } from "./coloured.js";
import { finder } from "./finder.js";
import { rowPicture } from "./row_picture.js";
import { interval, REACH } from "./track.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

/** Letters of a label. */
const LONGEST = 60;

/** @param {Overview} store */
export function oneRow(store) {
  const { overview: words } = store.words;
  const title = h("b", { class: "ll-name" });
  const said = h("p", { class: "ll-hint ll-verdict" });
  const text = h("div", { class: "ll-text", dir: "auto", lang: "", hidden: true });
  const bars = barList(store.words, { label: words.rowBars, light: (key) => store.light(key) });
  const python = h("p", { class: "ll-hint" }, words.inPython, " ", h("code"));
  const close = h("button", { type: "button", class: "ll-link", text: words.close });
  close.addEventListener("click", () => {
    store.chooseRow(null);
    /** @type {HTMLElement | null} */ (el.querySelector("input"))?.focus();
  });
  const found = h("div", { class: "ll-found" }, said, text, rowPicture(store), bars.el);
  const el = h("div", { class: "ll-panel ll-onerow", role: "group", "aria-label": words.oneRow });
  el.append(h("div", { class: "ll-caption" }, title, close), finder(store), found, python);
  const draw = () => {
    const { row, settings } = store;
    hide(found, !row);
    hide(python, settings.row === null);
    hide(close, settings.row === null);
    el.toggleAttribute("data-known", !!row);
    say(python.children[0], `overview.explain(${settings.row})`);
    if (!row) return say(title, headless(store));
    say(title, nameOf(store, row));
    say(said, verdictOf(store, row));
    bars.draw(entriesOf(store, row));
    hide(text, !row.pieces);
    if (row.pieces) coloured(text, row, store);
  };
  store.on(["data", "row", "asking"], draw);
  store.on(["row"], () => {
    const { row } = store;
    if (row)
      store.say(words.opened(nameOf(store, row), prediction(row.prediction, store.data.outputs.space)));
  });
  store.on(["lit"], () => bars.light(store.lit));
  draw();
  return el;
}

/** What to say while no row is shown. @param {Overview} store */
function headless(store) {
  const { settings, words } = store;
  if (settings.row === null) return words.overview.press(store.subject.kind);
  const asked = store.asking(`row ${settings.row}`);
  if (asked === "") return words.overview.asking;
  if (asked) return words.told(asked);
  const [number, { kind }] = [count(settings.row), store.subject];
  return store.alone ? words.overview.notHere(number, kind) : words.overview.notExplained(number, kind);
}

/** @param {Overview} store @param {import("../lib/carried.js").Row} row */
const nameOf = ({ words, subject }, { row, label }) =>
  words.overview.row(count(row), subject.kind, label && isolated(shortened(label, LONGEST)));

/** What the model says of it, and what is true. @param {Overview} store @param {import("../lib/carried.js").Row} row */
function verdictOf(store, row) {
  const { words } = store;
  const [is, base] = [row.prediction, row.base].map((one) => prediction(one, store.data.outputs.space));
  return words.overview.verdict(store.predicted, is, base) + (row.truth && words.overview.truth(row.truth));
}

/**
 * @param {Overview} store
 * @param {import("../lib/carried.js").Row} row
 * @returns {import("./bar_list.js").Entry[]}
 */
function entriesOf(store, { names, cells, values, errors }) {
  const digits = decimals(largest(values));
  return ranked(values).map((key) => {
    const margin = errors ? REACH * errors[key] : 0;
    return {
      key,
      name: names[key],
      cell: cells[key],
      values: [values[key]],
      margins: [margin],
      written: signed(values[key], digits),
      heard: interval(values[key], margin, digits, store.words),
    };
  });
}
