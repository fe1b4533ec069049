/** What the reader can turn: perturbations, kernel width, stop and more. */

import { readings } from "../lib/answer.js";
import { STANDS_IN } from "../lib/answering.js";
import { attr, h, hide, leave, say } from "../lib/dom.js";
import { tells } from "../lib/methods.js";
import { count, logScale, widthText } from "../lib/scale.js";
import { slider } from "./slider.js";

/** @typedef {import("../lib/state.js").Store} Store */

/** The kernel width goes from a fifth of the default to eight times it. */
const [NARROWEST, WIDEST] = [1 / 5, 8];
/** What the first slider counts: its name, and what it is. */
const COUNTS = {
  perturbations: [
    "Perturbations",
    "how many versions of this input, with parts of it hidden, the answer is read from",
  ],
  passes: ["Passes", "how often the model was asked, with gradients, for this answer"],
  evaluations: ["Evaluations", "how often the model was asked for this answer"],
};
const KERNEL_WIDTH =
  "how near to this input a version must be to count: narrow is about this very input, wide about versions with much hidden";
const EFFECTIVE = "so many versions count, as their weights go; for more, widen the kernel or ask for more";
/** So near to the default, or to all rows, the knob means that. */
const SNAP = 0.012;

/** @param {Store} store */
export function deck(store) {
  const buttons = h("div", { class: "ll-buttons" }, action(store), reset(store));
  return h("div", { class: "ll-deck" }, evaluations(store), kernelWidth(store), meaning(store), buttons);
}

/** @param {Store} store */
function evaluations(store) {
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
      if (n > store.evaluated) part.read(`${count(n)} of ${count(most(store))}`);
    },
    onchange: (share) => {
      askUpTo(store, Math.round(share * most(store)));
      store.commit({ n_samples: samples(share) });
    },
  });
  const draw = () => {
    const { evaluated, settings, wanted, answer } = store;
    const limit = most(store);
    const [name, about] = COUNTS[store.unit];
    hide(part.el, single(store));
    part.name(name, about);
    part.move(wanted / limit);
    part.fill(0, evaluated / limit);
    const fewer = settings.n_samples !== null && wanted < evaluated;
    part.read(
      fewer ? `first ${count(wanted)} of ${count(evaluated)}` : amount(evaluated, limit),
      `${count(wanted)} of ${count(evaluated)} evaluated, at most ${count(limit)}`,
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
function single({ method, settings, status, target, pull }) {
  if (method.reads || (status.state === "running" && pull.link !== "no kernel")) return false;
  return readings(pull.estimates, method.name, settings.kernel_width, target).length < 2;
}

/**
 * Where the slider ends: nothing is left to ask once every coalition was, or the answer is certain all the same.
 *
 * @param {Store} store
 */
const most = (store) => Math.max(1, certain(store) ? store.evaluated : store.status.limit);

/** @param {Store} store */
const certain = ({ status, answer }) => status.exact || (status.state === "done" && !!answer?.exact);

/**
 * @param {number} evaluated
 * @param {number} limit
 */
const amount = (evaluated, limit) =>
  evaluated < limit ? `${count(evaluated)} of ${count(limit)}` : count(evaluated);

/**
 * @param {Store} store
 * @param {number} read rows that the answer reads
 * @param {boolean} fewer
 */
function samplesHint(store, read, fewer) {
  const { status, pull, wanted, method } = store;
  const near = status.state === "running" && !fewer ? read * STANDS_IN >= wanted : read === wanted;
  if (read && !near) return `${store.method.label} as it was after ${count(read)}`;
  if (fewer) return "the answer as it was with fewer";
  if (status.exact) return method.reads ? "every combination there is" : "enough: more is not needed";
  if (certain(store))
    return store.answers.links ? "more would change the pairs only" : "enough: more would change nothing";
  if (pull.link === "no kernel") return "drag left to see the answer with fewer";
  if (status.n >= status.limit) return "all evaluated: drag left to see fewer";
  return "green: evaluated. Drag past it to ask for more.";
}

/**
 * A run that goes on gets there by itself; one that stopped is asked to.
 *
 * @param {Store} store
 * @param {number} n
 */
function askUpTo(store, n) {
  const { status, evaluated, pull } = store;
  if (n <= evaluated * (1 + SNAP) || status.state === "running" || status.exact) return;
  if (pull.link === "no kernel") store.say("No kernel: run the cell again to ask more");
  else pull.more(n);
}

/** @param {Store} store */
function kernelWidth(store) {
  const usual = () => store.answers.default_width ?? 0.25;
  const scale = () => logScale(usual() * NARROWEST, usual() * WIDEST);
  /** @param {number} share */
  const width = (share) =>
    Math.abs(share - scale().share(usual())) < SNAP ? usual() : Number(scale().value(share).toPrecision(4));
  const part = slider({
    oninput: (share) => store.set({ kernel_width: width(share) }),
    onchange: (share) => store.commit({ kernel_width: width(share) }),
  });
  part.name("Kernel width", KERNEL_WIDTH);
  part.tick.hidden = false;
  part.hint.title = EFFECTIVE;
  const draw = () => {
    const able = store.refits || store.pull.link !== "no kernel";
    hide(part.el, store.settings.method !== "lime");
    part.enable(able);
    part.el.style.setProperty("--ll-tick", String(scale().share(usual())));
    const { kernel_width: chosen } = store.settings;
    part.move(scale().share(able ? chosen : usual()));
    part.read(able ? widthText(chosen) : "\u2013");
    attr(part.tick, "title", `default ${widthText(usual())}`);
    drawEffective(store, part.hint);
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
  const effective = answer?.effective ?? null;
  const few = tooFew(store);
  hint.toggleAttribute("data-warn", few);
  if (!answer || effective === null) say(hint, store.evaluated ? "working it out \u2026" : "");
  else say(hint, `effective samples ${count(effective)} of ${count(read)}${few ? ": too few to trust" : ""}`);
}

/**
 * What the method's numbers tell, where LIME has its kernel width.
 *
 * @param {Store} store
 */
function meaning(store) {
  const [name, text] = [h("b"), h("span")];
  const el = h("p", { class: "ll-meaning" }, name, ": ", text);
  const draw = () => {
    const { method } = store;
    hide(el, method.name === "lime" || !tells(method, store.subject.kind));
    say(name, method.label);
    say(text, tells(method, store.subject.kind));
  };
  store.on(["settings"], draw);
  draw();
  return el;
}

/** @param {Store} store */
export function tooFew({ answer, settings, subject }) {
  if (settings.method !== "lime" || !answer || answer.effective === null || answer.exact) return false;
  return answer.effective < Math.max(30, 3 * subject.features.length);
}

/** @param {Store} store */
function action(store) {
  const button = h("button", { type: "button", class: "ll-button" });
  button.addEventListener("click", () => doNext(store));
  const draw = () => {
    const { status, pull } = store;
    const gone = pull.link === "no kernel";
    say(
      button,
      { running: "Stop", done: "More", stopped: "Resume", failed: "Try again" }[status.state] ?? "",
    );
    hide(button, status.exact || (gone && !store.answer));
    attr(button, "aria-disabled", gone ? "true" : null);
    attr(button, "title", gone ? "no kernel: run the cell again to ask more" : actionTitle(status));
  };
  store.on(["status", "settings"], draw);
  draw();
  return button;
}

/** @param {import("../lib/pull.js").Status} status */
const actionTitle = (status) => {
  if (status.state === "done") return `ask up to ${count(nextLimit(status))}`;
  return status.state === "running" ? "keep what there is" : null;
};

/**
 * Up to the limit where a run was done before it, and then twice as far.
 *
 * @param {import("../lib/pull.js").Status} status
 */
const nextLimit = ({ n, limit }) => (n < limit ? limit : 2 * limit);

/** @param {Store} store */
function doNext(store) {
  const { pull, status, settings } = store;
  if (pull.link === "no kernel") return store.say("No kernel: run the cell again to ask more");
  if (status.state === "running") return pull.stop();
  if (settings.n_samples !== null) store.commit({ n_samples: null });
  pull.more(status.state === "done" ? nextLimit(status) : null);
}

/** @param {Store} store */
function reset(store) {
  const usual = () => ({ kernel_width: store.answers.default_width ?? 0.25, n_samples: null });
  const onclick = () => {
    store.commit(usual());
    store.say("Sliders reset");
  };
  const button = h("button", { type: "button", class: "ll-link ll-hint", text: "Reset", onclick });
  button.title = "all perturbations, default kernel width";
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
