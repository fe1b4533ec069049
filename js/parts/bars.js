/** Attributions as bars with their 95 % intervals, most important first. */
import { arrange, attr, h, hide, say } from "../lib/dom.js";
import { oneStop, roving } from "../lib/roving.js";
import { decimals, largest, layout, ranked, shortened, writer } from "../lib/scale.js";
import { tag } from "./flags.js";
import { spread, told } from "./told.js";
import { track } from "./track.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 *
 * @typedef {object} Row
 * @property {HTMLElement} el
 * @property {import("./track.js").Track} track
 * @property {HTMLElement} number
 * @property {HTMLElement} heard its interval
 * @property {ReturnType<typeof tag>} tag a reader's mark
 * @property {HTMLElement | null} stop where the tab key may stop; null: it has a control of its own
 *
 * @typedef {object} Looks how a view's rows differ
 * @property {(feature: number) => Node | null} [extra] beside the label: a value, a picture
 * @property {boolean} [press] pressing a row takes its feature out
 */

const FIRST = 10;
const PAGE = 40;
const LONGEST = 200;
/** Of a row, in pixels: room is kept for the first answer. */
const HEIGHT = 24;

/**
 * @param {Store} store
 * @param {Looks} looks
 */
export function bars(store, looks) {
  const list = h("ol", { class: "ll-bars" });
  const zero = h("span", { class: "ll-zero", "aria-hidden": "true" });
  list.style.minHeight = `${HEIGHT * Math.min(FIRST, store.subject.features.length)}px`;
  const more = h("button", { type: "button", class: "ll-more", onclick: () => unfold(PAGE) });
  const onclick = () => unfold(0);
  const fewer = h("button", { type: "button", class: "ll-more", text: store.words.unfold.fewer, onclick });
  const el = h(
    "div",
    { class: "ll-barbox", role: "group", "aria-label": store.words.bars.title },
    h("div", { class: "ll-tracks" }, zero, list),
    h("div", { class: "ll-unfold" }, more, fewer),
    told(store),
  );
  /** @type {Map<number, Row>} */
  const rows = new Map();
  let shown = FIRST;
  /** @type {number[]} kept while the pointer or the focus is on a row: it should not slip away */
  let order = [];
  let [method, target] = ["", -1];
  /** @type {HTMLElement[]} */
  let stops = [];

  /** @param {number} feature */
  const rowOf = (feature) => {
    const found = rows.get(feature);
    if (found) return found;
    const row = make(store, looks, feature);
    rows.set(feature, row);
    markOut(store, row, feature, !!looks.press);
    row.tag.draw(store.marks.get(feature));
    return row;
  };
  const draw = () => {
    const { answer } = store;
    el.toggleAttribute("data-empty", !answer);
    if (!answer) return arrange(list, []);
    const held = list.matches(":hover") || list.contains(document.activeElement);
    const same = method === answer.method && target === store.target;
    if (!held || !same || order.length !== answer.values.length) order = ranked(answer.values);
    [method, target] = [answer.method, store.target];
    const features = order.slice(0, shown);
    const made = features.map(rowOf);
    arrange(
      list,
      made.map((row) => row.el),
    );
    stops = made.flatMap((row) => row.stop ?? []);
    oneStop(stops);
    zero.style.setProperty("--ll-at", drawRows(answer, features, rows).toFixed(4));
    const rest = order.length - features.length;
    hide(more, rest === 0);
    const words = store.words.unfold;
    say(more, rest > PAGE ? words.some(PAGE, rest) : words.more(rest));
    hide(fewer, shown === FIRST || order.length <= FIRST);
  };
  /** @param {number} page 0: back to the first */
  const unfold = (page) => {
    shown = page ? shown + page : FIRST;
    draw();
    describe(store, rows);
    light();
  };
  const light = () => {
    for (const [feature, row] of rows) row.el.toggleAttribute("data-lit", store.lit.includes(feature));
  };
  const marks = () => {
    for (const [feature, row] of rows) markOut(store, row, feature, !!looks.press);
  };
  for (const leave of ["pointerleave", "focusout"]) list.addEventListener(leave, () => store.light());
  list.addEventListener("pointerleave", draw);
  list.addEventListener("focusout", ({ relatedTarget }) => {
    if (!list.contains(/** @type {Node | null} */ (relatedTarget))) draw();
  });
  roving(list, () => stops);
  store.on(["answer", "settings"], draw);
  store.on(["lit"], light);
  store.on(["whatif", "scrub"], marks);
  store.on(["rest"], () => describe(store, rows));
  store.on(["marks"], () => {
    for (const [feature, row] of rows) row.tag.draw(store.marks.get(feature));
  });
  draw();
  return el;
}

/**
 * @param {Store} store
 * @param {Looks} looks
 * @param {number} feature
 * @returns {Row}
 */
function make(store, looks, feature) {
  const name = store.nameOf(feature);
  const label = h("span", {
    class: "ll-label",
    title: name,
    dir: "auto",
    lang: "",
    text: shortened(name, LONGEST),
  });
  const place = track();
  const number = h("span", { class: "ll-number" });
  const heard = h("span", { class: "ll-heard" });
  const mark = tag(store.words.marks);
  const lead = h("span", { class: "ll-lead" }, mark.el, label, looks.extra?.(feature) ?? null);
  const inside = [lead, " ", place.el, h("span", {}, number), heard];
  const onclick = () => store.whatIf.toggle(feature);
  const row = looks.press
    ? h("button", { type: "button", class: "ll-row", onclick }, ...inside)
    : h("div", { class: "ll-row" }, ...inside);
  const enter = () => store.light(feature);
  const el = h("li", { "data-feature": feature, onpointerenter: enter, onfocusin: enter }, row);
  const stop = looks.press ? row : lead.querySelector("input, select") ? null : el;
  return { el, track: place, number, heard, stop, tag: mark };
}

/**
 * @param {import("../lib/answer.js").Answer} answer
 * @param {number[]} features
 * @param {Map<number, Row>} rows
 * @returns {number} where zero is, as a share of the tracks
 */
function drawRows(answer, features, rows) {
  const values = features.map((feature) => answer.values[feature]);
  const margins = features.map((feature) => answer.margins[feature]);
  const digits = decimals(largest(answer.values));
  const { zero, bars: places } = layout(values, margins, answer.signed);
  places.forEach((place, i) => {
    const row = rows.get(features[i]);
    if (!row) return;
    attr(row.el, "data-sign", values[i] < 0 ? "against" : "for");
    row.track.draw(place);
    say(row.number, writer(answer)(values[i], digits));
  });
  return zero / 100;
}

/**
 * What is heard, or read under the pointer: it need not keep up with a slider.
 *
 * @param {Store} store
 * @param {Map<number, Row>} rows
 */
function describe(store, rows) {
  if (!store.answer) return;
  for (const [feature, { number, heard }] of rows) {
    const text = spread(store, feature);
    attr(number, "title", text);
    say(heard, store.words.bars.heard(text));
  }
}

/**
 * @param {Store} store
 * @param {Row} row
 * @param {number} feature
 * @param {boolean} press
 */
function markOut(store, row, feature, press) {
  const { absent, edits } = store.whatIf;
  row.el.toggleAttribute("data-out", store.isOut(feature));
  row.el.toggleAttribute("data-edited", edits.has(feature));
  if (press) attr(row.el.children[0], "aria-pressed", String(absent.has(feature)));
}
