/** Where a reader says whether a feature should matter, and what was said so far. */
import { attr, explain, h, hide, say } from "../lib/dom.js";
import { MARKS } from "../lib/marks.js";
import { isolated, shortened } from "../lib/scale.js";
import { entries, flag } from "./flags.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {import("../lib/marks.js").Mark} Mark
 */

/** A name has so many letters at most. */
const LONGEST = 40;
/** With Alt, wherever in the view the focus is. @type {Record<string, Mark>} */
const KEYS = { KeyN: MARKS[0], KeyM: MARKS[1] };

/** @param {Store} store */
export function marking(store) {
  const { marks: words } = store.words;
  const name = h("bdi", { class: "ll-marked-name", lang: "" });
  const buttons = MARKS.map((mark) => button(store, mark));
  const hint = h("span", { class: "ll-hint", text: words.invitation(store.subject.kind) });
  const only = switcher(store);
  const line = h("div", { class: "ll-marker", role: "group" }, hint, name, ...buttons, only);
  const list = h("ul", { class: "ll-feedback", "aria-label": words.title });
  const kept = h("p", { class: "ll-hint" });
  const el = h("div", { class: "ll-marking" }, line, list, kept);
  const draw = () => {
    const { held, marks } = store;
    const some = held >= 0;
    hide(hint, some);
    hide(name, !some);
    say(name, some ? shortened(store.nameOf(held), LONGEST) : "");
    attr(line, "aria-label", some ? words.of(named(store, held)) : words.title);
    buttons.forEach((one, i) => {
      attr(one, "aria-disabled", some ? null : "true");
      attr(one, "aria-pressed", String(marks.get(held) === MARKS[i]));
    });
    const why =
      store.pull.link === "page" ? words.page : store.pull.link === "no kernel" ? words.noKernel : "";
    attr(only, "aria-pressed", String(store.marking));
    hide(only, store.subject.kind === "table" || !store.tries);
    hide(kept, !some || !why);
    say(kept, why);
  };
  const tell = () => {
    hide(list, !store.marks.size);
    const { answer, marks, words } = store;
    list.replaceChildren(
      ...entries({ marks, words, values: answer?.values ?? null, name: (feature) => named(store, feature) }),
    );
  };
  store.on(["held", "marks", "status"], draw);
  store.on(["marks", "answer", "settings"], tell);
  draw();
  tell();
  return el;
}

/**
 * @param {Store} store
 * @param {Mark} mark
 */
function button(store, mark) {
  const { marks: words } = store.words;
  const key = Object.keys(KEYS).find((code) => KEYS[code] === mark) ?? "";
  const onclick = () => {
    if (store.held >= 0) store.mark(store.held, mark);
  };
  const el = h("button", { type: "button", class: "ll-marker-so", onclick }, flag(mark), words.names[mark]);
  attr(el, "aria-keyshortcuts", `Alt+${key.slice(-1)}`);
  explain(el, words.names[mark], words.about[mark](`Alt+${key.slice(-1)}`));
  return el;
}

/** Pressing a word or a segment takes it out, too; unless this is on. @param {Store} store */
function switcher(store) {
  const { marks: words } = store.words;
  const onclick = () => store.onlyMark(!store.marking);
  const el = h("button", { type: "button", class: "ll-only", onclick, text: words.only });
  explain(el, words.only, words.aboutOnly(store.subject.kind));
  return el;
}

/**
 * @param {Store} store
 * @param {number} feature
 */
const named = (store, feature) => isolated(shortened(store.nameOf(feature), LONGEST));

/**
 * What is pressed, or has the focus, is what can be marked; keys mark it where it stands.
 *
 * @param {HTMLElement} card
 * @param {Store} store
 */
export function listen(card, store) {
  /** @param {Event} event */
  const hold = ({ target }) => {
    const one = target instanceof Element ? target.closest(".ll-body [data-feature]") : null;
    if (one instanceof HTMLElement) store.hold(Number(one.dataset.feature));
  };
  card.addEventListener("focusin", hold);
  card.addEventListener("click", hold);
  card.addEventListener("keydown", (event) => {
    const mark = event.altKey && !event.ctrlKey && !event.metaKey ? KEYS[event.code] : undefined;
    if (!mark || store.held < 0) return;
    event.preventDefault();
    store.mark(store.held, mark);
  });
}
