/** The model, its outputs as chips, and the methods that can run here. */
import { arrange, attr, h, say } from "../lib/dom.js";
import { oneStop, roving } from "../lib/roving.js";
import { prediction, shortened } from "../lib/scale.js";
import { methods } from "./methods.js";

/** @typedef {import("../lib/state.js").Store} Store */

/** So many chips stay in sight; the rest are behind "more". */
const IN_SIGHT = 4;
const LONGEST = 32;

/** @param {Store} store */
export function header(store) {
  const { model, source } = store.subject;
  const title = h("span", {
    class: "ll-model",
    title: model,
    dir: "auto",
    lang: "",
    text: shortened(model, 100),
  });
  const known = model === source ? [] : [title]; // of an array, the footer says where it is from
  return h("header", { class: "ll-head" }, ...known, chips(store), ...methods(store));
}

/** @param {Store} store */
function chips(store) {
  const el = h("div", { class: "ll-chips", role: "toolbar", "aria-label": store.words.outputs.title });
  /** @type {Map<number, HTMLButtonElement>} */
  const made = new Map();
  let all = false;
  /** @type {HTMLElement[]} */
  let stops = [];
  const more = h("button", { type: "button", class: "ll-more", onclick: () => unfold() });
  const draw = () => {
    const { names } = store.outputs;
    const order = inOrder(store.outputs);
    const few = order.slice(0, order.length > IN_SIGHT + 1 && !all ? IN_SIGHT : undefined);
    const shown = few.includes(store.target) ? few : [...few.slice(0, -1), store.target];
    for (const target of shown) drawChip(store, made.get(target) ?? remember(target), target);
    const rest = names.length - shown.length;
    const words = store.words.unfold;
    say(more, rest ? words.more(rest) : words.fewer);
    attr(more, "aria-expanded", String(!rest));
    const foldable = names.length > IN_SIGHT + 1;
    stops = [...shown.map((t) => /** @type {HTMLElement} */ (made.get(t))), ...(foldable ? [more] : [])];
    arrange(el, stops);
    oneStop(stops);
  };
  const unfold = () => {
    all = !all;
    draw();
  };
  /** @param {number} target */
  const remember = (target) => {
    const onclick = () => choose(store, target);
    const name = h("span", { class: "ll-chip-name", dir: "auto", lang: "" });
    const chip = h("button", { type: "button", class: "ll-chip", onclick }, name, h("b"));
    made.set(target, chip);
    return chip;
  };
  roving(el, () => stops);
  store.on(["chosen", "status"], draw);
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
  const remark = target === predicted && names.length > 1 ? store.words.outputs.predicted : "";
  attr(chip, "title", `${name} ${values[target] ?? ""}${remark && ` \u00b7 ${remark}`}`);
  attr(chip, "aria-description", remark || null);
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
  store.say(store.words.outputs.chosen(String(store.outputs.names[target])));
}
