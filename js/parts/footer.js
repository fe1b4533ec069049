/** How the run goes, and how far the answer can be trusted. */
import { explain, h, hide, say } from "../lib/dom.js";
import { own } from "../lib/own.js";
import { count, decimals, fixed } from "../lib/scale.js";
import { trace } from "./trace.js";

/** @typedef {import("../lib/state.js").Store} Store */

/** Values that miss more than this share of their sizes don't add up. */
const WIDE_GAP = 0.01;
/** Below this share the order of the first five is no order. */
const UNSETTLED = 0.5;

/** Their values are not the fit's: where these are exact, how well it fits says nothing of them. */
const UNFITTED = new Set(["shapley", "banzhaf", "occlusion"]);

/** @param {Store} store */
export function footer(store) {
  const { foot: words } = store.words;
  const state = h("span", { class: "ll-state" });
  const how = h("span", { class: "ll-how" });
  const drawn = h("span", { class: "ll-drawn" });
  const fit = figure(words.fit, words.aboutFit);
  const order = figure(words.order, words.aboutOrder);
  const widest = figure("\u00b1", words.aboutWidest, words.level);
  const gap = figure(words.gap, words.aboutGap);
  const figures = [fit.el, gap.el, order.el, widest.el];
  const el = h("footer", { class: "ll-foot" }, state, how, drawn, ...figures, trace(store));
  const draw = () => {
    const { answer, status, pull, method } = store;
    el.dataset.state = pull.link === "ok" || pull.link === "slow" ? status.state : pull.link;
    const { source } = store.subject;
    say(state, source ? words.opened(store.words.told(source)) : stateText(store));
    const certain = answer?.exact && store.unit === "evaluations" ? words.certain : ["", null];
    const [text, title] = own(words.routes, answer?.route ?? "") ?? certain;
    tell(how, method.reads && status.exact ? "" : (text ?? ""));
    explain(how, text, title);
    tell(drawn, drawnText(store));
    explain(drawn, drawnText(store), words.aboutDrawn);
    const exact = answer?.exact;
    const fidelity = exact && UNFITTED.has(method.name) ? null : (answer?.fidelity ?? null);
    fit.tell(fidelity === null ? null : fixed(fidelity, 2));
    fit.warn((fidelity ?? 0) < 0);
    gap.tell(answer?.gap == null ? null : store.words.percent(small(answer.gap)));
    gap.warn((answer?.gap ?? 0) >= WIDE_GAP);
    order.tell(exact || answer?.settled == null ? null : store.words.percent(whole(answer.settled)));
    order.warn((answer?.settled ?? 1) < UNSETTLED);
    widest.tell(exact || answer?.widest == null ? null : atMost(answer.widest));
  };
  store.on(["answer", "status", "settings"], draw);
  draw();
  return el;
}

/**
 * @param {HTMLElement} el
 * @param {string} text "": nothing to tell
 */
function tell(el, text) {
  hide(el, !text);
  say(el, text);
}

/** @param {Store} store */
function drawnText(store) {
  const { answer, read, words } = store;
  return !answer || read === answer.n ? "" : words.foot.drawn(store.labelOf(), read, answer.n);
}

/**
 * @param {string} before
 * @param {string} title
 * @param {string} [after]
 */
function figure(before, title, after) {
  const number = h("b");
  const el = h("span", { class: "ll-figure", hidden: true }, `${before} `, number, after ?? null);
  explain(el, before, title);
  return {
    el,
    /** @param {string | null} text null: not known */
    tell: (text) => {
      hide(el, text === null);
      say(number, text ?? "");
    },
    /** @param {boolean} on */
    warn: (on) => el.toggleAttribute("data-warn", on),
  };
}

/**
 * Never rounded up to certainty.
 *
 * @param {number} share
 */
const whole = (share) => (share > 0.99 && share < 1 ? ">99" : String(Math.round(100 * share)));

/** @param {number} share never rounded down to none */
const small = (share) => (share > 0 && share < 0.0005 ? "<0.1" : fixed(100 * share, 1));

/** @param {number} margin never rounded down to none */
const atMost = (margin) => {
  const digits = decimals(margin);
  const least = 10 ** -digits;
  return margin > 0 && margin < least / 2 ? `<${fixed(least, digits)}` : fixed(margin, digits);
};

/** @param {Store} store */
function stateText({ status, pull, alone, evaluated, answer, method, unit, words: { foot: words } }) {
  const { state, rate, seconds, exact } = status;
  if (exact && method.reads) return words.complete;
  if (pull.link === "waiting") return words.busy;
  if (pull.link === "slow") return words.slow;
  if (alone) return alone.ended(state, !answer);
  if (state === "running") return evaluated ? words.streaming(speed(rate), unit) : words.asking;
  return words.ended(state, seconds >= 0.05 ? duration(seconds, words) : "");
}

/** @param {number | null} rate */
const speed = (rate) => (rate ? (rate < 10 ? rate.toFixed(1) : count(rate)) : "");

/**
 * @param {number} seconds
 * @param {import("../lib/words.js").Words["foot"]} words
 */
function duration(seconds, words) {
  if (seconds < 60) return words.seconds(seconds.toFixed(1));
  return words.minutes(Math.floor(seconds / 60), Math.round(seconds % 60));
}
