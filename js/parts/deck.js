/** What the reader can turn: perturbations, kernel width, stop and more. */

import { readings } from "../lib/answer.js";
import { STANDS_IN } from "../lib/answering.js";
import { attr, explain, h, hide, leave, say } from "../lib/dom.js";
import { tells } from "../lib/methods.js";
import { count, logScale, widthText } from "../lib/scale.js";
import { slider } from "./slider.js";

/** @typedef {import("../lib/state.js").Store} Store */

/** The kernel width goes from a fifth of the default to eight times it. */
const [NARROWEST, WIDEST] = [1 / 5, 8];
/** So near to the default, or to all rows, the knob means that. */
const SNAP = 0.012;

/** @param {Store} store */
export function deck(store) {
  const buttons = h("div", { class: "ll-buttons" }, action(store), reset(store));
  return h("div", { class: "ll-deck" }, evaluations(store), kernelWidth(store), meaning(store), buttons);
}

/** @param {Store} store */
function evaluations(store) {
  const { deck: words } = store.words;
  /** @param {number} share */
  const samples = (share) => {
    const { evaluated, status } = store;
    const limit = most(store);
    const n = Math.max(status.least, Math.round(share * limit));
    return n >= evaluated - SNAP * limit ? null : n;
  };
  const part = slider({
    oninput: (share) => {
      const n = Math.round(share * most(store));
      store.set({ n_samples: samples(share) });
      if (n > store.evaluated) part.read(words.of(n, most(store)));
    },
    onchange: (share) => {
      askUpTo(store, Math.round(share * most(store)));
      store.commit({ n_samples: samples(share) });
    },
  });
  const draw = () => {
    const { evaluated, settings, wanted, answer } = store;
    const limit = most(store);
    const [name, about] = words.counts[store.unit];
    hide(part.el, single(store));
    part.name(name, about);
    part.move(wanted / limit);
    part.fill(0, evaluated / limit);
    const fewer = settings.n_samples !== null && wanted < evaluated;
    part.read(
      fewer ? words.first(wanted, evaluated) : amount(store, limit),
      words.evaluated(wanted, evaluated, limit),
    );
    say(part.hint, samplesHint(store, answer?.n ?? 0, fewer));
  };
  store.on(["answer", "status", "settings"], draw);
  draw();
  return part.el;
}

/**
 * Is there one answer only, with nothing before it?
 *
 * @param {Store} store
 */
function single({ method, settings, status, target, pull, alone }) {
  if (method.reads || (status.state === "running" && !alone)) return false;
  return readings(pull.estimates, method.name, settings.kernel_width, target).length < 2;
}

/**
 * Where the slider ends: nothing is left to ask once every coalition was, or the answer is certain all the same.
 *
 * @param {Store} store
 */
const most = (store) => Math.max(1, final(store) ? store.evaluated : store.status.limit);

/** @param {Store} store */
const final = (store) => certain(store) || store.closed;

/** @param {Store} store */
const certain = ({ status, answer }) => status.exact || (status.state === "done" && !!answer?.exact);

/**
 * @param {Store} store
 * @param {number} limit
 */
const amount = ({ evaluated, words }, limit) =>
  evaluated < limit ? words.deck.of(evaluated, limit) : count(evaluated);

/**
 * @param {Store} store
 * @param {number} read rows that the answer reads
 * @param {boolean} fewer
 */
function samplesHint(store, read, fewer) {
  const { status, alone, wanted, method } = store;
  const { deck: words } = store.words;
  const near = status.state === "running" && !fewer ? read * STANDS_IN >= wanted : read === wanted;
  if (read && !near) return words.asItWas(store.labelOf(), read);
  if (fewer) return words.fewer;
  if (status.exact) return method.reads ? words.complete : words.enough;
  if (certain(store)) return store.answers.links ? words.pairsOnly : words.certain;
  if (alone) return words.left;
  return status.n >= status.limit ? words.allEvaluated : words.green;
}

/**
 * A run that goes on gets there by itself; one that stopped is asked to.
 *
 * @param {Store} store
 * @param {number} n
 */
function askUpTo(store, n) {
  const { status, evaluated, pull, alone } = store;
  if (n <= evaluated * (1 + SNAP) || status.state === "running" || status.exact) return;
  if (alone) store.say(alone.more);
  else pull.more(n);
}

/** @param {Store} store */
function kernelWidth(store) {
  const { deck: words } = store.words;
  const usual = () => store.answers.default_width ?? 0.25;
  const scale = () => logScale(usual() * NARROWEST, usual() * WIDEST);
  /** @param {number} share */
  const width = (share) =>
    Math.abs(share - scale().share(usual())) < SNAP ? usual() : Number(scale().value(share).toPrecision(4));
  const part = slider({
    oninput: (share) => store.set({ kernel_width: width(share) }),
    onchange: (share) => store.commit({ kernel_width: width(share) }),
  });
  part.tick.hidden = false;
  const draw = () => {
    const able = store.refits || store.reads;
    hide(part.el, store.settings.method !== "lime");
    part.enable(able);
    part.el.style.setProperty("--ll-tick", String(scale().share(usual())));
    const { kernel_width: chosen } = store.settings;
    part.move(scale().share(able ? chosen : usual()));
    part.name(words.width, words.aboutWidth(widthText(usual())));
    const byDefault = chosen === usual() ? words.usual : "";
    part.read(able ? widthText(chosen) : "\u2013", `${widthText(chosen)}${byDefault}`);
    drawEffective(store, part.hint);
    explain(part.hint, words.effectiveSamples, words.aboutEffective);
  };
  store.on(["answer", "settings", "status"], draw);
  draw();
  return part.el;
}

/**
 * @param {Store} store
 * @param {HTMLElement} hint
 */
function drawEffective(store, hint) {
  const { answer, read } = store;
  const { deck: words } = store.words;
  const effective = answer?.effective ?? null;
  const few = tooFew(store);
  hint.toggleAttribute("data-warn", few);
  if (!answer || effective === null) say(hint, store.evaluated ? words.working : "");
  else say(hint, words.effective(effective, read, few));
}

/**
 * What the method's numbers tell, where LIME has its kernel width.
 *
 * @param {Store} store
 */
function meaning(store) {
  const [name, text] = [h("b"), h("span")];
  const el = h("p", { class: "ll-meaning" }, name, store.words.methods.colon, text);
  const draw = () => {
    const { method } = store;
    const told = tells(method, store.subject.kind, store.words);
    hide(el, method.name === "lime" || !told);
    say(name, store.labelOf());
    say(text, told);
  };
  store.on(["chosen"], draw);
  draw();
  return el;
}

/** @param {Store} store */
function tooFew({ answer, settings, subject }) {
  if (settings.method !== "lime" || !answer || answer.effective === null || answer.exact) return false;
  return answer.effective < Math.max(30, 3 * subject.features.length);
}

/** @param {Store} store */
function action(store) {
  const { deck: words } = store.words;
  const button = h("button", { type: "button", class: "ll-button" });
  button.addEventListener("click", () => doNext(store));
  const draw = () => {
    const { status, closed, alone, answer } = store;
    say(button, words.actions[status.state] ?? "");
    hide(button, status.exact || closed || (!!alone && !answer));
    attr(button, "aria-disabled", alone ? "true" : null);
    attr(button, "title", alone ? alone.more : actionTitle(store));
  };
  store.on(["chosen", "status"], draw);
  draw();
  return button;
}

/** @param {Store} store */
const actionTitle = ({ status, words: { deck } }) => {
  if (status.state === "done") return deck.upTo(nextLimit(status));
  return status.state === "running" ? deck.keep : null;
};

/**
 * Up to the limit where a run was done before it, and then twice as far.
 *
 * @param {import("../lib/pull.js").Status} status
 */
const nextLimit = ({ n, limit }) => (n < limit ? limit : 2 * limit);

/** @param {Store} store */
function doNext(store) {
  const { pull, status, settings, alone } = store;
  if (alone) return store.say(alone.more);
  if (status.state === "running") return pull.stop();
  if (settings.n_samples !== null) store.commit({ n_samples: null });
  pull.more(status.state === "done" ? nextLimit(status) : null);
}

/** @param {Store} store */
function reset(store) {
  const { deck: words } = store.words;
  const usual = () => ({ kernel_width: store.answers.default_width ?? 0.25, n_samples: null });
  const onclick = () => {
    store.commit(usual());
    store.say(words.wasReset);
  };
  const button = h("button", { type: "button", class: "ll-link ll-hint", text: words.reset, onclick });
  button.title = words.aboutReset;
  const draw = () => {
    const { kernel_width: width, n_samples: n } = store.settings;
    const moved = n !== null || (store.settings.method === "lime" && width !== usual().kernel_width);
    if (!moved) leave(button);
    button.disabled = !moved;
    hide(button, single(store));
  };
  store.on(["settings", "status"], draw);
  draw();
  return button;
}
