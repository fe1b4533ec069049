/** The model, its outputs as chips, and the methods that can run here. */
import { arrange, attr, h, say } from "../lib/dom.js";
import { prediction, shortened } from "../lib/scale.js";
import { methods } from "./methods.js";

/** @typedef {import("../lib/state.js").Store} Store */

/** So many chips stay in sight; the rest are behind "more". */
const IN_SIGHT = 4;
const LONGEST = 32;

/** @param {Store} store */
export function header(store) {
  const { model, source } = store.subject;
  const title = h("span", { class: "ll-model", title: model, dir: "auto", text: shortened(model, 48) });
  const known = model === source ? [] : [title]; // of an array, the footer says where it is from
  return h("header", { class: "ll-head" }, ...known, chips(store), ...methods(store));
}

/** @param {Store} store */
function chips(store) {
  const el = h("div", { class: "ll-chips", role: "group", "aria-label": "Explained output" });
  /** @type {Map<number, HTMLButtonElement>} */
  const made = new Map();
  let all = false;
  const more = h("button", { type: "button", class: "ll-more", onclick: () => unfold() });
  const draw = () => {
    const { names } = store.outputs;
    const order = inOrder(store.outputs);
    const few = order.slice(0, order.length > IN_SIGHT + 1 && !all ? IN_SIGHT : undefined);
    const shown = few.includes(store.target) ? few : [...few.slice(0, -1), store.target];
    for (const target of shown) drawChip(store, made.get(target) ?? remember(target), target);
    const rest = names.length - shown.length;
    say(more, rest ? `${rest} more` : "fewer");
    attr(more, "aria-expanded", String(!rest));
    const foldable = names.length > IN_SIGHT + 1;
    arrange(el, [...shown.map((t) => /** @type {Element} */ (made.get(t))), ...(foldable ? [more] : [])]);
  };
  const unfold = () => {
    all = !all;
    draw();
  };
  /** @param {number} target */
  const remember = (target) => {
    const onclick = () => choose(store, target);
    const name = h("span", { class: "ll-chip-name", dir: "auto" });
    const chip = h("button", { type: "button", class: "ll-chip", onclick }, name, h("b"));
    made.set(target, chip);
    return chip;
  };
  store.on(["settings", "status"], draw);
  draw();
  return el;
}

/** @param {{names: string[], prediction: number[], space: string}} outputs the likeliest first */
function inOrder({ names, prediction: values, space }) {
  const order = names.map((_, i) => i);
  return space === "value" || names.length < 3 ? order : order.sort((a, b) => values[b] - values[a]);
}

/**
 * @param {Store} store
 * @param {HTMLButtonElement} chip
 * @param {number} target
 */
function drawChip(store, chip, target) {
  const { names, prediction: values, space, predicted } = store.outputs;
  const name = String(names[target]);
  attr(chip, "aria-pressed", String(target === store.target));
  const predictedOne = target === predicted && names.length > 1 ? " \u00b7 predicted" : "";
  attr(chip, "title", `${name} ${values[target] ?? ""}${predictedOne}`);
  say(chip.children[0], shortened(name, LONGEST));
  say(chip.children[1], values[target] === null ? "" : prediction(values[target], space));
}

/**
 * @param {Store} store
 * @param {number} target
 */
function choose(store, target) {
  if (target === store.target) return;
  store.commit({ target });
  store.say(`Explaining ${store.outputs.names[target]}`);
}
