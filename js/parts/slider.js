/** A labelled range with a readout above and a hint beneath. */
import { attr, describedBy, explain, h, say } from "../lib/dom.js";

/** Steps of the range: finer than a pixel. */
const STEPS = 1000;
/** A key moves the knob by so many: past the places where it snaps in. */
const STRIDE = 20;
/** @type {Record<string, number>} */
const WAYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/**
 * @typedef {object} Moves
 * @property {(share: number) => void} oninput while it moves; 0 to 1
 * @property {(share: number) => void} onchange when it is let go
 */

/** @param {Moves} moves */
export function slider({ oninput, onchange }) {
  // An <output> would be read aloud at every step of a run.
  const readout = h("span", { class: "ll-readout", "aria-hidden": "true" });
  const hint = h("span", { class: "ll-hint" });
  const tick = h("span", { class: "ll-tick", hidden: true });
  const share = () => input.valueAsNumber / STEPS;
  const input = h("input", {
    type: "range",
    min: 0,
    max: STEPS,
    step: 1,
    oninput: () => {
      held = true;
      oninput(share());
    },
    onchange: () => {
      held = false;
      onchange(share());
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (!WAYS[event.key]) return;
      event.preventDefault();
      input.value = String(input.valueAsNumber + STRIDE * WAYS[event.key]);
      for (const type of ["input", "change"]) input.dispatchEvent(new Event(type));
    },
  });
  let held = false;
  const rail = h("span", { class: "ll-rail" }, input, tick);
  const title = h("span");
  const caption = h("span", { class: "ll-caption" }, title, readout);
  const el = h("div", { class: "ll-slider" }, caption, rail, hint);
  describedBy(input, hint);
  return {
    el,
    hint,
    tick,
    /** @param {string} name @param {string} about what it is, for those who ask */
    name: (name, about) => {
      say(title, name);
      explain(title, name, about);
      attr(input, "aria-label", name);
    },
    /** False while the reader holds it: then it is not moved. @param {number} at */
    move: (at) => {
      if (!held) input.value = String(Math.round(at * STEPS));
    },
    /** @param {number} from @param {number} to the part that is filled */
    fill: (from, to) => {
      rail.style.setProperty("--ll-from", String(from));
      rail.style.setProperty("--ll-to", String(to));
    },
    /** @param {string} text @param {string} [spoken] */
    read: (text, spoken = text) => {
      say(readout, text);
      attr(input, "aria-valuetext", spoken);
    },
    /** @param {boolean} able */
    enable: (able) => {
      input.disabled = !able;
      el.toggleAttribute("data-disabled", !able);
    },
  };
}
