/** Bars of a pinned example. Their order is that of all its records, so that each keeps its place from one to the next. */
import { attr, h, hide, say } from "../lib/dom.js";
import { decimals, layout, ranked, shortened, writer } from "../lib/scale.js";
import { track } from "./track.js";

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
  const { training: words, unfold } = store.words;
  const order = ranked(strongest(store, example));
  const zero = h("span", { class: "ll-zero", "aria-hidden": "true" });
  const list = h("ol", { class: "ll-bars" });
  const more = h("button", { type: "button", class: "ll-more" });
  const fewer = h("button", { type: "button", class: "ll-more", text: unfold.fewer });
  const label = words.bars(words.values);
  const el = h(
    "div",
    { class: "ll-barbox", role: "group", "aria-label": label },
    h("div", { class: "ll-tracks" }, zero, list),
    h("div", { class: "ll-unfold" }, more, fewer),
  );
  /** @type {ReturnType<typeof row>[]} */
  const rows = [];
  let shown = Math.min(FIRST, order.length);
  /** @type {import("./training_pinned.js").Shown} */
  let last = { values: new Float32Array(order.length), most: 0, signed: true };
  /** @param {number} n */
  const unfoldTo = (n) => {
    shown = Math.max(Math.min(n, order.length), Math.min(FIRST, order.length));
    draw(last);
  };
  more.addEventListener("click", () => unfoldTo(shown + PAGE));
  fewer.addEventListener("click", () => unfoldTo(FIRST));
  const draw = (/** @type {import("./training_pinned.js").Shown} */ now) => {
    last = now;
    const { values, most, signed } = now;
    while (rows.length < shown) {
      const made = row(subject, order[rows.length], store);
      rows.push(made);
      list.append(made.el);
    }
    // One scale for all records: it goes as far as the largest of any.
    const ends = signed ? [most, -most] : [most];
    const all = [...order.slice(0, shown).map((feature) => values[feature]), ...ends];
    const { zero: at, bars: places } = layout(
      all,
      all.map(() => Number.NaN),
      signed,
    );
    zero.style.setProperty("--ll-at", (at / 100).toFixed(4));
    rows.forEach((one, i) => {
      hide(one.el, i >= shown);
      if (i < shown)
        one.draw(values[order[i]], places[i], writer({ signed })(values[order[i]], decimals(most)));
    });
    hide(more, shown >= order.length);
    say(more, unfold.more(Math.min(PAGE, order.length - shown)));
    hide(fewer, shown <= FIRST);
  };
  return { el, draw };
}

/** The largest |value| of each feature at any record. @param {import("../lib/training.js").Training} store @param {number} example */
function strongest(store, example) {
  const found = new Float32Array(store.subjects[example].features.length);
  for (let i = 0; i < store.data.steps.length; i++)
    store.values(example, i).forEach((value, j) => {
      found[j] = Math.max(found[j], Math.abs(value));
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
