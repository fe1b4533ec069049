/** One stop for the tab key among many elements; the arrows go from one to the next. */
import { attr } from "./dom.js";

/**
 * @param {HTMLElement} el holds them
 * @param {() => HTMLElement[]} all of them, in order; one has the tabindex 0, the others -1
 */
export function roving(el, all) {
  el.addEventListener("keydown", (event) => {
    const order = all();
    const at = order.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = order[step(event.key, at, order.length, getComputedStyle(el).direction === "rtl")];
    if (at < 0 || !next) return;
    event.preventDefault();
    order[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

/**
 * The same for what takes other keys itself, as a slider does: up and down go from one to the next.
 *
 * @param {HTMLElement} el
 * @param {() => HTMLElement[]} all
 */
export function upAndDown(el, all) {
  el.addEventListener("keydown", (event) => {
    const order = all();
    const at = order.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = order[at + (event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : Number.NaN)];
    if (at < 0 || !next) return;
    event.preventDefault();
    order[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

/**
 * Elements come and go: let one of them be where the tab key stops, at first the one that is pressed.
 *
 * @param {HTMLElement[]} order
 */
export function oneStop(order) {
  const stops = order.filter((one) => one.tabIndex === 0);
  const pressed = stops.find((one) => one.getAttribute("aria-pressed") === "true");
  const stop = pressed ?? stops[0] ?? order[0];
  for (const one of order) attr(one, "tabindex", one === stop ? 0 : -1);
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
