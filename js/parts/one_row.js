/** The row that is chosen, explained: what is carried is there at once, all else is asked for. */
import { attr, h, hide, say } from "../lib/dom.js";
import { count, decimals, largest, prediction, ranked, signed } from "../lib/scale.js";
import { barList } from "./bar_list.js";
import { coloured } from "./coloured.js";
import { interval, REACH } from "./track.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

const WAYS = /** @type {const} */ (["largest", "surprising", "wrong"]);

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
  const found = h("div", { class: "ll-found" }, said, text, bars.el);
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
    const [space, base] = [store.data.outputs.space, row.base];
    const truth = row.truth && words.truth(row.truth);
    say(title, words.row(count(row.row), store.subject.kind));
    say(
      said,
      words.verdict(store.output, prediction(row.prediction, space), prediction(base, space)) + truth,
    );
    bars.draw(entriesOf(store, row));
    hide(text, !row.pieces);
    if (row.pieces) coloured(text, row, store);
  };
  store.on(["data", "row", "asking"], draw);
  store.on(["row"], () => {
    const { row } = store;
    if (row)
      store.say(
        words.opened(
          words.row(count(row.row), store.subject.kind),
          prediction(row.prediction, store.data.outputs.space),
        ),
      );
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
  return asked ? words.told(asked) : words.overview.noSuchRow(count(settings.row));
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

/** Rows by number, or by what is notable of them. @param {Overview} store */
function finder(store) {
  const { overview: words } = store.words;
  const input = h("input", {
    type: "number",
    min: 0,
    step: 1,
    "aria-label": words.number,
    placeholder: words.number,
  });
  attr(input, "max", store.subject.n_rows - 1);
  const go = () => {
    if (input.value && input.valueAsNumber < store.subject.n_rows && input.valueAsNumber >= 0)
      store.chooseRow(Math.floor(input.valueAsNumber));
  };
  input.addEventListener("change", go);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go();
  });
  const buttons = WAYS.map((way) => {
    const onclick = () => {
      const rows = store.data.notable[way];
      store.chooseRow(rows[(rows.indexOf(store.settings.row ?? -1) + 1) % rows.length]);
    };
    return h("button", { type: "button", class: "ll-link", text: words[way], title: words.next, onclick });
  });
  const draw = () => {
    for (const [i, way] of WAYS.entries()) hide(buttons[i], !store.data.notable[way].length);
    if (input !== document.activeElement)
      input.value = store.settings.row === null ? "" : String(store.settings.row);
  };
  store.on(["data", "row"], draw);
  draw();
  return h("div", { class: "ll-tools" }, input, ...buttons);
}
