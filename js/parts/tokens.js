/** A text whose words are coloured by what they did, and can be taken out. */
import { attr, h } from "../lib/dom.js";
import { decimals, largest, signed } from "../lib/scale.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {{feature: number, els: HTMLElement[], look: string}} Token a feature may be several pieces
 */

/** Values below this share of the largest get no underline: they hardly count. */
const FAINT = 0.12;

/** @param {Store} store */
export function tokens(store) {
  const { pieces, cut } = store.subject;
  const el = h("div", { class: "ll-text", dir: "auto", role: "group", "aria-label": "Text" });
  /** @type {Map<number, HTMLElement[]>} */
  const found = new Map();
  pieces.forEach((/** @type {[string, number]} */ [text, feature], /** @type {number} */ i) => {
    const beyond = cut !== null && cut !== undefined && i >= cut;
    const piece = feature < 0 || beyond ? plain(text, beyond) : token(text, feature);
    if (piece instanceof HTMLElement && piece.dataset.feature)
      found.set(feature, [...(found.get(feature) ?? []), piece]);
    el.append(piece);
  });
  const list = [...found].map(([feature, els]) => ({ feature, els, look: "" }));
  listen(store, el, list);
  store.on(["answer"], () => paint(store, list));
  store.on(["rest"], () => describe(store, list));
  store.on(["lit"], () => light(store, el, list));
  store.on(["whatif"], () => strike(store, list));
  paint(store, list);
  strike(store, list);
  return el;
}

/**
 * @param {string} text
 * @param {boolean} beyond what the model sees
 */
function plain(text, beyond) {
  if (!beyond) return document.createTextNode(text);
  return h("span", { class: "ll-cut", title: "the model never sees this", text });
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
  el.addEventListener("pointerleave", () => store.light(-1));
  el.addEventListener("focusin", (event) => store.light(featureOf(event)));
  el.addEventListener("focusout", () => store.light(-1));
  el.addEventListener("keydown", (event) => {
    const at = order.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = order[step(event.key, at, order.length, getComputedStyle(el).direction === "rtl")];
    if (at < 0 || (event.key !== " " && event.key !== "Enter" && !next)) return;
    event.preventDefault();
    if (!next) return toggle(event);
    order[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  for (const { els } of list) for (const one of els) attr(one, "aria-pressed", "false");
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} length
 * @param {boolean} rtl
 * @returns {number} where the key leads; -1: nowhere
 */
export function step(key, at, length, rtl) {
  const [back, on] = rtl ? ["ArrowRight", "ArrowLeft"] : ["ArrowLeft", "ArrowRight"];
  if (key === on || key === "ArrowDown") return Math.min(at + 1, length - 1);
  if (key === back || key === "ArrowUp") return Math.max(at - 1, 0);
  if (key === "Home") return 0;
  return key === "End" ? length - 1 : -1;
}

/**
 * Colour says how much and which way; the underline says which way without colour.
 *
 * @param {Store} store
 * @param {Token[]} list
 */
function paint({ answer }, list) {
  if (!answer) return;
  const most = largest(answer.values) || 1;
  for (const token of list) {
    const value = answer.values[token.feature];
    const share = (Math.abs(value) / most).toFixed(2);
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
function describe({ answer }, list) {
  if (!answer) return;
  const digits = decimals(largest(answer.values));
  for (const { feature, els } of list)
    for (const el of els)
      for (const name of ["aria-description", "title"])
        attr(el, name, signed(answer.values[feature], digits));
}

/**
 * @param {Store} store
 * @param {HTMLElement} el
 * @param {Token[]} list
 */
function light({ lit }, el, list) {
  for (const { feature, els } of list)
    for (const one of els) one.toggleAttribute("data-lit", feature === lit);
  const first = list.find(({ feature }) => feature === lit)?.els[0];
  if (first && !el.matches(":hover")) intoSight(el, first);
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
function strike({ whatIf: { absent } }, list) {
  for (const { feature, els } of list)
    for (const el of els) {
      attr(el, "aria-pressed", String(absent.has(feature)));
      el.toggleAttribute("data-out", absent.has(feature));
    }
}
