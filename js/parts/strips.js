/** Features in the order of a measure: as points, one a row, as bars with intervals, or as a table. */
import { arrange, attr, h, hide, say } from "../lib/dom.js";
import { paintOf } from "../lib/ramp.js";
import { oneStop, roving, upAndDown } from "../lib/roving.js";
import { decimals, fixed, largest, shortened, signed } from "../lib/scale.js";
import { spanned } from "../lib/spans.js";
import { shareOf } from "../lib/swarm.js";
import { hues, ramp } from "./hue_key.js";
import { strip } from "./lane.js";
import { table } from "./numbers.js";
import { track } from "./track.js";

/**
 * @typedef {import("../lib/overview.js").Overview} Overview
 * @typedef {ReturnType<typeof line>} Line
 */

const [FIRST, PAGE] = [10, 40];
const LONGEST = 200;
const LOOKS = /** @type {const} */ (["points", "bars", "table"]);
/** How a density is cut: as widgets/overview_payload.py does. */
export const BINS = 48;

/** @param {Overview} store */
export function strips(store) {
  const { overview: words, unfold } = store.words;
  const list = h("ol", { class: "ll-bars ll-strips" });
  const zero = h("span", { class: "ll-zero", "aria-hidden": "true" });
  const tracks = h("div", { class: "ll-tracks" }, zero, list);
  const more = h("button", { type: "button", class: "ll-more", onclick: () => fold(shown + PAGE) });
  const fewer = h("button", {
    type: "button",
    class: "ll-more",
    text: unfold.fewer,
    onclick: () => fold(FIRST),
  });
  const rest = h("div", { class: "ll-unfolds" }, more, fewer);
  const said = h("p", { class: "ll-hint" });
  const figures = table(words.measured);
  const axis = legend(store);
  /** @type {Map<number, Line>} */
  const lines = new Map();
  let shown = FIRST;
  /** The look that was chosen; null: what suits the measure. @type {string | null} */
  let chosen = null;
  const look = () => chosen ?? (store.measure === store.data.measures[0] ? "points" : "bars");
  const looks = h(
    "div",
    { class: "ll-methods", role: "group", "aria-label": words.looks },
    ...LOOKS.map((name) => {
      const onclick = () => {
        chosen = name;
        draw();
      };
      return h("button", { type: "button", text: words[name], onclick });
    }),
  );
  const el = h(
    "div",
    { class: "ll-barbox ll-ranking", role: "group", "aria-label": words.features },
    h("div", { class: "ll-caption" }, said, looks),
    tracks,
    figures.el,
    rest,
    axis.el,
  );

  /** @param {number} feature */
  const lineOf = (feature) => {
    const made = lines.get(feature) ?? line(store, feature, axis.tell);
    lines.set(feature, made);
    return made;
  };
  /** @type {Line[]} */
  let drawn = [];
  const draw = () => {
    const now = look();
    for (const [i, name] of LOOKS.entries()) attr(looks.children[i], "aria-pressed", String(name === now));
    const features = store.order.slice(0, shown);
    say(said, store.words.told(store.measure.said));
    hide(tracks, now === "table");
    hide(figures.el, now !== "table");
    el.dataset.look = now;
    if (now === "table") figures.draw(features.map((feature) => figuresOf(store, feature)));
    drawn = features.map(lineOf);
    arrange(
      list,
      drawn.map((one) => one.el),
    );
    oneStop(drawn.map(({ button }) => button));
    oneStop(drawn.map(({ strip }) => strip.stop));
    zero.style.setProperty("--ll-at", String(drawLines(store, features, drawn, now)));
    const left = store.order.length - features.length;
    hide(more, left <= 0);
    say(more, left > PAGE ? unfold.some(PAGE, left) : unfold.more(left));
    hide(fewer, features.length <= FIRST);
    axis.draw(now);
    mark();
  };
  /** @param {number} to */
  const fold = (to) => {
    shown = to;
    draw();
  };
  const mark = () => {
    for (const [feature, one] of lines) {
      attr(one.button, "aria-pressed", String(feature === store.feature));
      one.el.toggleAttribute("data-lit", feature === store.lit);
    }
  };
  roving(list, () => drawn.map(({ button }) => button));
  upAndDown(list, () => drawn.map(({ strip }) => strip.stop));
  list.addEventListener("pointerleave", () => store.light(-1));
  store.on(["measure"], () => {
    chosen = null;
  });
  store.on(["data", "measure", "size"], draw);
  store.on(["cohort"], () => {
    if (look() === "points") drawPoints(store, drawn);
  });
  store.on(["lit", "feature"], mark);
  store.on(["row"], () => {
    for (const one of drawn) one.strip.mark();
  });
  draw();
  return el;
}

/**
 * @param {Overview} store
 * @param {number} feature
 * @param {(text: string) => void} tell what is pointed at
 */
function line(store, feature, tell) {
  const { overview: words } = store.words;
  const name = store.data.names[feature];
  const count = store.subject.columns[feature].count;
  const label = h("span", {
    class: "ll-label",
    dir: "auto",
    lang: "",
    title: name,
    text: shortened(name, LONGEST),
  });
  const times = count == null ? null : h("span", { class: "ll-hint", text: words.times(count) });
  const onclick = () => store.chooseFeature(feature);
  const button = h(
    "button",
    { type: "button", class: "ll-lead", "aria-pressed": "false", onclick },
    label,
    times,
  );
  const bar = track();
  const points = strip(store, {
    name: words.strip(store.named(feature)),
    read: ({ values, data, rows }, i) =>
      words.point(
        store.called(rows[i]),
        store.named(feature),
        store.isText ? "" : store.data.cell(feature, data[i]),
        store.amountOf(values[i]),
        store.subject.kind,
      ),
    point: tell,
    choose: store.isText
      ? null
      : (range, done) =>
          store.chooseCohort(range && { feature, axis: "attribution", low: range[0], high: range[1] }, done),
  });
  const number = h("span", { class: "ll-number" });
  const heard = h("span", { class: "ll-heard" });
  const row = h("div", { class: "ll-row" }, button, " ", bar.el, points.el, number, heard);
  const el = h("li", { "data-key": feature, onpointerenter: () => store.light(feature) }, row);
  button.addEventListener("focus", () => tell(reading(store, feature)));
  button.addEventListener("blur", () => tell(""));
  button.addEventListener("pointerenter", () => tell(reading(store, feature)));
  button.addEventListener("pointerleave", () => tell(""));
  return { feature, el, button, track: bar, strip: points, number, heard };
}

/**
 * @param {Overview} store
 * @param {number[]} features
 * @param {Line[]} lines
 * @param {string} look
 * @returns {number} where zero is, 0 to 1
 */
function drawLines(store, features, lines, look) {
  const { measure } = store;
  /** @param {Float32Array} all */
  const some = (all) => features.map((feature) => all[feature]);
  const { zero, bars } = spanned(some(measure.values), some(measure.low), some(measure.high));
  lines.forEach((one, i) => {
    const [feature, value] = [features[i], measure.values[features[i]]];
    hide(one.track.el, look === "points");
    hide(one.strip.el, look !== "points");
    attr(one.el, "data-sign", value < 0 ? "against" : "for");
    one.el.toggleAttribute("data-sizes", !measure.signed);
    say(one.number, written(measure, feature));
    say(one.heard, store.words.bars.heard(intervalOf(store, feature)));
    attr(one.number, "title", intervalOf(store, feature));
    if (look === "bars") one.track.draw(bars[i]);
  });
  if (look !== "points") return zero / 100;
  drawPoints(store, lines);
  return shareOf(store.data.reach, 0);
}

/** @param {Overview} store @param {Line[]} lines whose strips are of one width */
function drawPoints(store, lines) {
  if (!lines.length) return;
  const paint = paintOf(lines[0].el);
  const { strong, width } = { strong: store.inCohort, width: lines[0].strip.el.clientWidth };
  for (const one of lines) one.strip.draw({ ...contentOf(store, one.feature), strong, width }, paint);
}

/** @param {Overview} store @param {number} feature */
function contentOf({ data, settings: { cohort } }, feature) {
  const { density } = data;
  const counts = density?.strips.subarray(feature * BINS, (feature + 1) * BINS) ?? [];
  const here = cohort?.axis === "attribution" && cohort.feature === feature;
  return {
    points: data.lane(feature),
    range: data.reach,
    density: density && { counts, low: density.low[feature], high: density.high[feature] },
    brushed: /** @type {[number, number] | null} */ (here ? [cohort.low, cohort.high] : null),
  };
}

/** @param {import("../lib/carried.js").Measure} measure @param {number} feature */
function written({ values, signed: ways }, feature) {
  return (ways ? signed : fixed)(values[feature], digitsOf(values));
}

/** Decimals: one more than tell the largest, as the others are there to be told apart. @param {Float32Array} values */
const digitsOf = (values) => decimals(largest(values.filter(Number.isFinite))) + 1;

/** @param {Overview} store @param {number} feature @returns {string} "": not known */
function endsOf({ measure, words }, feature) {
  const { values, low, high, signed: ways } = measure;
  if (!Number.isFinite(low[feature] + high[feature])) return "";
  const [from, to] = [low[feature], high[feature]].map((end) =>
    (ways ? signed : fixed)(end, digitsOf(values)),
  );
  return words.overview.range(from, to);
}

/** @param {Overview} store @param {number} feature */
function intervalOf(store, feature) {
  const ends = endsOf(store, feature);
  return ends ? store.words.overview.interval(ends) : store.words.bars.unknown;
}

/** @param {Overview} store @param {number} feature */
function reading(store, feature) {
  const amount = `${written(store.measure, feature)}${store.words.bars.heard(intervalOf(store, feature))}`;
  return store.words.bars.reading(store.named(feature), "", amount);
}

/**
 * A feature as a line of a table: its measure, and how its attributions are spread over the rows that are here.
 *
 * @param {Overview} store
 * @param {number} feature
 */
function figuresOf(store, feature) {
  const sorted = store.data.lane(feature).values.slice().sort();
  const at = (/** @type {number} */ share) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  const spread = [0, 0.5, 1].map((share) => store.amount(at(share)));
  return [store.data.names[feature], written(store.measure, feature), endsOf(store, feature), ...spread];
}

/**
 * What is pointed at; while nothing is, which way is which and what colours tell.
 *
 * @param {Overview} store
 */
function legend(store) {
  const { bars, overview: words } = store.words;
  const told = h("p", { class: "ll-axis ll-hint" });
  const [shades, colours] = [ramp(words), hues(words)];
  const el = h("div", { class: "ll-key" }, told, shades, colours);
  /** @param {string} kind of columns */
  const has = (kind) => store.subject.columns.some((/** @type {any} */ one) => one.kind === kind);
  let look = "points";
  const draw = () => {
    const ways = `${bars.lowers}${bars.raises(store.predicted)}`;
    say(told, look === "points" ? ways : "");
    told.toggleAttribute("data-lit", false);
    hide(shades, look !== "points" || !has("number"));
    hide(colours, look !== "points" || !has("category"));
  };
  return {
    el,
    /** @param {string} next */
    draw: (next) => {
      look = next;
      draw();
    },
    /** @param {string} text */
    tell: (text) => {
      if (!text) return draw();
      say(told, text);
      told.toggleAttribute("data-lit", true);
    },
  };
}
