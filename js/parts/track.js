/** One bar with its interval, on a track whose scale it shares with others. */
import { h, hide } from "../lib/dom.js";
import { signed } from "../lib/scale.js";

/** @typedef {{el: HTMLElement, draw: (place: import("../lib/scale.js").Bar) => void}} Track */

/** @returns {Track} */
export function track() {
  const [bar, whisker] = [h("span", { class: "ll-bar" }), h("span", { class: "ll-whisker" })];
  const el = h("span", { class: "ll-track", "aria-hidden": "true" }, bar, whisker);
  return {
    el,
    draw: (place) => {
      bar.style.left = `${place.left}%`;
      bar.style.width = `${place.width}%`;
      drawWhisker(whisker, place);
    },
  };
}

/**
 * @param {HTMLElement} whisker
 * @param {import("../lib/scale.js").Bar} place
 */
function drawWhisker(whisker, { low, high, clipped }) {
  hide(whisker, low === null);
  if (low === null) return;
  whisker.style.left = `${low}%`;
  whisker.style.width = `${high - low}%`;
  whisker.toggleAttribute("data-clipped", clipped);
}

/**
 * The interval in words.
 *
 * @param {number} value
 * @param {number} margin half of its width; infinite: not known
 * @param {number} digits of the value as it is shown
 * @param {{write?: (value: number, digits: number) => string, exact?: string}} [words]
 */
export function interval(value, margin, digits, { write = signed, exact = ", exact" } = {}) {
  if (!Number.isFinite(margin)) return "no interval is known";
  if (margin === 0) return `${write(value, digits + 2)}${exact}`;
  const [low, high] = [value - margin, value + margin].map((end) => write(end, digits + 1));
  return `95 % interval ${low} to ${high}`;
}
