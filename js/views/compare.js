/** Explanations side by side: what is lit in one is lit in all. */
import { agreementIn, columnsOf, reachText, reading, Spot, verdict } from "../lib/comparison.js";
import { adopt, followTheme, h, hide, say } from "../lib/dom.js";
import { hideFallback } from "../lib/fallback.js";
import { isolated, shortened } from "../lib/scale.js";
import theme from "../lib/theme.css";
import { wordsOf } from "../lib/words.js";
import { agreementOf } from "../parts/agreement.js";
import barsCss from "../parts/bars.css";
import css from "../parts/compare.css";
import { entries } from "../parts/flags.js";
import footerCss from "../parts/footer.css";
import { guardedComparison } from "../parts/guarded.js";
import markingCss from "../parts/marking.css";
import pictureCss from "../parts/picture.css";
import { bars, reach } from "../parts/side_bars.js";
import { picture } from "../parts/side_picture.js";
import { words as text } from "../parts/side_words.js";
import { terms } from "../parts/terms.js";
import tokensCss from "../parts/tokens.css";

/** @typedef {import("../lib/comparison.js").Column} Column */

const SHEET = theme + footerCss + barsCss + markingCss + tokensCss + pictureCss + css;
const LONGEST = 32;
/** So many features have a bar at first, and so many more come at once. */
const [FIRST, UNDER_PICTURES, PAGE] = [10, 6, 40];

/** @param {{model: import("../lib/watch.js").Model, el: HTMLElement}} host */
function render({ model, el }) {
  const words = wordsOf(model);
  const columns = columnsOf(model, words);
  const agreement = agreementIn(model, words);
  const spot = new Spot();
  const label = words.card.comparison(columns.map(({ name }) => name));
  const { parts, more } = bodies(columns, agreement, spot);
  const grid = h(
    "div",
    { class: "ll-columns" },
    ...columns.map((one, i) => column(one, parts[i], agreement, spot)),
  );
  const foot = agreementOf(agreement, columns, spot);
  const card = h(
    "article",
    { class: "ll-card", lang: words.lang, "aria-label": label },
    grid,
    more,
    foot,
    voice(columns, agreement, spot),
  );
  listen(card, spot);
  terms(card, words.card);
  const root = h("div", { class: "ll-view" });
  el.append(root);
  adopt(root, SHEET);
  const showFallback = hideFallback(model);
  const dark = followTheme(root, model);
  root.append(card);
  return () => {
    dark();
    showFallback();
    root.remove();
  };
}

/**
 * What each column shows: words, or bars, under a picture if it is one.
 *
 * @param {Column[]} columns
 * @param {import("../lib/comparison.js").Agreement} agreement
 * @param {Spot} spot
 * @returns {{parts: Element[][], more: Element | null}}
 */
function bodies(columns, { features }, spot) {
  const { subject, words } = columns[0];
  const { kind } = subject;
  if (kind === "text") return { parts: columns.map((one) => [text(one, spot)]), more: null };
  const made = columns.map((one) => bars(one, spot, features));
  const pictures = columns.map((one) => (kind === "image" ? [picture(one, spot)] : []));
  const first = kind === "image" ? UNDER_PICTURES : FIRST;
  let shown = Math.min(first, features.length);
  const draw = () => {
    made.forEach((one, i) => {
      const beside = columns.filter((each) => !columns[i].own && !each.own && each !== columns[i]);
      one.draw(reach(columns[i], beside, shown), shown);
    });
    hide(more, shown >= features.length);
    say(more, words.unfold.more(Math.min(PAGE, features.length - shown)));
    hide(fewer, shown <= first);
  };
  const more = h("button", { type: "button", class: "ll-more" });
  const fewer = h("button", { type: "button", class: "ll-more", text: words.unfold.fewer });
  more.addEventListener("click", () => {
    shown = Math.min(shown + PAGE, features.length);
    draw();
  });
  fewer.addEventListener("click", () => {
    shown = Math.min(first, features.length);
    draw();
  });
  draw();
  const row = features.length > first ? h("div", { class: "ll-unfolds" }, more, fewer) : null;
  return { parts: made.map((one, i) => [...pictures[i], one.el]), more: row };
}

/**
 * @param {Column} one
 * @param {Element[]} body
 * @param {import("../lib/comparison.js").Agreement} agreement
 * @param {Spot} spot
 */
function column(one, body, { space, features, shared }, spot) {
  const { words } = one;
  const [name, rest] = [h("bdi", { lang: "" }), h("span")];
  const hint = h("p", { class: "ll-hint" }, name, rest);
  const draw = () => {
    const { key } = spot;
    hint.toggleAttribute("data-known", key >= 0);
    const [subject, told] = key >= 0 ? [features[key], reading(one, key)] : verdict(one, space);
    say(name, shortened(subject, LONGEST));
    say(rest, told);
  };
  spot.on(draw);
  draw();
  const caution = one.warning ? words.sentence(words.told(one.warning)) : "";
  const title = h("p", { class: "ll-name", dir: "auto", lang: "", text: one.name });
  const scale = shared ? [] : [h("p", { class: "ll-full", text: words.compare.full(reachText(one)) })];
  const section = { class: "ll-column", role: "group", "aria-label": one.name, "data-sizes": !one.signed };
  const warned = caution ? [h("p", { class: "ll-caution", text: caution })] : [];
  return h("div", section, title, hint, ...body, ...feedback(one), ...scale, ...warned);
}

/**
 * What a reader marked in it.
 *
 * @param {Column} one
 */
function feedback({ marks, words, values, subject }) {
  if (!marks.size) return [];
  /** @param {number} feature */
  const name = (feature) => {
    const given = String(subject.features[feature]);
    return isolated(shortened(subject.kind === "image" ? words.given(given) : given, LONGEST));
  };
  const label = words.marks.title;
  return [h("ul", { class: "ll-feedback", "aria-label": label }, ...entries({ marks, words, values, name }))];
}

/**
 * One place for what is pointed at, focused or pressed in any column.
 *
 * @param {HTMLElement} card
 * @param {Spot} spot
 */
function listen(card, spot) {
  /** @param {Event} event */
  const keyOf = ({ target }) => {
    const one = target instanceof Element ? target.closest("[data-key]") : null;
    return one instanceof HTMLElement ? Number(one.dataset.key) : -1;
  };
  /** @param {Event} event */
  const press = (event) => {
    const key = keyOf(event);
    if (key >= 0) spot.press(key);
    return key >= 0;
  };
  card.addEventListener("pointerover", (event) => {
    const { target } = event;
    if (!(target instanceof Element && target.closest(".ll-picture"))) spot.light(keyOf(event));
  });
  card.addEventListener("pointerleave", () => spot.light(-1));
  card.addEventListener("focusin", (event) => spot.light(keyOf(event)));
  card.addEventListener("focusout", () => spot.light(-1));
  card.addEventListener("click", press);
  card.addEventListener("keydown", (event) => {
    const own = event.target instanceof HTMLButtonElement;
    if (!own && (event.key === " " || event.key === "Enter") && press(event)) event.preventDefault();
  });
}

/**
 * Says what every column says of a feature that was pressed.
 *
 * @param {Column[]} columns
 * @param {import("../lib/comparison.js").Agreement} agreement
 * @param {Spot} spot
 */
function voice(columns, { features }, spot) {
  const el = h("div", { class: "ll-voice", "aria-live": "polite" });
  let pinned = -1;
  spot.on(() => {
    if (spot.pinned === pinned) return;
    pinned = spot.pinned;
    const readings = columns.map((one) => ({ name: one.name, reading: reading(one, pinned) }));
    say(el, pinned < 0 ? "" : columns[0].words.compare.said(features[pinned], readings));
  });
  return el;
}

export default guardedComparison({ render });
