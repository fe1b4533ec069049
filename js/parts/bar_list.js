/** Named numbers as bars with their intervals, the first few of them, the rest behind a button. */
import { arrange, attr, h, hide, say } from "../lib/dom.js";
import { shortened } from "../lib/scale.js";
import { spanned } from "../lib/spans.js";
import { track } from "./track.js";

/**
 * @typedef {object} Entry
 * @property {number} key
 * @property {string} name
 * @property {string} cell what stands behind the name, or ""
 * @property {number[]} values one a track
 * @property {number[]} margins half widths of their intervals; not finite: not known
 * @property {string} written
 * @property {string} heard
 */

const [FIRST, PAGE] = [10, 40];
const [LONGEST, CELL] = [200, 40];

/**
 * @param {import("../lib/words.js").Words} words
 * @param {{label: string, light: (key: number) => void}} tells
 */
export function barList({ unfold, bars }, { label, light }) {
  const list = h("ol", { class: "ll-bars" });
  const zero = h("span", { class: "ll-zero", "aria-hidden": "true" });
  const more = h("button", { type: "button", class: "ll-more", onclick: () => fold(shown + PAGE) });
  const fewer = h("button", {
    type: "button",
    class: "ll-more",
    text: unfold.fewer,
    onclick: () => fold(FIRST),
  });
  const el = h(
    "div",
    { class: "ll-barbox", role: "group", "aria-label": label },
    h("div", { class: "ll-tracks" }, zero, list),
    h("div", { class: "ll-unfolds" }, more, fewer),
  );
  /** @type {Entry[]} */
  let entries = [];
  /** @type {ReturnType<typeof line>[]} */
  const lines = [];
  let shown = FIRST;
  list.addEventListener("pointerleave", () => light(-1));

  const draw = () => {
    const some = entries.slice(0, shown);
    const values = some.flatMap((one) => one.values);
    const margins = some.flatMap((one) => one.margins);
    const low = values.map((value, i) => value - margins[i]);
    const { zero: at, bars: places } = spanned(
      values,
      low,
      values.map((value, i) => value + margins[i]),
    );
    zero.style.setProperty("--ll-at", String(at / 100));
    while (lines.length < some.length) lines.push(line(light));
    let next = 0;
    some.forEach((one, i) => {
      lines[i].draw(one, places.slice(next, next + one.values.length), bars.heard(one.heard));
      next += one.values.length;
    });
    arrange(
      list,
      lines.slice(0, some.length).map((one) => one.el),
    );
    const rest = entries.length - some.length;
    hide(more, rest <= 0);
    say(more, rest > PAGE ? unfold.some(PAGE, rest) : unfold.more(rest));
    hide(fewer, some.length <= FIRST);
  };
  /** @param {number} to */
  const fold = (to) => {
    shown = to;
    draw();
  };
  return {
    el,
    /** @param {Entry[]} next in the order in which they are shown */
    draw: (next) => {
      entries = next;
      draw();
    },
    /** @param {number} key */
    light: (key) => {
      for (const one of lines) one.el.toggleAttribute("data-lit", one.el.dataset.key === String(key));
    },
  };
}

/** @param {(key: number) => void} light */
function line(light) {
  const label = h("span", { class: "ll-label", dir: "auto", lang: "" });
  const cell = h("bdi", { class: "ll-cell", lang: "" });
  const tracks = [track()];
  const place = h("span", { class: "ll-tracksof" }, tracks[0].el);
  const number = h("span", { class: "ll-number" });
  const heard = h("span", { class: "ll-heard" });
  const row = h(
    "div",
    { class: "ll-row" },
    h("span", { class: "ll-lead" }, label, cell),
    " ",
    place,
    number,
    heard,
  );
  const el = h("li", {}, row);
  el.addEventListener("pointerenter", () => light(Number(el.dataset.key)));
  return {
    el,
    /** @param {Entry} one @param {import("../lib/scale.js").Bar[]} bars @param {string} spoken */
    draw: (one, bars, spoken) => {
      attr(el, "data-key", one.key);
      attr(el, "data-sign", one.values[0] < 0 ? "against" : "for");
      attr(label, "title", one.name);
      say(label, shortened(one.name, LONGEST));
      say(cell, one.cell && `= ${shortened(one.cell, CELL)}`);
      hide(cell, !one.cell);
      while (tracks.length < bars.length) {
        tracks.push(track());
        place.append(tracks[tracks.length - 1].el);
      }
      bars.forEach((bar, i) => {
        attr(tracks[i].el, "data-sign", one.values[i] < 0 ? "against" : "for");
        tracks[i].draw(bar);
      });
      say(number, one.written);
      attr(number, "title", one.heard);
      say(heard, spoken);
    },
  };
}
