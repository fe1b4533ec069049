/** The methods that can run here: the usual ones in a row, and all of them in a list that tells them apart. */
import { arrange, attr, h, hide, say } from "../lib/dom.js";
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
  "grad_cam",
  "rise",
  "integrated_gradients",
  "banzhaf",
];
const GROUPS = {
  perturbations: "From the same perturbations: turning between these asks nothing anew",
  passes: "From the model's gradients",
  evaluations: "From evaluations of their own, or the model itself",
};

/**
 * @param {Store} store
 * @returns {Element[]} the row, and the list
 */
export function methods(store) {
  const row = h("div", { class: "ll-methods", role: "group", "aria-label": "Method" });
  const panel = h("div", { class: "ll-offers", role: "group", "aria-label": "All methods", hidden: true });
  const onclick = () => open(!!panel.hidden);
  const more = h("button", { type: "button", class: "ll-all", onclick });
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
    for (const method of list) if (!made.has(method.name)) made.set(method.name, button(store, method));
    const shown = inSight(list, store.settings.method);
    const many = shown.length < list.length;
    const inRow = shown.map(({ name }) => /** @type {HTMLElement} */ (made.get(name)));
    arrange(row, many ? [...inRow, more] : inRow);
    say(more, `All ${list.length}`);
    attr(more, "aria-label", `All ${list.length} methods`);
    row.toggleAttribute("data-many", many);
    if (!many) open(false);
    else if (panel.querySelectorAll(".ll-offer").length !== list.length)
      panel.replaceChildren(...groups(store, list));
    for (const el of [row, panel]) mark(store, el);
  };
  open(false);
  store.on(["settings"], draw);
  draw();
  return [row, panel];
}

/**
 * @param {Method[]} list
 * @param {string} chosen
 */
function inSight(list, chosen) {
  const letters = list.reduce((sum, { label }) => sum + label.length, 0);
  if (list.length <= FIT && letters <= LETTERS) return list;
  const usual = USUAL.filter((name) => list.some((m) => m.name === name && m.available)).slice(0, IN_SIGHT);
  const names = usual.includes(chosen) ? usual : [...usual.slice(0, IN_SIGHT - 1), chosen];
  return list.filter(({ name }) => names.includes(name));
}

/**
 * @param {Store} store
 * @param {Method[]} list
 */
function groups(store, list) {
  return Object.entries(GROUPS).flatMap(([kind, title]) => {
    const own = list.filter((method) => unit(method) === kind);
    if (!own.length) return [];
    const offers = own.map((method) => {
      const text = h("span", {
        class: "ll-hint",
        text: method.available ? tells(method, store.subject.kind) : method.reason,
      });
      const offer = button(store, method);
      offer.replaceChildren(h("b", { text: method.label }), " ", text);
      offer.className = "ll-offer";
      return offer;
    });
    return [h("p", { class: "ll-hint", text: title }), h("div", { class: "ll-kind" }, ...offers)];
  });
}

/**
 * @param {Store} store
 * @param {Element} el holds buttons
 */
function mark({ answers, settings, subject }, el) {
  for (const method of /** @type {Method[]} */ (answers.methods)) {
    const { name, label, available, reason } = method;
    const one = el.querySelector(`[data-method="${name}"]`);
    if (!one) continue;
    attr(one, "aria-pressed", String(name === settings.method));
    attr(one, "aria-disabled", available ? null : "true");
    attr(one, "title", available ? `${label}: ${tells(method, subject.kind)}` : reason);
  }
}

/**
 * A method that can't run here can still be pressed: then it says why.
 *
 * @param {Store} store
 * @param {Method} method
 */
function button(store, { name, label }) {
  const onclick = () => {
    const now = store.answers.methods.find((/** @type {Method} */ m) => m.name === name);
    if (!now.available) store.say(`${label} can't run here: ${now.reason}`);
    else if (name !== store.settings.method) choose(store, now);
  };
  return h("button", { type: "button", text: label, "data-method": name, onclick });
}

/**
 * The number of evaluations that was chosen holds for methods that read the same ones.
 *
 * @param {Store} store
 * @param {Method} method
 */
function choose(store, { name, label, reads }) {
  const n = reads && store.method.reads ? store.settings.n_samples : null;
  store.commit({ method: name, n_samples: n });
  store.say(`Method: ${label}`);
}
