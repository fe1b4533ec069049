/** Where the word that is chosen stands in the texts, with what it did there. Pressed, a place opens its text. */
import { arrange, attr, h, hide, say } from "../lib/dom.js";
import { oneStop, roving } from "../lib/roving.js";
import { count, shortened } from "../lib/scale.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

const [FIRST, PAGE] = [8, 40];

/** @param {Overview} store */
export function occurrences(store) {
  const { overview: words, unfold } = store.words;
  const title = h("b", { class: "ll-name", dir: "auto", lang: "" });
  const told = h("span", { class: "ll-hint" });
  const list = h("ol", { class: "ll-places" });
  const more = h("button", { type: "button", class: "ll-more" });
  const el = h("div", { class: "ll-depends", role: "group" });
  el.append(h("div", { class: "ll-caption" }, title, told), list, more);
  let shown = FIRST;
  more.addEventListener("click", () => {
    shown += PAGE;
    draw();
  });
  /** @type {HTMLElement[]} */
  let stops = [];
  const draw = () => {
    const { feature, data } = store;
    const found = data.corpus?.occurrences(feature) ?? [];
    attr(el, "aria-label", words.placesOf(store.named(feature)));
    say(title, shortened(store.data.names[feature], 60));
    say(told, words.places(found.length, count(store.subject.columns[feature].count ?? found.length)));
    const lines = found.slice(0, shown).map((one) => line(store, one));
    stops = lines.map((one) => /** @type {HTMLElement} */ (one.firstElementChild));
    arrange(list, lines);
    oneStop(stops);
    hide(more, found.length <= shown);
    say(more, unfold.more(found.length - shown));
  };
  const mark = () => {
    for (const stop of stops)
      attr(stop, "aria-pressed", String(stop.dataset.row === String(store.settings.row)));
  };
  roving(list, () => stops);
  store.on(["data", "feature", "measure"], () => {
    shown = FIRST;
    draw();
    mark();
  });
  store.on(["row"], mark);
  draw();
  mark();
  return el;
}

/** @param {Overview} store @param {import("../lib/corpus.js").Occurrence} one */
function line(store, { row, value, before, word, after }) {
  const onclick = () => store.chooseRow(row);
  const context = h(
    "span",
    { class: "ll-context", dir: "auto", lang: "" },
    before,
    h("mark", { text: word }),
    after,
  );
  const number = h("span", { class: "ll-number", text: store.amount(value) });
  const button = h(
    "button",
    { type: "button", class: "ll-place", "data-row": row, onclick },
    context,
    " ",
    number,
  );
  return h("li", { "data-sign": value < 0 ? "against" : "for" }, button);
}
