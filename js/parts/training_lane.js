/** One lane of the timeline: a title, what is drawn over the steps, and a key that tells it at the chosen record. */
import { attr, explain, h, say, svg } from "../lib/dom.js";
import { across, nearest } from "../lib/timeline.js";

/** @typedef {import("../lib/training.js").Training} Training */

/**
 * @param {Training} store
 * @param {{name: string, title: string, about: string, controls?: Element[]}} what `name`: the lane's, in styles
 */
export function lane(store, { name, title, about, controls = [] }) {
  const picture = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" });
  const inside = h("div", { class: "ll-inband", "aria-hidden": "true" });
  const rule = h("span", { class: "ll-rule", "aria-hidden": "true" });
  const plot = h("div", { class: "ll-plot" }, picture, inside, rule);
  const [most, least] = [h("span"), h("span")];
  const caption = h("span", { class: "ll-lane-title", text: title });
  explain(caption, title, about);
  const key = h("ul", { class: "ll-key" });
  const el = h(
    "div",
    { class: "ll-course", "data-lane": name },
    h("div", { class: "ll-lane-head" }, caption, ...controls),
    h("div", { class: "ll-extent", "aria-hidden": "true" }, most, least),
    plot,
    key,
  );
  press(plot, store);
  return {
    el,
    key,
    inside,
    /** @param {Element[]} shapes @param {string} words */
    draw: (shapes, words) => {
      picture.replaceChildren(...shapes);
      attr(picture, "aria-label", words);
    },
    /** @param {string} high @param {string} low */
    extent: (high, low) => {
      say(most, high);
      say(least, low);
    },
    mark: () => {
      rule.style.left = `${across(store.step, store.data.span)}%`;
    },
  };
}

/** Draw with new records, and mark the one that is chosen. @param {Training} store @param {() => void} draw @param {() => void} mark */
export function listen(store, draw, mark) {
  const all = () => {
    draw();
    mark();
  };
  store.on(["records"], all);
  store.on(["step"], mark);
  all();
}

/**
 * Pressing, and moving while it is pressed, shows the nearest record.
 *
 * @param {HTMLElement} plot
 * @param {Training} store
 */
function press(plot, store) {
  /** @param {PointerEvent} event */
  const go = ({ clientX }) => {
    const box = plot.getBoundingClientRect();
    const [from, to] = store.data.span;
    store.go(nearest(store.data.steps, from + ((clientX - box.left) / (box.width || 1)) * (to - from)));
  };
  plot.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    plot.setPointerCapture?.(event.pointerId);
    go(event);
  });
  plot.addEventListener("pointermove", (event) => {
    if (event.buttons & 1) go(event);
  });
}

/**
 * An entry of a key.
 *
 * @param {Element} sample
 * @param {string} name of the user's
 * @param {string} value
 * @param {string} [hint]
 */
export function entry(sample, name, value, hint = "") {
  const label = h("span", { class: "ll-key-name", dir: "auto", lang: "", title: name, text: name });
  return h(
    "li",
    {},
    sample,
    label,
    h("b", { text: value }),
    hint ? h("span", { class: "ll-hint", text: hint }) : null,
  );
}

/** A piece of a line, as it is drawn. @param {string} kind @param {number} [dash] */
export const piece = (kind, dash = 0) =>
  svg(
    "svg",
    { class: "ll-piece", viewBox: "0 0 22 8", "aria-hidden": "true" },
    svg("path", { d: "M0 4H22", "data-line": kind, "data-dash": dash }),
  );
