/** One bar with its interval, on a track whose scale it shares with others. */
import { h, hide } from "../lib/dom.js";
import { decimals, largest, signed } from "../lib/scale.js";

/** Standard errors that a link's 95 % interval reaches to each side. */
export const REACH = 1.96;

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
 * @param {import("../lib/words.js").Words} words
 * @param {{write?: (value: number, digits: number) => string, exact?: boolean}} [how] `exact`: is it said to be?
 */
export function interval(value, margin, digits, { bars: words }, { write = signed, exact = true } = {}) {
  if (!Number.isFinite(margin)) return words.unknown;
  if (margin === 0) return exact ? words.exact(write(value, digits + 2)) : write(value, digits + 2);
  const [low, high] = [value - margin, value + margin].map((end) => write(end, digits + 1));
  return words.interval(low, high);
}

/**
 * What two features do together, in words.
 *
 * @param {import("../lib/state.js").Link} link
 * @param {string[]} names of the two
 * @param {import("../lib/state.js").Link[]} all the links on show
 * @param {import("../lib/words.js").Words} words
 */
export function pairText([, , value, error], names, all, words) {
  const digits = decimals(largest(all.map((link) => link[2])));
  return words.links.pair(names, signed(value, digits), interval(value, REACH * error, digits, words));
}
