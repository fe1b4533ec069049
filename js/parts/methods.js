/** The methods that can run here: the usual ones in a row, and all of them in a list that tells them apart. */
import { arrange, attr, explain, h, hide, say } from "../lib/dom.js";
import { tells, unit } from "../lib/methods.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {import("../lib/state.js").Method} Method
 */

/** So many methods, of so many letters together, fit in a row; of more, the first so many of these that can run here. */
const FIT = 5;
const LETTERS = 40;
const IN_SIGHT = 4;
const USUAL = [
  "lime",
  "shapley",
  "tree_shap",
  "linear_shap",
  "additive",
  "grad_cam",
  "rise",
  "integrated_gradients",
  "banzhaf",
];

/**
 * @param {Store} store
 * @returns {Element[]} the row, the list, and why a method can't run, once that was pressed
 */
export function methods(store) {
  const words = store.words.methods;
  const row = h("div", { class: "ll-methods", role: "group", "aria-label": words.title });
  const panel = h("div", { class: "ll-offers", role: "group", "aria-label": words.all, hidden: true });
  const onclick = () => open(!!panel.hidden);
  const more = h("button", { type: "button", class: "ll-all", onclick });
  const refusal = h("p", { class: "ll-refusal ll-hint", hidden: true });
  /** @param {string} text */
  const refuse = (text) => {
    hide(refusal, !text);
    say(refusal, text);
    store.say(text);
  };
  /** @param {boolean} on */
  const open = (on) => {
    hide(panel, !on);
    attr(more, "aria-expanded", String(on));
  };
  /** @param {Event} event */
  const close = ({ target }) => {
    if (!(target instanceof Element) || !target.closest(".ll-offer")) return;
    open(false);
    more.focus();
  };
  panel.addEventListener("click", close);
  for (const el of [row, panel])
    el.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || panel.hidden) return;
      event.stopPropagation();
      open(false);
      more.focus();
    });
  /** @type {Map<string, HTMLElement>} */
  const made = new Map();
  const draw = () => {
    const list = /** @type {Method[]} */ (store.answers.methods);
    for (const method of list)
      if (!made.has(method.name)) made.set(method.name, button(store, method, refuse));
    const shown = inSight(store, list);
    const many = shown.length < list.length;
    const inRow = shown.map(({ name }) => /** @type {HTMLElement} */ (made.get(name)));
    arrange(row, many ? [...inRow, more] : inRow);
    say(more, words.more(list.length));
    attr(more, "aria-label", words.moreMethods(list.length));
    row.toggleAttribute("data-many", many);
    if (!many) open(false);
    else if (panel.querySelectorAll(".ll-offer").length !== list.length)
      panel.replaceChildren(...groups(store, list, refuse));
    hide(refusal, true);
    for (const el of [row, panel]) mark(store, el);
  };
  open(false);
  store.on(["chosen"], draw);
  draw();
  return [row, panel, refusal];
}

/**
 * @param {Store} store
 * @param {Method[]} list
 */
function inSight(store, list) {
  const chosen = store.settings.method;
  const letters = list.reduce((sum, method) => sum + store.labelOf(method).length, 0);
  if (list.length <= FIT && letters <= LETTERS) return list;
  const usual = USUAL.filter((name) => list.some((m) => m.name === name && m.available)).slice(0, IN_SIGHT);
  const names = usual.includes(chosen) ? usual : [...usual.slice(0, IN_SIGHT - 1), chosen];
  return list.filter(({ name }) => names.includes(name));
}

/**
 * @param {Store} store
 * @param {Method[]} list
 * @param {(why: string) => void} refuse
 */
function groups(store, list, refuse) {
  return Object.entries(store.words.methods.kinds).flatMap(([kind, title]) => {
    const own = list.filter((method) => unit(method) === kind);
    if (!own.length) return [];
    const offers = own.map((method) => {
      const text = h("span", {
        class: "ll-hint",
        text: method.available ? told(store, method) : store.words.told(method.reason),
      });
      const offer = button(store, method, refuse);
      offer.replaceChildren(h("b", { text: store.labelOf(method) }), " ", text);
      offer.className = "ll-offer";
      return offer;
    });
    return [h("p", { class: "ll-hint", text: title }), h("div", { class: "ll-kind" }, ...offers)];
  });
}

/**
 * @param {Store} store
 * @param {Method} method
 */
const told = ({ words, subject }, method) => tells(method, subject.kind, words);

/**
 * @param {Store} store
 * @param {Element} el holds buttons
 */
function mark(store, el) {
  const { answers, settings, words } = store;
  const all = /** @type {HTMLElement[]} */ ([...el.querySelectorAll("[data-method]")]);
  for (const method of /** @type {Method[]} */ (answers.methods)) {
    const { name, available } = method;
    const reason = available ? null : words.told(method.reason);
    const chosen = name === settings.method;
    const one = all.find(({ dataset }) => dataset.method === name);
    if (!one) continue;
    attr(one, "aria-pressed", String(chosen));
    attr(one, "aria-disabled", available ? null : "true");
    attr(one, "aria-description", reason);
    explain(one, chosen ? store.labelOf(method) : null, reason ?? told(store, method));
  }
}

/**
 * A method that can't run here can still be pressed: then it says why.
 *
 * @param {Store} store
 * @param {Method} method
 * @param {(why: string) => void} refuse
 */
function button(store, { name, label }, refuse) {
  const text = store.words.label(label);
  const onclick = () => {
    const now = store.answers.methods.find((/** @type {Method} */ m) => m.name === name);
    if (!now.available) refuse(store.words.methods.unable(text, store.words.told(now.reason)));
    else if (name !== store.settings.method) choose(store, now);
  };
  return h("button", { type: "button", text, "data-method": name, onclick });
}

/**
 * The number of evaluations that was chosen holds for methods that read the same ones.
 *
 * @param {Store} store
 * @param {Method} method
 */
function choose(store, { name, label, reads }) {
  const { words } = store;
  const n = reads && store.method.reads ? store.settings.n_samples : null;
  store.commit({ method: name, n_samples: n });
  store.say(words.methods.chosen(words.label(label)));
}
