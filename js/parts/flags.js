/** A reader's mark, drawn: an icon, and words beside it where there is room. */
import { attr, h, svg } from "../lib/dom.js";
import { MARKS, shareOf } from "../lib/marks.js";

/** @typedef {import("../lib/marks.js").Mark} Mark */

/** So many features are named. */
const MOST = 12;
/** Of what should not matter a circle with a stroke through it, and of what should a tick. */
const [NOT, SHOULD] = [
  "M6 1.2A4.8 4.8 0 1 0 6 10.8A4.8 4.8 0 1 0 6 1.2ZM2.7 2.7L9.3 9.3",
  "M1.5 6.5L4.7 9.7L10.5 2.5",
];

/** @param {Mark} mark */
export const flag = (mark) =>
  svg(
    "svg",
    { class: "ll-objection", viewBox: "0 0 12 12", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: mark === MARKS[0] ? NOT : SHOULD }),
  );

/**
 * Begin a word with its icon, or take that away.
 *
 * @param {Element} el
 * @param {Mark | undefined} mark
 */
export function flagged(el, mark) {
  if ((el.getAttribute("data-mark") ?? undefined) === mark) return;
  attr(el, "data-mark", mark);
  el.querySelector(".ll-objection")?.remove();
  if (mark) el.prepend(flag(mark));
}

/**
 * A label's icon and words.
 *
 * @param {import("../lib/words.js").Words["marks"]} words
 */
export function tag(words) {
  const el = h("span", { class: "ll-tag", hidden: true });
  return {
    el,
    /** @param {Mark | undefined} mark */
    draw: (mark) => {
      el.hidden = !mark;
      flagged(el, mark);
      if (!mark) return;
      const text = el.querySelector(".ll-tag-words") ?? el.appendChild(h("span", { class: "ll-tag-words" }));
      text.textContent = words.short[mark];
      attr(el, "title", words.names[mark]);
    },
  };
}

/**
 * What was marked, a line for each of the two marks, and how much of all that counts it has.
 *
 * @param {object} given
 * @param {Map<number, Mark>} given.marks
 * @param {import("../lib/words.js").Words} given.words
 * @param {ArrayLike<number> | null} given.values null: not known
 * @param {(feature: number) => string} given.name
 */
export const entries = (given) => MARKS.flatMap((mark) => entry(mark, given) ?? []);

/**
 * @param {Mark} mark
 * @param {Parameters<typeof entries>[0]} given
 */
function entry(mark, { marks, words, values, name }) {
  const features = [...marks].filter(([, one]) => one === mark).map(([feature]) => feature);
  if (!features.length) return null;
  const names = features.slice(0, MOST).map(name).join(words.marks.comma);
  const rest = features.length - MOST;
  const share = values && shareOf(values, features);
  return h(
    "li",
    { "data-mark": mark },
    flag(mark),
    h("b", { text: words.marks.names[mark] }),
    words.marks.colon,
    h("bdi", { lang: "", text: names }),
    rest > 0 ? words.marks.more(rest) : null,
    share === null ? null : words.marks.share(words.percent(String(Math.round(100 * share)))),
  );
}

/**
 * Icons on a picture, each in the middle of its segment.
 *
 * @param {HTMLElement} el
 * @param {number[][]} places boxes of the segments
 * @param {{width: number, height: number}} area
 * @param {Map<number, Mark>} marks
 */
export function pins(el, places, { width, height }, marks) {
  for (const pin of el.querySelectorAll(".ll-pin")) pin.remove();
  for (const [feature, mark] of marks) {
    const [x, y, w, high] = places[feature];
    const pin = h("span", { class: "ll-pin", "data-mark": mark }, flag(mark));
    pin.style.left = `${(100 * (x + w / 2)) / width}%`;
    pin.style.top = `${(100 * (y + high / 2)) / height}%`;
    el.append(pin);
  }
}
