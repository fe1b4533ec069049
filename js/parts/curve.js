/** The output as features go or come; at each point the input shows what is left there. */
import { area, gone, nearestPoint, plot, WAYS } from "../lib/curves.js";
import { attr, explain, h, hide, say, svg } from "../lib/dom.js";
import { fixed, isolated, moved, prediction, shortened } from "../lib/scale.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {import("../lib/curves.js").Curves} Curves
 * @typedef {import("../lib/curves.js").Way} Way
 */

/** Letters of an output's name. */
const OUTPUT = 32;

/**
 * @param {Store} store
 * @param {typeof import("../lib/words/quality_en.js").en} all
 */
export function curve(store, { curves: words }) {
  const { kind, features } = store.subject;
  /** @type {Curves | null} */
  let curves = null;
  /** @type {Way} */
  let way = "deletion";
  let [point, pointed] = [0, false];
  const about = { deletion: words.aboutDeletion, insertion: words.aboutInsertion };
  const buttons = WAYS.map((one) => {
    const onclick = () => choose(one);
    return h("button", { type: "button", class: "ll-way", "data-way": one, onclick }, sample(one), h("span"));
  });
  const legend = ["random", "exact"].map((name) => h("span", { class: "ll-hint" }, sample(name), h("span")));
  const slider = h("input", { type: "range", min: 0, step: 1, value: 0, class: "ll-scrub" });
  const canvas = board(slider);
  const reading = h("p", { class: "ll-hint ll-scrubbed" });
  const el = h(
    "div",
    { class: "ll-going", role: "group", "aria-label": words.title, hidden: true },
    h("div", { class: "ll-ways" }, ...buttons, ...legend),
    canvas.el,
    reading,
  );

  const looks = () => pointed || slider.matches(":focus");
  const name = () => isolated(shortened(String(store.outputs.names[store.target]), OUTPUT));
  /** What the output is at the point that is looked at. */
  const told = () => {
    if (!curves) return "";
    const [n, values] = [curves.counts[point], curves[way] ?? []];
    const what = way === "deletion" ? words.out : words.there;
    return `${what(n, features.length, kind)}${name()} ${moved(values[0], values[point])}`;
  };
  const show = () => {
    const on = !!curves && !el.hidden && looks();
    store.scrub(curves && on ? gone(curves, way, point) : new Set());
    el.toggleAttribute("data-on", on);
    if (curves) canvas.mark(curves, way, point);
    attr(slider, "aria-valuetext", told());
    say(reading, on ? told() : words.invitation(kind));
  };
  /** @param {Way} one */
  const choose = (one) => {
    way = one;
    draw();
  };
  /** @param {number} i */
  const go = (i) => {
    point = i;
    slider.value = String(i);
    show();
  };
  const draw = () => {
    const found = store.measured?.curves ?? null;
    if (found !== curves && !(found && curves && String(found.order) === String(curves.order))) point = 0;
    curves = found;
    hide(el, !curves);
    if (!curves?.insertion) return show();
    attr(slider, "max", curves.counts.length - 1);
    slider.value = String(point);
    attr(slider, "aria-label", words.slider[way]);
    const shown = curves;
    buttons.forEach((button, i) => {
      attr(button, "aria-pressed", String(WAYS[i] === way));
      const title = words.area(words[WAYS[i]], areaOf(shown, WAYS[i], store));
      say(/** @type {Node} */ (button.lastChild), title);
      explain(button, words[WAYS[i]], about[WAYS[i]]);
    });
    const known = [words.random, words.exact];
    const meant = [words.aboutRandom, words.aboutExact];
    const lines = [curves[`random_${way}`], curves[`exact_${way}`]];
    legend.forEach((item, i) => {
      hide(item, !lines[i]);
      say(/** @type {Node} */ (item.lastChild), known[i]);
      explain(item, known[i], meant[i]);
    });
    canvas.draw(curves, way, described(store, curves, way, words), store.outputs.space);
    show();
  };

  slider.addEventListener("input", () => go(slider.valueAsNumber));
  slider.addEventListener("keydown", (event) => {
    if (event.key === "Escape") slider.blur();
  });
  for (const event of ["focus", "blur"]) slider.addEventListener(event, show);
  /** @param {PointerEvent} event */
  const at = ({ clientX }) => {
    const box = canvas.plot.getBoundingClientRect();
    return nearestPoint(curves?.counts ?? [], (clientX - box.left) / box.width);
  };
  canvas.plot.addEventListener("pointermove", (event) => {
    pointed = true;
    go(at(event));
  });
  canvas.plot.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the slider has the focus, and keeps it
    slider.focus({ preventScroll: true });
    go(at(event));
  });
  canvas.plot.addEventListener("pointerleave", () => {
    pointed = false;
    show();
  });
  store.on(["answer", "status", "settings"], draw);
  store.stops.push(() => store.scrub(new Set()));
  draw();
  return { el, draw };
}

/** A piece of a line, as it is drawn. @param {string} name */
const sample = (name) => h("span", { class: "ll-curveline", "data-line": name, "aria-hidden": "true" });

/**
 * @param {Curves} curves
 * @param {Way} way
 * @param {Store} store
 */
const areaOf = (curves, way, { outputs }) => {
  const mean = area(curves.counts, curves[way] ?? []);
  return outputs.space === "probability" ? fixed(mean, 2) : prediction(mean, outputs.space);
};

/**
 * The curve in words.
 *
 * @param {Store} store
 * @param {Curves} curves
 * @param {Way} way
 * @param {typeof import("../lib/words/quality_en.js").en.curves} words
 */
function described(store, curves, way, words) {
  const { space } = store.outputs;
  const values = curves[way] ?? [];
  const random = curves[`random_${way}`];
  const mean = random ? prediction(area(curves.counts, random), space) : null;
  const [from, to] = [values[0], values[values.length - 1]].map((value) => prediction(value, space));
  return words.described(words[way], from, to, areaOf(curves, way, store), mean);
}

/**
 * What the lines are drawn on, and the slider beneath.
 *
 * @param {HTMLElement} slider
 */
function board(slider) {
  const names = ["band", "exact", "random", "deletion", "insertion"];
  const lines = Object.fromEntries(names.map((name) => [name, svg("path", { "data-line": name })]));
  const picture = svg(
    "svg",
    { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" },
    ...Object.values(lines),
  );
  const [most, least] = [h("span", { class: "ll-most" }), h("span", { class: "ll-least" })];
  const [rule, dot] = [h("span", { class: "ll-curverule" }), h("span", { class: "ll-curvedot" })];
  const ends = h("div", { class: "ll-ends", "aria-hidden": "true" }, most, least);
  const el = h("div", { class: "ll-curveplot" }, picture, rule, dot);
  return {
    el: h("div", { class: "ll-board" }, ends, el, slider),
    plot: /** @type {HTMLElement} */ (el),
    /** @param {Curves} curves @param {Way} way @param {string} words @param {string} space */
    draw: (curves, way, words, space) => {
      const { line, band, least: low, most: high } = plot(curves);
      const drawn = {
        band: band(curves[`random_${way}`], curves[`random_${way}_error`]),
        random: line(curves[`random_${way}`]),
        exact: line(curves[`exact_${way}`]),
        deletion: line(curves.deletion),
        insertion: line(curves.insertion),
      };
      for (const [name, d] of Object.entries(drawn)) attr(lines[name], "d", d);
      for (const one of WAYS) lines[one].toggleAttribute("data-faint", one !== way);
      attr(picture, "aria-label", words);
      say(most, prediction(high, space));
      say(least, prediction(low, space));
    },
    /** @param {Curves} curves @param {Way} way @param {number} point */
    mark: (curves, way, point) => {
      const { x, y } = plot(curves);
      const value = curves[way]?.[point] ?? 0;
      for (const one of [rule, dot]) one.style.left = `${x(point)}%`;
      dot.style.bottom = `${y(value)}%`;
      attr(dot, "data-way", way);
    },
  };
}
