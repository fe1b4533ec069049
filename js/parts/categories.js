/** Rows by category: a strip each, in the reader's terms. */
import { arrange, attr, h, hide, say } from "../lib/dom.js";
import { colourOf, css } from "../lib/ramp.js";
import { oneStop, roving, upAndDown } from "../lib/roving.js";
import { shortened } from "../lib/scale.js";
import { shareOf } from "../lib/swarm.js";
import { strip } from "./lane.js";

/**
 * @typedef {import("../lib/overview.js").Overview} Overview
 * @typedef {ReturnType<typeof line>} Line
 */

/** More are behind a button. */
const FIRST = 8;
const LONGEST = 100;

/**
 * @param {Overview} store
 * @param {(text: string) => void} tell what is pointed at
 */
export function categories(store, tell) {
  const { unfold } = store.words;
  const list = h("ol", { class: "ll-bars ll-strips" });
  const zero = h("span", { class: "ll-zero", "aria-hidden": "true" });
  const more = h("button", { type: "button", class: "ll-more" });
  const el = h("div", { class: "ll-barbox" }, h("div", { class: "ll-tracks" }, zero, list), more);
  /** @type {Map<string, Line>} */
  const lines = new Map();
  /** @type {Line[]} */
  let drawn = [];
  let all = false;
  /** @type {(() => void) | null} */
  let again = null;
  more.addEventListener("click", () => {
    all = !all;
    again?.();
  });
  roving(list, () => drawn.map(({ button }) => button));
  upAndDown(list, () => drawn.map(({ strip }) => strip.stop));
  const mark = () => {
    for (const one of drawn) one.strip.mark();
  };
  /** @param {number} feature @param {number} category */
  const lineOf = (feature, category) => {
    const key = `${feature} ${category}`;
    const made = lines.get(key) ?? line(store, feature, category, tell);
    lines.set(key, made);
    return made;
  };
  return {
    el,
    mark,
    /** @param {import("./dependence.js").Shown} shown @param {import("../lib/ramp.js").Paint} paint */
    draw: (shown, paint) => {
      again = () => {
        const { feature, data } = store;
        const order = inOrder(store, feature);
        const some = order.slice(0, all ? undefined : FIRST);
        drawn = some.map((category) => lineOf(feature, category));
        arrange(
          list,
          drawn.map((one) => one.el),
        );
        oneStop(drawn.map(({ button }) => button));
        oneStop(drawn.map(({ strip }) => strip.stop));
        hide(more, order.length <= FIRST);
        say(more, all ? unfold.fewer : unfold.more(order.length - some.length));
        zero.style.setProperty("--ll-at", String(shareOf(data.reach, 0)));
        const width = drawn[0]?.strip.el.clientWidth ?? 0;
        for (const one of drawn) one.draw(shown, paint, width);
      };
      again();
    },
  };
}

/** Categories that some row has, the most frequent first. @param {Overview} store @param {number} feature */
function inOrder(store, feature) {
  const { data } = store.data.lane(feature);
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const value of data) if (Number.isFinite(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
}

/**
 * @param {Overview} store
 * @param {number} feature
 * @param {number} category
 * @param {(text: string) => void} tell
 */
function line(store, feature, category, tell) {
  const { overview: words } = store.words;
  const name = store.data.cell(feature, category);
  const swatch = h("i", { class: "ll-swatch", "aria-hidden": "true" });
  const label = h("span", {
    class: "ll-label",
    dir: "auto",
    lang: "",
    title: name,
    text: shortened(name, LONGEST),
  });
  const button = h("button", { type: "button", class: "ll-lead", "aria-pressed": "false" }, label, swatch);
  button.addEventListener("click", () => {
    const { cohort } = store.settings;
    const here = isCohort(cohort);
    store.chooseCohort(here ? null : { feature, axis: "value", low: category, high: category });
  });
  /** @param {import("../lib/cohort.js").Cohort | null} cohort */
  const isCohort = (cohort) =>
    cohort?.feature === feature &&
    cohort.axis === "value" &&
    cohort.low === category &&
    cohort.high === category;
  const number = h("span", { class: "ll-number" });
  const means = ["pdp", "ale"].map((each) =>
    h("span", { class: `ll-mean ll-${each}`, "aria-hidden": "true", hidden: true }),
  );
  const points = strip(store, {
    name: words.strip(name),
    read: ({ values, rows }, i) =>
      words.point(store.called(rows[i]), store.named(feature), name, store.amountOf(values[i])),
    point: tell,
    choose: null,
  });
  points.el.append(...means);
  const row = h("div", { class: "ll-row" }, button, " ", points.el, number);
  const el = h("li", {}, row);
  /** @type {{lane: import("../lib/points.js").Lane, some: import("../lib/points.js").Lane, places: number[]} | null} */
  let kept = null;
  return {
    el,
    button,
    strip: points,
    /** @param {import("./dependence.js").Shown} shown @param {import("../lib/ramp.js").Paint} paint @param {number} width */
    draw: (shown, paint, width) => {
      const lane = store.data.lane(feature);
      if (kept?.lane !== lane) kept = { lane, ...part(lane, category) };
      const { some, places } = kept;
      const partner = shown.partner ? (store.data.partners?.[feature] ?? -1) : -1;
      const by = partner >= 0 ? store.data.lane(partner) : null;
      const strong = store.inCohort;
      points.draw(
        {
          points: by ? { ...some, ...coloursOf(by, places) } : some,
          range: store.data.reach,
          width,
          density: null,
          strong: strong && ((i) => strong(places[i])),
          brushed: null,
        },
        paint,
      );
      hide(swatch, !!by);
      swatch.style.background = css(colourOf(paint, some, 0));
      attr(button, "aria-pressed", String(isCohort(store.settings.cohort)));
      say(number, words.times(places.length));
      const curves = store.data.curves.get(feature);
      ["pdp", "ale"].forEach((each, k) => {
        const grid = /** @type {ArrayLike<number>} */ (curves?.[each === "pdp" ? "grid" : "ale_grid"] ?? []);
        const at = Array.from(grid).indexOf(category);
        const known = shown.curves.has(each) && at >= 0 && curves?.[each].length > 0;
        hide(means[k], !known);
        if (known) means[k].style.left = `${100 * shareOf(store.data.reach, curves?.[each][at])}%`;
      });
    },
  };
}

/**
 * @param {import("../lib/points.js").Lane} lane
 * @param {number} category
 * @returns {{some: import("../lib/points.js").Lane, places: number[]}}
 */
function part(lane, category) {
  const { values, data, rows } = lane;
  const places = Array.from(data, (_, i) => i).filter((i) => data[i] === category);
  /** @param {Float32Array} all */
  const pick = (all) => Float32Array.from(places, (i) => all[i]);
  const some = {
    values: pick(values),
    data: pick(data),
    ...coloursOf(lane, places),
    rows: rows.filter((_, i) => data[i] === category),
  };
  return { some, places };
}

/**
 * What gives some of a lane's points their colours.
 *
 * @param {import("../lib/points.js").Lane} lane
 * @param {number[]} places
 */
const coloursOf = ({ shades, hues }, places) => ({
  shades: Float32Array.from(places, (i) => shades[i]),
  hues: hues && Int8Array.from(places, (i) => hues[i]),
});
