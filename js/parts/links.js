/** What two features do together, beyond what each does alone: the strongest pairs. */
import { arrange, attr, h, hide, say } from "../lib/dom.js";
import { roving } from "../lib/roving.js";
import { decimals, largest, layout, shortened, signed } from "../lib/scale.js";
import { interval, pairText, REACH, track } from "./track.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 *
 * @typedef {object} Row
 * @property {HTMLElement} el
 * @property {HTMLElement[]} names of the two features
 * @property {import("./track.js").Track} track
 * @property {HTMLElement} number
 * @property {HTMLElement} heard
 * @property {number[]} pair the two features
 */

const FIRST = 5;
const LONGEST = 40;

/** @param {Store} store */
export function links(store) {
  const { links: words, unfold: unfolding } = store.words;
  const label = words.label(words.title, words.beyond);
  const list = h("ol", { class: "ll-pairs", role: "listbox", "aria-label": label });
  const zero = h("span", { class: "ll-zero", "aria-hidden": "true" });
  const more = h("button", { type: "button", class: "ll-more", onclick: () => unfold() });
  const el = h(
    "div",
    { class: "ll-barbox ll-links" },
    h(
      "p",
      { class: "ll-links-title" },
      h("b", { text: words.title }),
      h("span", { class: "ll-hint", text: words.beyond }),
    ),
    h("div", { class: "ll-tracks" }, zero, list),
    h("div", { class: "ll-unfold" }, more),
  );
  /** @type {Row[]} */
  const rows = [];
  let all = false;

  const draw = () => {
    const found = store.links;
    hide(el, !found.length);
    const shown = all ? found : found.slice(0, FIRST);
    while (rows.length < shown.length) rows.push(make(store));
    zero.style.setProperty("--ll-at", drawRows(store, shown, rows).toFixed(4));
    const items = rows.slice(0, shown.length).map((row) => row.el);
    arrange(list, items);
    if (!items.some((item) => item.tabIndex === 0))
      attr(items[0] ?? list, "tabindex", items.length ? 0 : null);
    hide(more, found.length <= FIRST);
    say(more, all ? unfolding.fewer : unfolding.more(found.length - FIRST));
    attr(more, "aria-expanded", String(all));
    light();
  };
  const unfold = () => {
    all = !all;
    draw();
  };
  const light = () => {
    for (const { el: row, pair } of rows) {
      const lit = store.lit.length > 0 && store.lit.every((feature) => pair.includes(feature));
      row.toggleAttribute("data-lit", lit);
      attr(row, "aria-selected", String(lit && store.lit.length === pair.length));
    }
  };
  let drawn = store.links;
  const changed = () => {
    if (drawn === store.links) return;
    drawn = store.links;
    draw();
  };
  roving(list, () => /** @type {HTMLElement[]} */ ([...list.children]));
  for (const leave of ["pointerleave", "focusout"]) list.addEventListener(leave, () => store.light());
  store.on(["chosen"], changed);
  store.on(["lit"], light);
  draw();
  return el;
}

/**
 * @param {Store} store
 * @returns {Row}
 */
function make(store) {
  const props = { class: "ll-label", lang: "" };
  const names = [h("bdi", props), h("bdi", props)];
  const tie = h("span", { class: "ll-tie" }, h("span", { class: "ll-heard", text: store.words.links.and }));
  const lead = h("span", { class: "ll-lead" }, names[0], tie, names[1]);
  const [place, number] = [track(), h("span", { class: "ll-number" })];
  const heard = h("span", { class: "ll-heard" });
  const row = h("div", { class: "ll-row" }, lead, " ", place.el, number, heard);
  const enter = () => store.light(...made.pair);
  const li = { role: "option", tabindex: -1, onpointerenter: enter, onfocusin: enter };
  /** @type {Row} */
  const made = { el: h("li", li, row), names, track: place, number, heard, pair: [] };
  return made;
}

/**
 * @param {Store} store
 * @param {import("../lib/state.js").Link[]} shown
 * @param {Row[]} rows as many, or more
 * @returns {number} where zero is, as a share of the tracks
 */
function drawRows(store, shown, rows) {
  const values = shown.map(([, , value]) => value);
  const margins = shown.map(([, , , error]) => REACH * error);
  const digits = decimals(largest(values));
  const { zero, bars } = layout(values, margins);
  shown.forEach(([first, second, value], i) => {
    const row = rows[i];
    const names = [first, second].map((feature) => store.nameOf(feature));
    row.pair = [first, second];
    for (const [j, name] of row.names.entries()) say(name, shortened(names[j], LONGEST));
    row.track.draw(bars[i]);
    say(row.number, signed(value, digits));
    say(row.heard, store.words.bars.heard(interval(value, margins[i], digits, store.words)));
    attr(row.el, "data-sign", value < 0 ? "against" : "for");
    attr(row.el, "title", pairText(shown[i], names, shown, store.words));
  });
  return zero / 100;
}
