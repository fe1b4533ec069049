/** Bars of a pinned example. Their order is that of all its records, so that each keeps its place from one to the next. */
import { attr, h, hide, say } from "../lib/dom.js";
import { among } from "../lib/numbers.js";
import { layout, ranked, shortened } from "../lib/scale.js";
import { track } from "./track.js";

/** @typedef {import("./training_pinned.js").Shown} Shown */

const LONGEST = 60;
/** So many features have a bar at first, and so many more come at once. */
const [FIRST, PAGE] = [8, 40];

/**
 * @param {import("../lib/training.js").Training} store
 * @param {any} subject
 * @param {number} example
 * @returns {import("./training_pinned.js").Body}
 */
export function bars(store, subject, example) {
  const order = ranked(strongest(store, example));
  const zero = h("span", { class: "ll-zero", "aria-hidden": "true" });
  const list = h("ol", { class: "ll-bars" });
  /** @type {ReturnType<typeof row>[]} */
  const rows = [];
  /** @type {Shown} */
  let last = { values: new Float32Array(order.length), most: 0, signed: true, what: "" };
  const unfold = unfolding(store, order.length, () => draw(last));
  const tracks = h("div", { class: "ll-tracks" }, zero, list);
  const el = h("div", { class: "ll-barbox", role: "group" }, tracks, unfold.el);
  const draw = (/** @type {Shown} */ now) => {
    last = now;
    attr(el, "aria-label", store.words.training.bars(now.what));
    const shown = unfold.draw();
    while (rows.length < shown) {
      const made = row(subject, order[rows.length], store);
      rows.push(made);
      list.append(made.el);
    }
    const { zero: at, bars: places } = laid(order.slice(0, shown), now);
    zero.style.setProperty("--ll-at", (at / 100).toFixed(4));
    rows.forEach((one, i) => {
      hide(one.el, i >= shown);
      const value = now.values[order[i]];
      if (i < shown) one.draw(value, places[i], among(value, now.most, now.signed));
    });
  };
  return { el, draw };
}

/** One scale for all records: it goes as far as the largest of any. @param {number[]} features @param {Shown} shown */
function laid(features, { values, most, signed }) {
  const all = [...features.map((feature) => values[feature]), ...(signed ? [most, -most] : [most])];
  const none = all.map(() => Number.NaN);
  return layout(all, none, signed);
}

/**
 * Buttons for more features and for fewer.
 *
 * @param {import("../lib/training.js").Training} store
 * @param {number} n features
 * @param {() => void} changed
 */
function unfolding(store, n, changed) {
  const { unfold } = store.words;
  const least = Math.min(FIRST, n);
  let shown = least;
  const to = (/** @type {number} */ wanted) => {
    shown = Math.min(wanted, n);
    changed();
  };
  const more = h("button", { type: "button", class: "ll-more", onclick: () => to(shown + PAGE) });
  const fewer = h("button", {
    type: "button",
    class: "ll-more",
    text: unfold.fewer,
    onclick: () => to(least),
  });
  return {
    el: h("div", { class: "ll-unfold" }, more, fewer),
    /** @returns {number} how many are shown */
    draw: () => {
      hide(more, shown >= n);
      say(more, unfold.more(Math.min(PAGE, n - shown)));
      hide(fewer, shown <= FIRST);
      return shown;
    },
  };
}

/** The largest |value| of each feature at any record. @param {import("../lib/training.js").Training} store @param {number} example */
function strongest(store, example) {
  const found = new Float32Array(store.subjects[example].features.length);
  for (let i = 0; i < store.data.steps.length; i++)
    store.values(example, i).forEach((value, j) => {
      found[j] = Math.max(found[j], Math.abs(value) || 0);
    });
  return found;
}

/** @param {any} subject @param {number} feature @param {import("../lib/training.js").Training} store */
function row({ features, columns, kind }, feature, store) {
  const place = track();
  const number = h("span", { class: "ll-number" });
  const name = kind === "image" ? store.words.given(String(features[feature])) : String(features[feature]);
  const value = columns ? columns[feature].value : "";
  const told =
    typeof value === "number" ? String(Number(value.toPrecision(6))) : shortened(String(value), LONGEST);
  const full = `${name}${told && ` = ${told}`}`;
  const label = h("span", {
    class: "ll-label",
    dir: "auto",
    lang: "",
    title: full,
    text: shortened(full, LONGEST),
  });
  const el = h(
    "li",
    {},
    h("div", { class: "ll-row" }, h("span", { class: "ll-lead" }, label), place.el, number),
  );
  return {
    el,
    /** @param {number} value @param {import("../lib/scale.js").Bar} bar @param {string} text */
    draw: (value, bar, text) => {
      attr(el, "data-sign", value < 0 ? "against" : "for");
      place.draw(bar);
      say(number, text);
    },
  };
}
