/** Metrics, each as a place between what attributions have that know nothing, and what exact ones have. */

import { REACH } from "../lib/curves.js";
import { arrange, attr, explain, h, hide, say } from "../lib/dom.js";
import { own } from "../lib/own.js";
import { MARKS, placed } from "../lib/places.js";
import { decimals, fixed, shortened } from "../lib/scale.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {import("../lib/quality.js").Row} Row
 * @typedef {typeof import("../lib/words/quality_en.js").en} Words
 */

/** Decimals, at most. */
const FINEST = 4;
/** Letters of a metric that has no name here. */
const LONGEST = 40;

/**
 * @param {Store} store
 * @param {Words} words
 */
export function scores(store, words) {
  const list = h("ul", { class: "ll-scores", "aria-label": words.scores.title });
  const neither = h("p", { class: "ll-hint ll-neither", text: words.scores.neither });
  const spread = h("ul", { class: "ll-scores", "aria-label": words.scores.neither });
  const refused = h("ul", { class: "ll-refusals ll-hint" });
  const open = h("p", { class: "ll-hint", text: words.scores.open, hidden: true });
  const el = h(
    "div",
    { class: "ll-scorebox" },
    legend(store.subject.kind, words.scores),
    list,
    open,
    neither,
    spread,
    refused,
  );
  /** @type {Map<string, ReturnType<typeof make>>} */
  const rows = new Map();
  /** @param {[string, Row]} metric */
  const lineOf = ([name, row]) => {
    const made = rows.get(name) ?? make(name, words);
    rows.set(name, made);
    made.draw(row);
    return made.el;
  };
  const draw = () => {
    const metrics = Object.entries(store.measured?.metrics ?? {});
    const all = metrics.filter(([, row]) => !row.refusal);
    const [found, others] = [true, false].map((judged) =>
      all.filter(([, { better }]) => (better !== "neither") === judged),
    );
    hide(el, metrics.length === 0);
    arrange(list, found.map(lineOf));
    arrange(spread, others.map(lineOf));
    hide(/** @type {HTMLElement} */ (el.firstChild), all.length === 0);
    for (const one of [neither, spread]) hide(one, others.length === 0);
    hide(open, !found.some(([, row]) => Number.isFinite(row.value) && !Number.isFinite(row.exact)));
    refused.replaceChildren(...reasons(metrics, store, words));
    hide(refused, !refused.firstChild);
  };
  store.on(["answer", "status", "settings"], draw);
  draw();
  return el;
}

/**
 * Metrics that can't be measured, by why.
 *
 * @param {[string, Row][]} metrics
 * @param {Store} store
 * @param {Words} words
 */
function reasons(metrics, store, words) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const [name, { refusal }] of metrics)
    if (refusal) found.set(refusal, [...(found.get(refusal) ?? []), named(name, words)[0]]);
  return [...found].map(([reason, names]) =>
    h("li", { text: words.scores.refused(names, store.words.sentence(store.words.told(reason))) }),
  );
}

/** @param {string} name @param {Words} words */
const named = (name, words) => own(words.metrics, name) ?? [shortened(name, LONGEST), ""];

/**
 * What the marks are.
 *
 * @param {string} kind
 * @param {Words["scores"]} words
 */
function legend(kind, words) {
  const about = {
    random: words.aboutRandom,
    input: words.aboutInput[kind],
    exact: words.aboutExact,
    value: null,
  };
  const items = MARKS.map((name) => {
    const item = h("span", {}, mark(name), words[name]);
    if (about[name]) explain(item, words[name], about[name]);
    return item;
  });
  const better = h("span", { class: "ll-better", text: `${words.better} \u2192` });
  return h("p", { class: "ll-hint ll-marks" }, ...items, better);
}

/** @param {import("../lib/places.js").Mark} name */
const mark = (name) => h("span", { class: "ll-mark", "data-mark": name, "aria-hidden": "true" });

/**
 * @param {string} name
 * @param {Words} words
 */
function make(name, words) {
  const [title, about] = named(name, words);
  const label = h("span", { class: "ll-metric", text: title });
  if (about) explain(label, title, about);
  const marks = Object.fromEntries(MARKS.map((one) => [one, mark(one)]));
  const margins = [h("span", { class: "ll-whisker ll-chance" }), h("span", { class: "ll-whisker" })];
  const scale = h(
    "span",
    { class: "ll-standing", "aria-hidden": "true" },
    ...margins,
    ...Object.values(marks),
  );
  const number = h("span", { class: "ll-score" });
  const heard = h("span", { class: "ll-heard" });
  const asked = h("span", { class: "ll-heard" });
  const flag = h("span", { class: "ll-flag ll-hint" });
  explain(flag, words.scores.uninformative, words.scores.aboutUninformative);
  const el = h("li", {}, label, " ", scale, " ", number, heard, " ", flag, asked);
  /** @param {Row} row */
  const draw = (row) => {
    const place = placed(row);
    const said = spoken(row, words.scores);
    const dull = row.informative === false;
    for (const one of MARKS) {
      const at = place?.at[one];
      hide(marks[one], at === undefined);
      if (at !== undefined) marks[one].style.left = `${at}%`;
    }
    for (const [i, ends] of [place?.random, place?.value].entries()) {
      hide(margins[i], !ends || ends.high - ends.low < 0.5);
      if (ends) Object.assign(margins[i].style, { left: `${ends.low}%`, width: `${ends.high - ends.low}%` });
    }
    hide(scale, !place);
    say(number, said.value);
    say(heard, said.rest);
    attr(scale, "title", said.rest.replace(words.scores.between, ""));
    say(flag, dull ? words.scores.uninformative : "");
    hide(flag, !dull);
    el.toggleAttribute("data-dull", dull);
    say(asked, `${words.scores.between}${words.scores.asked(row.n_evals)}`);
    attr(el, "title", words.scores.asked(row.n_evals));
  };
  return { el, draw };
}

/**
 * Never rounded to nothing.
 *
 * @param {number} value
 * @param {number} digits
 */
function brief(value, digits) {
  const least = 10 ** -digits;
  return value !== 0 && Math.abs(value) < least / 2 ? `<${fixed(least, digits)}` : fixed(value, digits);
}

/**
 * A row in words: its number, and what follows.
 *
 * @param {Row} row
 * @param {Words["scores"]} words
 */
function spoken(row, words) {
  const { value, std_error: error, better } = row;
  if (value === null || value === undefined) return { value: "\u2013", rest: words.between + words.unknown };
  const known = MARKS.map((name) => row[name] ?? 0).map(Math.abs);
  const digits = Math.min(FINEST, decimals(Math.max(...known)));
  const own = `${brief(value, digits)} ${words.arrows[better]}`.trim();
  /** @param {number} number @param {number | null} [wide] standard error */
  const spread = (number, wide) =>
    wide ? words.margin(brief(number, digits), brief(REACH * wide, digits)) : brief(number, digits);
  const margin = error ? [spread(value, error)] : [];
  const others = /** @type {const} */ (["random", "input", "exact"])
    .filter((name) => Number.isFinite(row[name]))
    .map((name) => words.mark(words[name], spread(row[name] ?? 0, name === "random" ? row.random_error : 0)));
  return {
    value: own,
    rest: words.between + [...margin, ...others, words.direction[better]].join(words.between),
  };
}
