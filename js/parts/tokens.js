/** A text whose words are coloured by what they did, and can be taken out. */
import { attr, h } from "../lib/dom.js";
import { roving } from "../lib/roving.js";
import { decimals, largest, writer } from "../lib/scale.js";
import { flagged } from "./flags.js";
import { thread } from "./thread.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {{feature: number, els: HTMLElement[], look: string}} Token a feature may be several pieces
 */

/** Values below this share of the largest get no underline: they hardly count. */
const FAINT = 0.12;
/** Of the largest: shades nearer to one another look alike, and each new one has the browser style a word anew. */
const SHADE = 0.02;

/** @param {Store} store */
export function tokens(store) {
  const { pieces, cut } = store.subject;
  const { text: words } = store.words;
  const el = h("div", { class: "ll-text", dir: "auto", lang: "", role: "group", "aria-label": words.title });
  /** @type {Map<number, HTMLElement[]>} */
  const found = new Map();
  pieces.forEach((/** @type {[string, number]} */ [text, feature], /** @type {number} */ i) => {
    const beyond = cut !== null && cut !== undefined && i >= cut;
    const piece = feature < 0 || beyond ? plain(text, beyond ? words.unseen : "") : token(text, feature);
    if (piece instanceof HTMLElement && piece.dataset.feature)
      found.set(feature, [...(found.get(feature) ?? []), piece]);
    el.append(piece);
  });
  const list = [...found].map(([feature, els]) => ({ feature, els, look: "" }));
  listen(store, el, list);
  const tie = thread(el);
  store.on(["answer"], () => paint(store, list));
  store.on(["rest"], () => describe(store, list));
  store.on(["lit"], () => light(store, el, list, tie));
  store.on(["whatif", "scrub"], () => strike(store, list));
  store.on(["marks"], () => {
    flags(store, list);
    describe(store, list);
  });
  flags(store, list);
  paint(store, list);
  strike(store, list);
  if (!store.tries) leaveThere(list);
  return el;
}

/**
 * Words that can't be taken out, as there is no model to ask: they are read, and not pressed.
 *
 * @param {Token[]} list
 */
function leaveThere(list) {
  for (const { els } of list)
    for (const el of els) for (const name of ["role", "aria-pressed"]) attr(el, name, null);
}

/**
 * @param {string} text
 * @param {string} title what is to know of it, or ""
 */
function plain(text, title) {
  return title ? h("span", { class: "ll-cut", title, text }) : document.createTextNode(text);
}

/**
 * @param {string} text
 * @param {number} feature
 */
function token(text, feature) {
  return h("span", { class: "ll-token", role: "button", tabindex: -1, "data-feature": feature, text });
}

/**
 * One stop for the tab key; the arrows go from word to word.
 *
 * @param {Store} store
 * @param {HTMLElement} el
 * @param {Token[]} list
 */
function listen(store, el, list) {
  const order = /** @type {HTMLElement[]} */ ([...el.querySelectorAll(".ll-token")]);
  if (order[0]) order[0].tabIndex = 0;
  /** @param {Event} event */
  const featureOf = ({ target }) =>
    target instanceof HTMLElement && target.dataset.feature ? Number(target.dataset.feature) : -1;
  /** @param {Event} event */
  const toggle = (event) => {
    const feature = featureOf(event);
    if (feature >= 0) store.whatIf.toggle(feature);
    return feature >= 0;
  };
  el.addEventListener("click", toggle);
  el.addEventListener("pointerover", (event) => store.light(featureOf(event)));
  el.addEventListener("pointerleave", () => store.light());
  el.addEventListener("focusin", (event) => store.light(featureOf(event)));
  el.addEventListener("focusout", () => store.light());
  el.addEventListener("keydown", (event) => {
    if ((event.key === " " || event.key === "Enter") && toggle(event)) event.preventDefault();
  });
  roving(el, () => order);
  for (const { els } of list) for (const one of els) attr(one, "aria-pressed", "false");
}

/**
 * Colour says how much and which way; the underline says which way without colour.
 *
 * @param {Store} store
 * @param {Token[]} list
 */
function paint({ answer }, list) {
  const most = largest(answer?.values ?? []) || 1;
  for (const token of list) {
    const value = answer?.values[token.feature] ?? 0;
    const share = (SHADE * Math.round(Math.abs(value) / most / SHADE)).toFixed(2);
    const sign = Math.abs(value) / most < FAINT ? "faint" : value < 0 ? "against" : "for";
    const look = `${share} ${sign} ${value < 0}`;
    if (look === token.look) continue;
    token.look = look;
    for (const el of token.els) {
      el.style.setProperty("--ll-share", share);
      el.classList.toggle("ll-minus", value < 0);
      attr(el, "data-sign", sign);
    }
  }
}

/**
 * What is heard, or read under the pointer: it need not keep up with a slider.
 *
 * @param {Store} store
 * @param {Token[]} list
 */
function describe({ answer, marks, words }, list) {
  if (!answer) return;
  const digits = decimals(largest(answer.values));
  for (const { feature, els } of list)
    for (const el of els)
      for (const name of ["aria-description", "title"])
        attr(el, name, writer(answer)(answer.values[feature], digits) + words.marks.told(marks.get(feature)));
}

/**
 * A reader's marks, where each word begins.
 *
 * @param {Store} store
 * @param {Token[]} list
 */
function flags({ marks }, list) {
  for (const { feature, els } of list) flagged(els[0], marks.get(feature));
}

/**
 * @param {Store} store
 * @param {HTMLElement} el
 * @param {Token[]} list
 * @param {(ends: HTMLElement[]) => void} tie draws a thread between two words
 */
function light({ lit }, el, list, tie) {
  for (const { feature, els } of list)
    for (const one of els) one.toggleAttribute("data-lit", lit.includes(feature));
  const firsts = list.filter(({ feature }) => lit.includes(feature)).map(({ els }) => els[0]);
  if (firsts[0] && !el.matches(":hover")) intoSight(el, firsts[0]);
  tie(firsts);
}

/**
 * Scroll the text, never the page.
 *
 * @param {HTMLElement} el
 * @param {HTMLElement} one
 */
function intoSight(el, one) {
  const [box, place] = [el.getBoundingClientRect(), one.getBoundingClientRect()];
  if (place.top < box.top) el.scrollTop -= box.top - place.top + 8;
  else if (place.bottom > box.bottom) el.scrollTop += place.bottom - box.bottom + 8;
}

/**
 * @param {Store} store
 * @param {Token[]} list
 */
function strike(store, list) {
  for (const { feature, els } of list)
    for (const el of els) {
      if (el.hasAttribute("role")) attr(el, "aria-pressed", String(store.whatIf.absent.has(feature)));
      el.toggleAttribute("data-out", store.isOut(feature));
    }
}
