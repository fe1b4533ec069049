/** A picture, and beside it what its segments did. */
import { bytes, uint16 } from "../lib/arrays.js";
import { attr, h, hide } from "../lib/dom.js";
import { heatMap } from "../lib/heat.js";
import {
  boxes,
  enlargement,
  grid,
  hidden,
  paintGone,
  paintMap,
  paintMarks,
  paintValues,
  placeOf,
} from "../lib/pixels.js";
import { decimals, largest, ranked, writer } from "../lib/scale.js";
import { pins } from "./flags.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {import("../lib/pixels.js").Mode} Mode
 */

/** Canvases are about so wide: pictures of few pixels are enlarged for fine outlines. */
const SHARP = 480;
const TOP = 5;
/** Side of a bar's thumbnail, in its own pixels. */
const THUMB = 40;

/** @param {Store} store */
export function picture(store) {
  const { width, height, picture: png, segments, features } = store.subject;
  const scale = enlargement(width, height, SHARP);
  const area = grid(uint16(segments), width, height, scale);
  const words = store.words.picture;
  const places = boxes(area, features.length);
  const whereabouts = places.map((box) => words.places[placeOf(box, area)]);
  const seen = panel(area, words.seen);
  const told = panel(area, words.told);
  const el = h("div", { class: "ll-pictures" }, seen.el, told.el);
  const asking = h("span", { class: "ll-asking", text: words.asking });
  told.el.append(asking);
  const looks = { mode: /** @type {Mode} */ ("heat"), opacity: 1 };
  /** @type {import("../lib/pixels.js").Colour[]} */
  let shades = [];
  /** @type {Map<number, HTMLImageElement>} */
  const thumbs = new Map();

  const map = latestMap(width, height, scale);
  const waits = () => hide(asking, !!store.answer || store.status.state !== "running" || !!store.alone);
  const drawSeen = () => {
    const { whatIf, lit, gone } = store;
    seen.paint((pixels) => {
      if (gone.size) paintGone(pixels, area, gone, shades);
      paintMarks(pixels, area, whatIf.absent, shades, lit[0] ?? -1);
    });
  };
  const drawTold = () => {
    const { answer, whatIf, lit } = store;
    told.paint((pixels) => {
      const top = new Set(answer ? ranked(answer.values).slice(0, TOP) : []);
      const fine = looks.mode === "pixels" ? answer?.pixels : null;
      told.el.toggleAttribute("data-fine", !!fine);
      const drawn = { ...looks, top, signed: answer?.signed ?? true };
      if (fine) paintMap(pixels, area, map(fine), drawn);
      else if (answer) paintValues(pixels, area, answer.values, drawn);
      paintMarks(pixels, area, whatIf.absent, shades, lit[0] ?? -1);
    });
    attr(told.el, "aria-label", inWords(store, whereabouts));
    waits();
  };
  const loaded = async () => {
    const image = await createImageBitmap(new Blob([bytes(png)], { type: "image/png" }));
    const pixels = seen.show(image);
    told.show(image);
    if (pixels) shades = hidden(store.subject.hide, pixels, area, features.length);
    thumb.draw = (el, feature) => attr(el, "src", crop(seen.base, places[feature]));
    for (const [feature, el] of thumbs) thumb.draw(el, feature);
    drawSeen();
    drawTold();
  };
  /** @param {number} feature */
  const thumb = (feature) => {
    const el = /** @type {HTMLImageElement} */ (h("img", { class: "ll-thumb", alt: whereabouts[feature] }));
    thumbs.set(feature, el);
    thumb.draw(el, feature);
    return el;
  };
  /** @type {(el: HTMLImageElement, feature: number) => void} */
  thumb.draw = () => {};
  for (const one of [seen, told]) point(store, one.el, area);
  const flags = () => {
    for (const one of [seen, told]) pins(one.el, places, area, store.marks);
  };
  store.on(["lit", "whatif", "scrub"], drawSeen);
  store.on(["answer", "lit", "whatif"], drawTold);
  store.on(["marks"], flags);
  flags();
  store.on(["status"], waits);
  waits();
  loaded().catch(() => seen.el.append(h("p", { class: "ll-hint", text: words.unable })));
  /** @param {Partial<typeof looks>} choice */
  const look = (choice) => {
    const { mode, opacity } = looks;
    Object.assign(looks, choice);
    if (looks.mode !== mode || looks.opacity !== opacity) drawTold();
  };
  return { el, thumb, look };
}

/**
 * The map of an answer's pixels is made once.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} scale
 * @returns {(pixels: import("../lib/arrays.js").Bytes) => Float32Array}
 */
function latestMap(width, height, scale) {
  /** @type {import("../lib/arrays.js").Bytes | null} */
  let known = null;
  let map = /** @type {Float32Array} */ (new Float32Array());
  return (pixels) => {
    if (pixels !== known) map = heatMap(pixels, width, height, scale);
    known = pixels;
    return map;
  };
}

/**
 * Two canvases on one another: the picture, and what is painted over it.
 *
 * @param {import("../lib/pixels.js").Grid} area
 * @param {string} label
 */
function panel({ width, height }, label) {
  const base = h("canvas", { width, height });
  const over = h("canvas", { width, height });
  const el = h("div", { class: "ll-picture", role: "img", "aria-label": label }, base, over);
  const [below, above] = [base.getContext("2d"), over.getContext("2d")];
  const overlay = above?.createImageData(width, height);
  return {
    el,
    base,
    /** @param {ImageBitmap} image @returns {Uint8ClampedArray | undefined} its pixels */
    show: (image) => {
      below?.drawImage(image, 0, 0, width, height);
      return below?.getImageData(0, 0, width, height).data;
    },
    /** @param {(pixels: Uint8ClampedArray) => void} work */
    paint: (work) => {
      if (!above || !overlay) return;
      overlay.data.fill(0);
      work(overlay.data);
      above.putImageData(overlay, 0, 0);
    },
  };
}

/**
 * @param {Store} store
 * @param {HTMLElement} el
 * @param {import("../lib/pixels.js").Grid} area
 */
function point(store, el, { width, height, segments }) {
  /** @param {MouseEvent} event */
  const at = ({ clientX, clientY }) => {
    const box = el.getBoundingClientRect();
    const x = Math.floor(((clientX - box.left) / box.width) * width);
    const y = Math.floor(((clientY - box.top) / box.height) * height);
    return x >= 0 && y >= 0 && x < width && y < height ? segments[y * width + x] : -1;
  };
  el.addEventListener("pointermove", (event) => store.light(at(event)));
  el.addEventListener("pointerleave", () => store.light());
  el.addEventListener("click", (event) => {
    if (at(event) < 0) return;
    store.hold(at(event));
    store.whatIf.toggle(at(event));
  });
}

/**
 * A part of a picture as an image: a canvas on the page would be a layer of its own, which takes time in every frame.
 *
 * @param {HTMLCanvasElement} from
 * @param {number[]} box
 * @returns {string} its address
 */
function crop(from, [x, y, width, height]) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { width: THUMB, height: THUMB }));
  const side = Math.max(width, height);
  const left = Math.max(0, Math.min(from.width - side, x + (width - side) / 2));
  const top = Math.max(0, Math.min(from.height - side, y + (height - side) / 2));
  canvas.getContext("2d")?.drawImage(from, left, top, side, side, 0, 0, THUMB, THUMB);
  return canvas.toDataURL();
}

/**
 * @param {Store} store
 * @param {string[]} places of the segments
 */
function inWords(store, places) {
  const { answer, outputs, target, words } = store;
  if (!answer) return words.picture.none;
  const digits = decimals(largest(answer.values));
  const first = ranked(answer.values).slice(0, TOP);
  const list = first.map((i) =>
    words.picture.part(store.nameOf(i), places[i], writer(answer)(answer.values[i], digits)),
  );
  return words.picture.counted(String(outputs.names[target]), list);
}
