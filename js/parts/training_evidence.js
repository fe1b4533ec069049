/** The lane of evidence: shares of the features that count most, one upon the other. */
import { h, svg } from "../lib/dom.js";
import { isolated, shortened } from "../lib/scale.js";
import { area, ends, roomiest, stacked } from "../lib/timeline.js";
import { entry, lane, listen } from "./training_lane.js";

/** @typedef {import("../lib/training.js").Training} Training */
/** @typedef {ReturnType<typeof stacked>[number]} Band */

const [LONGEST, IN_BAND] = [40, 22];
/** Of a lane's height: a band that is thinner holds no name. */
const THICK = 15;
/** Of a lane's width: a letter, where the lane is narrow; those of Chinese are twice as wide. */
const LETTER = 1.5;
/** Looks of bands in timeline.css. */
const LOOKS = 6;

/** @param {Training} store */
export function evidence(store) {
  const { training: words } = store.words;
  const one = lane(store, { name: "evidence", title: words.evidence, about: words.aboutEvidence });
  const draw = () => {
    const { names, shares } = store.data.evidence;
    const bands = stacked(shares, names.length);
    const tops = bands.map(({ high }) => high);
    const range = /** @type {[number, number]} */ ([0, Math.min(1, ends(tops, true)[1])]);
    one.draw(
      bands.map((band, j) => shape(band, j, range, store)),
      words.bands(names.map((_, j) => told(j, store))),
    );
    one.extent(store.words.percent((100 * range[1]).toFixed(0)), store.words.percent("0"));
    one.inside.replaceChildren(...bands.flatMap((band, j) => label(band, j, range, store)));
  };
  const mark = () => {
    one.mark();
    const entries = store.data.evidence.names.map((_, j) => keyed(j, store));
    one.key.replaceChildren(...entries.reverse()); // as they lie, one upon the other
  };
  listen(store, draw, mark);
  return one.el;
}

/** How the band of the j-th feature looks: candidates for shortcuts are orange. @param {number} j @param {Training} store */
const look = (j, { data }) => ({
  "data-band": j % LOOKS,
  "data-alarm": data.alarms.some(({ feature }) => feature === data.evidence.names[j]),
});

/** @param {Band} band @param {number} j @param {[number, number]} range @param {Training} store */
const shape = ({ low, high }, j, range, store) =>
  svg("path", {
    d: area(store.data.steps, low, high, store.data.span, range),
    class: "ll-band",
    ...look(j, store),
  });

/** The j-th feature's share at a record. @param {number} place @param {number} j @param {Training} store */
function share(place, j, { data, words }) {
  const found = data.evidence.shares[place * data.evidence.names.length + j];
  return Number.isFinite(found) ? words.percent((100 * found).toFixed(found < 0.0995 ? 1 : 0)) : "\u2013";
}

/** @param {number} j @param {Training} store */
const told = (j, store) =>
  store.words.training.line(
    isolated(shortened(store.nameOf(store.data.evidence.names[j]), LONGEST)),
    share(0, j, store),
    share(store.data.steps.length - 1, j, store),
  );

/**
 * A feature's name in its band, if there is room.
 *
 * @param {Band} band
 * @param {number} j
 * @param {[number, number]} range
 * @param {Training} store
 */
function label(band, j, range, store) {
  const { names } = store.data.evidence;
  const text = shortened(store.nameOf(names[j]), IN_BAND);
  const letters = [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
  const { x, y, thick } = roomiest(band, store.data.steps, store.data.span, range, LETTER * letters);
  if (thick < THICK || store.data.steps.length < 2) return [];
  const el = h("span", { dir: "auto", lang: "", text });
  [el.style.left, el.style.bottom] = [`${x}%`, `${y}%`];
  return [el];
}

/** @param {number} j @param {Training} store */
function keyed(j, store) {
  const sample = h("span", { class: "ll-swatch", ...look(j, store), "aria-hidden": "true" });
  const name = shortened(store.nameOf(store.data.evidence.names[j]), LONGEST);
  return entry(sample, name, share(store.at, j, store));
}
