/** Some rows against the rest: how many, what the model says of them, and their mean attributions side by side. */

import { apart } from "../lib/cohort.js";
import { h, hide, say } from "../lib/dom.js";
import { count, fixed, prediction } from "../lib/scale.js";
import { barList } from "./bar_list.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

/** @param {Overview} store */
export function someRows(store) {
  const { overview: words } = store.words;
  const title = h("b", { class: "ll-name" });
  const said = h("p", { class: "ll-hint ll-verdict" });
  const only = h("p", { class: "ll-hint ll-warned", role: "status" });
  const key = h(
    "p",
    { class: "ll-hint ll-pairkey", "aria-hidden": "true" },
    h("i", { class: "ll-these" }),
    words.these,
    h("i", { class: "ll-those" }),
    words.those,
  );
  const bars = barList(store.words, { label: words.cohortBars, light: (one) => store.light(one) });
  const clear = h("button", { type: "button", class: "ll-link", text: words.clear });
  clear.addEventListener("click", () => store.chooseCohort(null));
  const el = h("div", {
    class: "ll-panel ll-cohort",
    role: "group",
    "aria-label": words.cohort,
    hidden: true,
  });
  el.append(h("div", { class: "ll-caption" }, title, clear), said, only, bars.el, key);
  const draw = () => {
    const { cohort } = store.settings;
    const found = store.comparison;
    hide(el, !cohort || !found);
    if (!cohort || !found) return;
    const [some, rest] = found.n;
    say(title, rangeOf(store, cohort));
    say(said, words.counted(count(some), count(some + rest)) + means(store, found));
    say(only, onlyHere(store, found));
    only.toggleAttribute("data-plain", !store.asking("cohort "));
    const empty = some === 0 || rest === 0;
    hide(bars.el, empty);
    hide(key, empty);
    if (!empty) bars.draw(entriesOf(store, found));
  };
  store.on(["data", "cohort", "asking"], draw);
  store.on(["lit"], () => bars.light(store.lit));
  draw();
  return el;
}

/** @param {Overview} store @param {import("../lib/cohort.js").Cohort} cohort */
function rangeOf(store, { feature, axis, low, high }) {
  const { overview: words } = store.words;
  const name = store.named(feature);
  if (axis === "attribution") return words.byAttribution(name, store.amount(low), store.amount(high));
  const [from, to] = store.data.ends(feature, low, high);
  return words.byValue(name, from, to);
}

/** @param {Overview} store @param {import("../lib/cohort.js").Comparison} found */
function means(store, { predictions: [some, rest] }) {
  const { words, data, predicted } = store;
  if (!Number.isFinite(some) || !Number.isFinite(rest)) return "";
  return words.overview.means(
    predicted,
    prediction(some, data.outputs.space),
    prediction(rest, data.outputs.space),
  );
}

/** That these are not all the rows there are, unless they are. @param {Overview} store @param {import("../lib/cohort.js").Comparison} found */
function onlyHere(store, { all }) {
  const { overview: words } = store.words;
  const error = store.asking("cohort ");
  if (error) return store.words.told(error);
  const { sampled } = store.data.points;
  if (all || sampled === store.subject.n_explained) return "";
  return store.alone
    ? words.onlyCarried(count(sampled), count(store.subject.n_explained))
    : words.soFar(count(sampled));
}

/**
 * @param {Overview} store
 * @param {import("../lib/cohort.js").Comparison} found
 * @returns {import("./bar_list.js").Entry[]} the largest difference first
 */
function entriesOf(store, found) {
  const [some, rest] = found.values;
  const [margin, other] = found.margins;
  return apart(found).map((j) => {
    const wide = Math.hypot(margin[j], other[j]);
    const spread = Number.isFinite(wide) ? ` \u00b1 ${fixed(wide, store.data.digits + 1)}` : "";
    const { overview: words } = store.words;
    return {
      key: j,
      name: store.data.names[j],
      cell: "",
      values: [some[j], rest[j]],
      margins: [margin[j], other[j]],
      written: store.amount(some[j] - rest[j]),
      heard: words.pair(
        store.amount(some[j]),
        store.amount(rest[j]),
        `${store.amount(some[j] - rest[j])}${spread}`,
      ),
    };
  });
}
