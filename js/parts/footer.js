/** How the run goes, and how far the answer can be trusted. */
import { attr, h, hide, say } from "../lib/dom.js";
import { count, decimals, fixed } from "../lib/scale.js";
import { trace } from "./trace.js";

/** @typedef {import("../lib/state.js").Store} Store */

/** Values that miss more than this share of their sizes don't add up. */
const WIDE_GAP = 0.01;
/** Below this share the order of the first five is no order. */
const UNSETTLED = 0.5;

/** Their values are not the fit's: where these are exact, how well it fits says nothing of them. */
const UNFITTED = new Set(["shapley", "banzhaf", "occlusion"]);

const DRAWN = "the others were chosen where Shapley values were in doubt, and would weigh too much here";
const SMOOTHED =
  "the model's answers were smoothed by a process that knows which features matter; its intervals are its own";
const REGRESSED = "fitted to the model's answers by weighted regression, as KernelSHAP is";
const COMPUTED = ["exact: computed from the model itself", "nothing was left to chance"];
const CERTAIN = ["exact", "nothing was left to chance, and no part of an integral or a sum was left out"];
/** How values were found: what is said, and what is read under the pointer. @type {Record<string, string[]>} */
const ROUTES = {
  linear: COMPUTED,
  tree: COMPUTED,
  kernel: COMPUTED,
  "odd process": ["by a Gaussian process", SMOOTHED],
  regression: ["by regression", REGRESSED],
  "odd process and regression": [
    "by a Gaussian process, some outputs by regression",
    `for each output, the one that foretold unseen answers better: ${SMOOTHED}; or ${REGRESSED}`,
  ],
};

/** @param {Store} store */
export function footer(store) {
  const state = h("span", { class: "ll-state" });
  const how = h("span", { class: "ll-how" });
  const drawn = h("span", { class: "ll-drawn", title: DRAWN });
  const fit = figure(
    "fit R\u00b2",
    "how well the explanation predicts the model where parts are hidden that it was not fitted to: 1 is perfect",
  );
  const order = figure(
    "top-5 order settled",
    "how sure it is that the five most important are in the right order",
  );
  const widest = figure("\u00b1", "half the widest 95 % interval, in the output's units", "at 95 %");
  const gap = figure(
    "completeness gap",
    "by how much the values miss the change of the output that they should add up to, as a share of their sizes",
  );
  const figures = [fit.el, gap.el, order.el, widest.el];
  const el = h("footer", { class: "ll-foot" }, state, how, drawn, ...figures, trace(store));
  const draw = () => {
    const { answer, status, pull, method } = store;
    el.dataset.state = pull.link === "ok" || pull.link === "slow" ? status.state : pull.link;
    const { source } = store.subject;
    say(state, source ? `opened from ${source}` : stateText(store));
    const certain = answer?.exact && store.unit === "evaluations" ? CERTAIN : ["", null];
    const [text, title] = ROUTES[answer?.route ?? ""] ?? certain;
    tell(how, method.reads && status.exact ? "" : (text ?? ""));
    attr(how, "title", title);
    tell(drawn, drawnText(store));
    const exact = answer?.exact;
    const fidelity = exact && UNFITTED.has(method.name) ? null : (answer?.fidelity ?? null);
    fit.tell(fidelity === null ? null : fixed(fidelity, 2));
    fit.warn((fidelity ?? 0) < 0);
    gap.tell(answer?.gap == null ? null : small(answer.gap));
    gap.warn((answer?.gap ?? 0) >= WIDE_GAP);
    order.tell(exact || answer?.settled == null ? null : percent(answer.settled));
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
function drawnText({ answer, read, method }) {
  if (!answer || read === answer.n) return "";
  return `${method.label} reads the ${count(read)} drawn of ${count(answer.n)}`;
}

/**
 * @param {string} before
 * @param {string} title
 * @param {string} [after]
 */
function figure(before, title, after) {
  const number = h("b");
  const el = h(
    "span",
    { class: "ll-figure", title, hidden: true },
    `${before} `,
    number,
    after ? ` ${after}` : null,
  );
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
const percent = (share) => (share > 0.99 && share < 1 ? ">99 %" : `${Math.round(100 * share)} %`);

/** @param {number} share never rounded down to none */
const small = (share) => (share > 0 && share < 0.0005 ? "<0.1 %" : `${fixed(100 * share, 1)} %`);

/** @param {number} margin never rounded down to none */
const atMost = (margin) => {
  const digits = decimals(margin);
  const least = 10 ** -digits;
  return margin > 0 && margin < least / 2 ? `<${fixed(least, digits)}` : fixed(margin, digits);
};

/** @param {Store} store */
export function stateText({ status, pull, evaluated, answer, method, unit }) {
  const { state, rate, seconds, exact } = status;
  if (exact && method.reads) return "exact: every combination was tried";
  if (pull.link === "waiting") return "waiting: the kernel is busy with another cell";
  if (pull.link === "slow") return "the model is taking its time, or another cell runs \u2026";
  if (pull.link === "no kernel") return `${ended(state, !answer)}no kernel: run the cell again to ask more`;
  if (state === "running") return evaluated ? `streaming${speed(rate, unit)}` : "asking the model \u2026";
  const after = seconds >= 0.05 ? `, ${duration(seconds)}` : "";
  return `${state}${after}`;
}

/**
 * @param {string} state
 * @param {boolean} missing is there no answer?
 */
const ended = (state, missing) => (missing ? "not computed; " : state === "running" ? "" : `${state}; `);

/**
 * @param {number | null} rate
 * @param {string} unit
 */
const speed = (rate, unit) => {
  const name = unit === "perturbations" ? "evaluations" : unit;
  return rate ? `, ${rate < 10 ? rate.toFixed(1) : count(rate)} ${name}/s` : "";
};

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
