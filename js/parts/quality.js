/** A fold-out: how far the answer on show can be trusted, by asking the model more. */
import { h, hide, leave, say } from "../lib/dom.js";
import { alike } from "../lib/quality.js";
import { en } from "../lib/words/quality_en.js";
import { zh } from "../lib/words/quality_zh.js";
import { curve } from "./curve.js";
import { scores } from "./scores.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {import("../lib/quality.js").Measured} Measured
 * @typedef {import("../lib/quality.js").Wants} Wants
 */

/** @param {Store} store */
export function quality(store) {
  const words = store.words.lang === "en" ? en : zh;
  const { quality: measures } = store.pull;
  const lines = curve(store, words);
  const onclick = () => (asking() ? stop() : start());
  const button = h("button", { type: "button", class: "ll-go", onclick });
  const told = h("span", { class: "ll-hint" });
  const bar = h("div", { class: "ll-progress", "aria-hidden": "true", hidden: true }, h("span"));
  const ask = h("div", { class: "ll-measure" }, button, told, bar);
  const body = h("div", { class: "ll-quality-body" }, lines.el, scores(store, words), ask);
  const summary = h("summary", { text: words.title });
  const el = h("details", { class: "ll-quality", open: measures.open }, summary, body);

  const asking = () => measures.wants !== null && measures.wants !== "known";
  // What the kernel told all pages may have come meanwhile, in place of the same.
  const still = (/** @type {Measured} */ found) => !!store.measured && alike(found, store.measured);
  /** @returns {Wants} what the button asks for */
  const next = () => (store.measured && store.measured.left.usual === 0 ? "all" : "usual");
  const able = () => store.reads && !store.closed && !!store.answer && store.status.state !== "running";
  const start = async () => {
    const wants = next();
    await measures.measure(wants, still);
    if (measures.wants === null && store.measured?.left[wants] === 0) store.say(words.ended);
  };
  const stop = () => {
    measures.stop();
    store.say(words.stopped);
  };
  /** Since marks were changed nothing was asked: some metrics are of these. */
  let marked = false;
  /** What costs nothing is there at once. */
  const look = () => {
    const idle = measures.wants === null && store.reads && store.status.state !== "running";
    if (!el.open || !idle || !store.answer || store.measured?.message) return;
    if (store.measured?.left.known === 0 && !marked) return;
    marked = false;
    measures.measure("known", still);
  };
  const draw = () => {
    const { measured } = store;
    const on = asking();
    const over = measured?.left.all === 0;
    const none = over || !(able() || on);
    if (none) leave(button);
    hide(button, none);
    say(button, on ? words.stop : label(measured, next(), words));
    const text = toldOf(store, on ? measures.wants : null, next(), words);
    say(told, text);
    told.toggleAttribute("data-warn", !!measured?.message && !on);
    hide(bar, !on);
    if (on) bar.style.setProperty("--ll-to", String(share(measured, measures.wants)));
  };
  el.addEventListener("toggle", () => {
    measures.open = el.open;
    lines.draw();
    look();
    store.touch("rest");
  });
  store.on(["answer", "status", "settings"], draw);
  store.on(["rest"], look);
  store.on(["marks"], () => {
    marked = true;
    look();
  });
  draw();
  return el;
}

/**
 * @param {Measured | null} measured
 * @param {Wants} wants
 * @param {typeof en} words
 */
function label(measured, wants, words) {
  if (measured?.message) return words.again;
  return wants === "all" ? words.more : words.measure;
}

/**
 * How many parts there are of what is wanted, and how many are done.
 *
 * @param {Measured | null} measured
 * @param {Wants | null} wants
 */
function parts(measured, wants) {
  const left = measured?.left[wants ?? "usual"] ?? 0;
  const metrics = Object.keys(measured?.metrics ?? {}).length;
  return { done: metrics, of: metrics + left };
}

/** @param {Measured | null} measured @param {Wants | null} wants */
function share(measured, wants) {
  const { done, of } = parts(measured, wants);
  return of ? done / of : 0;
}

/**
 * @param {Store} store
 * @param {Wants | null} wants what is asked for now
 * @param {Wants} next what could be
 * @param {typeof en} words
 */
function toldOf(store, wants, next, words) {
  const { measured, status, alone, closed, subject, reads } = store;
  if (wants) {
    const { done, of } = parts(measured, wants);
    return words.progress(done, of, measured?.n_evals ?? 0);
  }
  if (measured?.message) return words.failed(store.words.told(measured.message));
  const none = !measured || Object.keys(measured.metrics).length === 0;
  if (!reads) return [none ? words.page : words.took(measured.n_evals), `${alone?.more}.`].join(" ");
  if (closed) return "";
  if (status.state === "running") return words.invitation.running;
  if (measured?.left.all === 0) return words.took(measured.n_evals);
  return next === "all"
    ? `${words.took(measured?.n_evals ?? 0)} ${words.aboutMore}`
    : words.invitation.text(subject.kind);
}
