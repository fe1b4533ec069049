/** How the output depends on the feature that is chosen: its rows as points, and curves over them. */
import { attr, explain, h, hide, say } from "../lib/dom.js";
import { paintOf } from "../lib/ramp.js";
import { shortened } from "../lib/scale.js";
import { categories } from "./categories.js";
import { keyOf } from "./hue_key.js";
import { table } from "./numbers.js";
import { plane } from "./plane.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

export const CURVES = /** @type {const} */ (["pdp", "ice", "ale"]);

/**
 * @typedef {object} Shown
 * @property {Set<string>} curves
 * @property {boolean} partner do the points have the colours of the feature that it acts with?
 */

/** @param {Overview} store */
export function dependence(store) {
  const { overview: words } = store.words;
  /** @type {Shown} */
  const shown = { curves: new Set(["pdp"]), partner: false };
  let figures = false;
  const title = h("b", { class: "ll-name", dir: "auto", lang: "" });
  const told = h("p", { class: "ll-hint ll-told" });
  const note = h("p", { class: "ll-hint ll-warned" });
  /** @param {string} text */
  const tell = (text) => say(told, text || (store.depends ? around() : words.noValues));
  const around = () =>
    store.subject.columns[store.feature].names ? words.amongCategories : words.aroundMean;
  const [plot, groups, numbers] = [plane(store, tell), categories(store, tell), table(words.binned)];
  const switches = CURVES.map((name) => {
    const onclick = () => {
      if (!shown.curves.delete(name)) shown.curves.add(name);
      store.askCurves();
      draw();
    };
    const button = h("button", { type: "button", onclick });
    explain(button, words.curves[name], words.about[name]);
    button.append(h("i", { class: `ll-sample ll-${name}`, "aria-hidden": "true" }), words.curves[name]);
    return button;
  });
  const curves = h(
    "div",
    { class: "ll-methods", role: "group", "aria-label": words.curvesTitle },
    ...switches,
  );
  const partnerKey = h("p", { class: "ll-hint ll-partnerkey", hidden: true });
  const colour = h("button", { type: "button", class: "ll-link", "aria-pressed": "false" });
  colour.addEventListener("click", () => {
    shown.partner = !shown.partner;
    draw();
  });
  const asTable = h("button", {
    type: "button",
    class: "ll-link",
    "aria-pressed": "false",
    text: words.table,
  });
  asTable.addEventListener("click", () => {
    figures = !figures;
    draw();
  });
  const compare = h("button", { type: "button", class: "ll-link", text: words.compareRange });
  compare.addEventListener("click", () => store.chooseCohort(upperQuarter(store)));
  const el = h(
    "div",
    { class: "ll-depends", role: "group" },
    h("div", { class: "ll-caption" }, title, curves),
    plot.el,
    groups.el,
    numbers.el,
    partnerKey,
    told,
    note,
    h("div", { class: "ll-tools" }, compare, colour, asTable),
  );

  const draw = () => {
    const { feature } = store;
    const { kind } = store.subject.columns[feature];
    const category = kind !== "number";
    const known = store.data.curves.get(feature);
    const partner = store.data.partners?.[feature] ?? -1;
    const name = store.data.names[feature];
    say(title, shortened(name, 60));
    attr(el, "aria-label", words.dependsOn(store.named(feature)));
    const { depends } = store;
    hide(plot.el, figures || category);
    hide(groups.el, figures || !category || !depends);
    hide(numbers.el, !figures || !depends);
    hide(compare, category);
    hide(asTable, !depends);
    hide(curves, !depends);
    hide(colour, partner < 0 || figures);
    if (partner >= 0) say(colour, words.colourBy(store.named(partner)));
    const coloured = shown.partner && partner >= 0;
    attr(colour, "aria-pressed", String(coloured));
    hide(partnerKey, !coloured || figures);
    partnerKey.replaceChildren(...(coloured ? keyOf(store, partner) : []));
    attr(asTable, "aria-pressed", String(figures));
    CURVES.forEach((each, i) => {
      hide(switches[i], category && each === "ice");
      attr(switches[i], "aria-pressed", String(shown.curves.has(each)));
      attr(switches[i], "aria-disabled", known === undefined && store.alone ? "true" : null);
    });
    const paint = paintOf(el);
    if (figures) numbers.draw(binned(store, feature));
    else (category ? groups : plot).draw(shown, paint);
    tell("");
    const asked = store.asking(`dependence ${feature}`);
    note.toggleAttribute("data-plain", !asked);
    say(
      note,
      asked === "" ? words.asking : (asked ?? (known?.note && store.words.told(known.note))) || missing(),
    );
  };
  const missing = () =>
    store.alone && store.data.curves.get(store.feature) === undefined && shown.curves.size
      ? words.noCurves
      : "";
  store.on(["data", "measure", "feature", "asking", "size"], draw);
  store.on(["cohort"], () => {
    if (!plot.el.hidden) plot.points(shown, paintOf(el));
    else if (!groups.el.hidden) groups.draw(shown, paintOf(el));
  });
  store.on(["row"], () => {
    plot.mark();
    groups.mark();
  });
  draw();
  return el;
}

/**
 * The highest quarter of the rows, by the value of the feature that is chosen: a cohort to begin with.
 *
 * @param {Overview} store
 * @returns {import("../lib/cohort.js").Cohort}
 */
function upperQuarter(store) {
  const { feature } = store;
  const data = store.data.lane(feature).data.filter(Number.isFinite).sort();
  const [least = 0, quarter = 0] = [data[0], data[Math.floor(0.75 * (data.length - 1))]];
  // Where most rows have the least value, the others are meant: all rows have no rest.
  const low = quarter > least ? quarter : (data.find((value) => value > least) ?? quarter);
  return { feature, axis: "value", low, high: data[data.length - 1] ?? 0 };
}

/**
 * What the plot shows, as lines of a table: rows by value, how many, and their mean attribution.
 *
 * @param {Overview} store
 * @param {number} feature
 */
function binned(store, feature) {
  const { data, values } = store.data.lane(feature);
  const { names } = store.subject.columns[feature];
  const order = Array.from(data, (_, i) => i).filter((i) => Number.isFinite(data[i]));
  order.sort((a, b) => data[a] - data[b]);
  /** @type {number[][]} */
  const groups = [];
  const size = Math.max(1, Math.ceil(order.length / 8));
  order.forEach((i, k) => {
    const last = groups[groups.length - 1];
    const same = last && data[last[0]] === data[i];
    if (
      last &&
      (same || (!names && last.length < size) || (!names && data[last[last.length - 1]] === data[i]))
    )
      last.push(i);
    else groups[k ? groups.length : 0] = [i];
  });
  return groups.map((some) => {
    const [from, to] = [some[0], some[some.length - 1]].map((i) => store.data.cell(feature, data[i]));
    const mean = some.reduce((sum, i) => sum + values[i], 0) / some.length;
    return [
      from === to ? from : store.words.overview.range(from, to),
      String(some.length),
      store.amount(mean),
    ];
  });
}
