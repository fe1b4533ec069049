/** The model, how many rows, its outputs as chips, and the measures of what matters. */
import { arrange, attr, h, hide, say } from "../lib/dom.js";
import { oneStop, roving } from "../lib/roving.js";
import { count, prediction, shortened } from "../lib/scale.js";
import { doing, measures } from "./measures.js";

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
  return h("header", { class: "ll-head" }, name, rows, chips(store), measures(store), doing(store));
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
    return h(
      "button",
      { type: "button", class: "ll-chip", title: String(name), onclick },
      label,
      h("b"),
      h("span"),
    );
  });
  const draw = () => {
    const { space, target, mean, names } = store.data.outputs;
    made.forEach((chip, i) => {
      const why = i !== target && store.alone ? store.words.overview.notCarried : null;
      attr(chip, "aria-pressed", String(i === target));
      attr(chip, "aria-disabled", why && "true");
      attr(chip, "aria-description", why);
      const meaning = store.words.overview.chip(String(names[i]), prediction(mean, space), space);
      attr(chip, "title", why ?? (i === target ? meaning : String(names[i])));
      hide(/** @type {HTMLElement} */ (chip.children[1]), i !== target);
      const unit = i === target && !["probability", "value"].includes(space) ? space : "";
      hide(/** @type {HTMLElement} */ (chip.children[2]), !unit);
      say(chip.children[2], unit && store.words.overview.measuredIn("", unit).trim());
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
