/** The model, how many rows, its outputs as chips, and the measures of what matters. */
import { arrange, attr, h, hide, say } from "../lib/dom.js";
import { oneStop, roving } from "../lib/roving.js";
import { count, prediction, shortened } from "../lib/scale.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

const [LONGEST, MODEL] = [32, 100];
/** So many outputs are in sight; the rest are behind "more". */
const IN_SIGHT = 4;

/** @param {Overview} store */
export function head(store) {
  const { model, n_rows: n, kind } = store.subject;
  const name = h("span", {
    class: "ll-model",
    title: model,
    dir: "auto",
    lang: "",
    text: shortened(model, MODEL),
  });
  const rows = h("span", { class: "ll-hint", text: store.words.overview.rows(count(n), kind) });
  return h("header", { class: "ll-head" }, name, rows, chips(store), measures(store), refusal(store));
}

/** @param {Overview} store */
function chips(store) {
  const el = h("div", { class: "ll-chips", role: "toolbar", "aria-label": store.words.outputs.title });
  let all = false;
  /** @type {HTMLElement[]} */
  let stops = [];
  const more = h("button", { type: "button", class: "ll-more" });
  more.addEventListener("click", () => {
    all = !all;
    draw();
  });
  const made = store.data.outputs.names.map((name, target) => {
    const label = h("span", {
      class: "ll-chip-name",
      dir: "auto",
      lang: "",
      text: shortened(String(name), LONGEST),
    });
    const onclick = () => {
      store.turn(target);
      if (!store.alone) store.say(store.words.outputs.chosen(String(name)));
    };
    return h("button", { type: "button", class: "ll-chip", title: String(name), onclick }, label, h("b"));
  });
  const draw = () => {
    const { space, target, mean, names } = store.data.outputs;
    made.forEach((chip, i) => {
      const why = i !== target && store.alone ? store.words.overview.notCarried : null;
      attr(chip, "aria-pressed", String(i === target));
      attr(chip, "aria-disabled", why && "true");
      attr(chip, "aria-description", why);
      attr(chip, "title", why ?? String(names[i]));
      hide(/** @type {HTMLElement} */ (chip.children[1]), i !== target);
      say(chip.children[1], i === target ? prediction(mean, space) : "");
    });
    const few = made.filter((_, i) => all || i < IN_SIGHT || i === target);
    const rest = made.length - few.length;
    say(more, rest ? store.words.unfold.more(rest) : store.words.unfold.fewer);
    attr(more, "aria-expanded", String(!rest));
    stops = [...few, ...(made.length > IN_SIGHT + 1 || rest ? [more] : [])];
    arrange(el, stops);
    oneStop(stops);
  };
  roving(el, () => stops);
  store.on(["data", "asking"], draw);
  draw();
  return el;
}

/** What is known stands in sight; what takes the model unfolds. @param {Overview} store */
function measures(store) {
  const { overview: words } = store.words;
  const el = h("div", { class: "ll-methods ll-measures", role: "group", "aria-label": words.measure });
  /** @type {Map<string, HTMLButtonElement>} */
  const made = new Map();
  let all = false;
  const more = h("button", { type: "button", class: "ll-all" });
  more.addEventListener("click", () => {
    all = !all;
    draw();
  });
  const draw = () => {
    const { measures: known, offers } = store.data;
    const rest = offers.filter(({ name }) => !known.some((one) => one.name === name));
    const shown = [
      ...known,
      ...(all ? rest : rest.filter(({ name }) => store.asking(`measure ${name}`) === "")),
    ];
    const buttons = shown.map((one) => {
      const button =
        made.get(one.name) ?? h("button", { type: "button", onclick: () => store.chooseMeasure(one.name) });
      made.set(one.name, button);
      drawMeasure(store, button, one, rest.includes(one));
      return button;
    });
    arrange(el, rest.length ? [...buttons, more] : buttons);
    say(more, all ? words.fewerMeasures : words.moreMeasures(offers.length - shown.length));
    attr(more, "aria-expanded", String(all));
    hide(el, offers.length < 2);
  };
  store.on(["data", "measure", "asking"], draw);
  draw();
  return el;
}

/**
 * @param {Overview} store
 * @param {HTMLButtonElement} button
 * @param {{name: string, label: string}} measure
 * @param {boolean} unknown
 */
function drawMeasure(store, button, { name, label }, unknown) {
  const asked = store.asking(`measure ${name}`) === "";
  const why = unknown && store.alone ? store.words.overview.notComputed : null;
  say(button, store.words.label(label) + (asked ? " \u2026" : ""));
  attr(button, "aria-pressed", String(name === store.measure.name));
  attr(button, "aria-disabled", why && "true");
  attr(button, "title", why);
  attr(button, "aria-description", why);
  button.toggleAttribute("data-asked", unknown);
}

/** Why what was pressed can't be: read where it was pressed. @param {Overview} store */
function refusal(store) {
  const el = h("p", { class: "ll-refusal ll-hint", role: "status", hidden: true });
  const draw = () => {
    const { words, data } = store;
    const asked = [
      ...data.offers.map(({ name, label }) => ({ key: `measure ${name}`, what: words.label(label) })),
      ...data.outputs.names.map((name, i) => ({ key: `turn ${i}`, what: String(name) })),
    ];
    const told = asked.flatMap(({ key, what }) => {
      const error = store.asking(key);
      if (error === null) return [];
      return [error ? words.methods.unable(what, words.told(error)) : words.overview.computing(what)];
    });
    hide(el, told.length === 0);
    say(el, told[0] ?? "");
  };
  store.on(["asking"], draw);
  return el;
}
