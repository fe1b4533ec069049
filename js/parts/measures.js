/** The measures of what matters: those that are known stand in sight, those that take the model unfold. */
import { arrange, attr, h, hide, leave, say } from "../lib/dom.js";

/**
 * @typedef {import("../lib/overview.js").Overview} Overview
 * @typedef {{name: string, label: string}} Offer
 */

/** Buttons keep their places: they stand in the order of what is offered, whatever is known. @param {Overview} store */
export function measures(store) {
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
    const offers = offersOf(store);
    const shown = offers.filter(
      ({ name }) => all || isKnown(store, name) || store.slices.share(name) !== null,
    );
    const buttons = shown.map((one) => {
      const button = made.get(one.name) ?? h("button", { type: "button", onclick: () => press(store, one) });
      made.set(one.name, button);
      drawMeasure(store, button, one);
      return button;
    });
    const unknown = offers.filter(({ name }) => !isKnown(store, name)).length;
    arrange(el, unknown ? [...buttons, more] : buttons);
    say(more, all ? words.fewerMeasures : words.moreMeasures(offers.length - shown.length));
    hide(more, !all && shown.length === offers.length);
    attr(more, "aria-expanded", String(all));
    hide(el, offers.length < 2);
  };
  store.on(["data", "measure", "asking"], draw);
  draw();
  return el;
}

/** All measures, those that are known but not offered behind the others. @param {Overview} store @returns {Offer[]} */
function offersOf({ data: { measures: known, offers } }) {
  const besides = known.filter(({ name }) => !offers.some((one) => one.name === name));
  return [...offers, ...besides];
}

/** @param {Overview} store @param {string} name */
const isKnown = ({ data }, name) => data.measures.some((one) => one.name === name);

/** @param {Overview} store @param {Offer} measure */
async function press(store, { name, label }) {
  const asked = !isKnown(store, name);
  await store.chooseMeasure(name);
  if (asked && isKnown(store, name)) store.say(store.words.overview.computed(store.words.label(label)));
}

/** @param {Overview} store @param {HTMLButtonElement} button @param {Offer} measure */
function drawMeasure(store, button, { name, label }) {
  const unknown = !isKnown(store, name);
  const why = unknown && store.alone ? store.words.overview.notComputed : null;
  say(button, store.words.label(label));
  attr(button, "aria-pressed", String(name === store.measure.name));
  attr(button, "aria-disabled", why && "true");
  attr(button, "title", why);
  attr(button, "aria-description", why);
  attr(button, "aria-busy", store.slices.share(name) === null ? null : "true");
  button.toggleAttribute("data-asked", unknown);
}

/** What is being computed, how far it is, and a way to stop it; or why what was pressed can't be. @param {Overview} store */
export function doing(store) {
  const told = h("p", { class: "ll-refusal ll-hint", role: "status", hidden: true });
  const list = h("ul", { class: "ll-doing", hidden: true });
  /** @type {Map<string, ReturnType<typeof progress>>} */
  const made = new Map();
  const draw = () => {
    const names = store.slices.names;
    for (const [name, { stop }] of made) if (!names.includes(name)) leave(stop);
    const lines = names.map((name) => {
      const line = made.get(name) ?? progress(store, name);
      made.set(name, line);
      line.draw();
      return line.el;
    });
    arrange(list, lines);
    hide(list, lines.length === 0);
    const said = refusals(store);
    hide(told, said === "");
    say(told, said);
  };
  store.on(["asking", "data"], draw);
  return h("div", { class: "ll-whatgoeson" }, list, told);
}

/** @param {Overview} store @param {string} name of a measure */
function progress(store, name) {
  const { overview: words } = store.words;
  const label = store.words.label(offersOf(store).find((one) => one.name === name)?.label ?? name);
  const text = h("span", { class: "ll-hint" });
  const bar = h("div", { class: "ll-progress", role: "progressbar", "aria-label": label });
  const stop = h("button", {
    type: "button",
    class: "ll-link",
    text: words.stop,
    "aria-label": words.stopping(label),
  });
  stop.addEventListener("click", () => {
    store.slices.stop(name);
    store.say(words.stopped(label));
  });
  const draw = () => {
    const share = store.slices.share(name) ?? 0;
    const percent = Math.floor(100 * share);
    say(text, words.computing(label, percent));
    attr(bar, "aria-valuenow", percent);
    bar.style.setProperty("--ll-to", String(share));
  };
  return { el: h("li", {}, text, stop, bar), stop, draw };
}

/** Why what was pressed can't be, or that another output is waited for. @param {Overview} store */
function refusals(store) {
  const { words, data } = store;
  const turns = data.outputs.names.map((name, i) => ({ key: `turn ${i}`, what: String(name) }));
  const asked = data.offers.map(({ name, label }) => ({ key: `measure ${name}`, what: words.label(label) }));
  for (const { key, what } of [...asked, ...turns]) {
    const error = store.asking(key);
    if (error) return words.methods.unable(what, words.told(error));
  }
  const waited = turns.find(({ key }) => store.asking(key) === "");
  return waited ? words.overview.turning(waited.what) : "";
}
