/** What was asked and how far it can be trusted; what a reader must know stands above it. */
import { explain, h, hide, say } from "../lib/dom.js";
import { count } from "../lib/scale.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

/** @param {Overview} store */
export function notes(store) {
  const el = h("ul", { class: "ll-notes ll-hint", "aria-label": store.words.card.notes });
  const draw = () => {
    const told = new Set([...store.data.outputs.notes, ...store.measure.notes]);
    const said = [...told].map((text) => store.words.told(text));
    const lines = [...lacking(store), ...said].map((text) => h("li", { dir: "auto", text }));
    hide(el, lines.length === 0);
    el.replaceChildren(...lines);
  };
  store.on(["data", "measure"], draw);
  draw();
  return el;
}

/** What can't be had in a saved page, as it would take the model: nothing, or one sentence. @param {Overview} store */
function lacking({ requests, words, subject, data, data: { measures, offers } }) {
  if (requests.link !== "page") return [];
  const { lacks, without } = words.overview;
  const held = data.corpus?.n ?? data.points.n;
  const unknown = offers.filter(({ name }) => !measures.some((one) => one.name === name));
  const curved = subject.columns.filter(
    (/** @type {any} */ { kind }, /** @type {number} */ j) =>
      ["number", "category"].includes(kind) && !data.curves.has(j),
  );
  const missing = [
    held < subject.n_explained && lacks.rows(count(held), count(subject.n_explained), subject.kind),
    ...unknown.map(({ label }) => words.label(label)),
    curved.length > 0 && lacks.curves(curved.length),
    data.outputs.names.length > 1 && lacks.outputs,
  ];
  const said = missing.filter((one) => typeof one === "string");
  return said.length ? [without(said.join(words.overview.comma))] : [];
}

/** @param {Overview} store */
export function foot(store) {
  const { overview: words } = store.words;
  const state = h("span", { class: "ll-state" });
  const method = h("span", { text: words.by(store.words.label(store.subject.method)) });
  const points = h("span");
  const measure = h("span", { class: "ll-figure" });
  const level = h("span", { class: "ll-figure", text: words.level });
  explain(level, words.level, words.aboutLevel);
  const el = h("footer", { class: "ll-foot" }, state, method, points, measure, level);
  const draw = () => {
    const { link } = store.requests;
    el.dataset.state = link === "ok" ? "done" : link;
    const { n_explained: all, n_rows: given, kind } = store.subject;
    const drawn = store.data.corpus ? store.data.corpus.n : store.data.points.n;
    say(state, stateOf(store, link));
    const part = all < given ? words.explained(count(all), count(given), kind) : "";
    const shown = drawn < all ? words.drawn(count(drawn), count(all), kind) : "";
    hide(points, !part && !shown);
    say(points, [part, shown].filter(Boolean).join(store.words.between));
    explain(points, shown || null, shown ? words.aboutDrawn : null);
    const label = store.words.label(store.measure.label);
    say(measure, label);
    explain(measure, label, store.words.told(store.measure.said));
  };
  store.on(["data", "measure", "asking"], draw);
  draw();
  return el;
}

/** @param {Overview} store @param {import("../lib/requests.js").Link} link */
function stateOf({ words, subject }, link) {
  if (link === "page") return words.overview.saved;
  if (link === "no kernel") return words.overview.noKernel;
  if (link === "waiting") return words.foot.busy;
  if (link === "slow") return words.foot.slow;
  return subject.closed ? words.overview.fromFile : words.foot.ended("done", "");
}
