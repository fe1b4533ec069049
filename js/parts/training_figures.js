/** How well the model can be explained, as small multiples over the steps. */
import { attr, explain, h, hide, say, svg } from "../lib/dom.js";
import { said } from "../lib/numbers.js";
import { across, dots, ends, line } from "../lib/timeline.js";

/** @typedef {import("../lib/training.js").Training} Training */

/** @param {Training} store */
export function figures(store) {
  const { training: words } = store.words;
  const all = store.data.figures.map(({ name }, i) => figure(store, name, i));
  const label = words.figures;
  return h("div", { class: "ll-figures", role: "group", "aria-label": label }, ...all);
}

/** @param {Training} store @param {string} name @param {number} i its place */
function figure(store, name, i) {
  const { training: words } = store.words;
  const [title, about] = words.figure[name] ?? [name, ""];
  const caption = h("span", { text: title });
  explain(caption, title, about);
  const value = h("b");
  const path = svg("path", { "data-line": "figure" });
  const lone = svg("path", { "data-line": "figure", "data-dots": true });
  const box = { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" };
  const picture = svg("svg", box, path, lone);
  const rule = h("span", { class: "ll-rule", "aria-hidden": "true" });
  const plot = h("div", { class: "ll-small" }, picture, rule);
  const el = h("div", { class: "ll-figure-small" }, h("span", { class: "ll-caption" }, caption, value), plot);
  const draw = () => {
    const values = store.data.figures[i]?.values ?? new Float32Array(0);
    const known = values.filter(Number.isFinite);
    hide(el, known.length === 0);
    attr(path, "d", line(store.data.steps, values, store.data.span, ends([values])));
    attr(lone, "d", dots(store.data.steps, values, store.data.span, ends([values])));
    attr(picture, "aria-label", words.course(title, said(known[0]), said(known[known.length - 1])));
    say(value, said(values[store.at]));
    rule.style.left = `${across(store.step, store.data.span)}%`;
  };
  store.on(["records", "step"], draw);
  draw();
  return el;
}
