/** The model, what explaining costs, and Stop; and at the foot how far the training is. */
import { attr, describedBy, explain, h, hide, say } from "../lib/dom.js";
import { count, shortened } from "../lib/scale.js";

/** @typedef {import("../lib/training.js").Training} Training */

const MODEL = 100;
/** From so many times the training time on, a cost is not told in percent. */
const TIMES = 10;

/** @param {Training} store */
export function head(store) {
  const { model } = store.about;
  const { training: words } = store.words;
  const text = shortened(model, MODEL);
  const name = h("span", { class: "ll-model", title: model, dir: "auto", lang: "", text });
  const cost = h("span", { class: "ll-hint" });
  explain(cost, words.overhead("\u2026"), words.aboutOverhead);
  const { stop, deaf } = stopping(store);
  const draw = () => {
    say(cost, costOf(store));
  };
  store.on(["status"], draw);
  draw();
  return h("header", { class: "ll-head" }, name, cost, stop, deaf);
}

/** @param {Training} store @returns {string} "" where it is not known */
function costOf(store) {
  const { training: words, percent } = store.words;
  const overhead = store.status.overhead ?? 0;
  if (!(overhead > 0)) return "";
  if (overhead >= TIMES) return words.times(count(Math.round(overhead)));
  return words.overhead(percent((100 * overhead).toFixed(overhead < 1 ? 1 : 0)));
}

/** Stop, while training goes on; and why it can't be heard. @param {Training} store */
function stopping(store) {
  const { training: words } = store.words;
  const stop = h("button", {
    type: "button",
    class: "ll-button ll-stop",
    text: words.stop,
    title: words.aboutStop,
  });
  const deaf = h("p", { class: "ll-hint ll-refusal", role: "status", text: words.deaf });
  describedBy(stop, deaf);
  stop.addEventListener("click", () => {
    if (store.hears !== false) store.stopTraining();
  });
  const draw = () => {
    const running = store.state === "running" && !store.about.closed;
    hide(stop, !running);
    hide(deaf, !running || store.hears !== false);
    attr(stop, "aria-disabled", store.hears === false && "true");
  };
  store.on(["status", "link"], draw);
  draw();
  return { stop, deaf };
}

/** What went wrong on the way. @param {Training} store */
export function notes(store) {
  const el = h("ul", { class: "ll-notes ll-hint", "aria-label": store.words.card.notes });
  const draw = () => {
    const found = store.status.notes;
    hide(el, !found.length);
    el.replaceChildren(...found.map((text) => h("li", { dir: "auto", text: store.words.told(text) })));
  };
  store.on(["status"], draw);
  draw();
  return el;
}

/** @param {Training} store */
export function foot(store) {
  const { training: words } = store.words;
  const [state, records, some] = [h("span", { class: "ll-state" }), h("span"), h("span")];
  const by = h("span", { text: words.by(store.words.label(store.about.method)) });
  const where = store.alone ? words.saved : store.about.closed ? words.fromFile : "";
  const el = h(
    "footer",
    { class: "ll-foot" },
    state,
    records,
    some,
    by,
    where ? h("span", { text: where }) : null,
  );
  const draw = () => {
    const { status } = store;
    const { steps } = store.data;
    attr(el, "data-state", store.state);
    say(state, words.state(words.states[store.state], status.step));
    say(records, words.records(status.n));
    explain(records, words.records(status.n), words.aboutRecords);
    hide(some, steps.length >= status.n);
    say(some, words.some(steps.length, status.n));
  };
  store.on(["status", "records"], draw);
  draw();
  return el;
}
