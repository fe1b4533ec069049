/** The image that is chosen, under what its segments did; while none is, all of them together. */
import { h, hide, say } from "../lib/dom.js";
import { count, ranked, signed } from "../lib/scale.js";
import { heated } from "./heated.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

/** Segments that are named for those who don't see them. */
const TOP = 5;

/** The picture of the row that is chosen. @param {Overview} store */
export function rowPicture(store) {
  const { overview: words } = store.words;
  const none = h("p", { class: "ll-hint", hidden: true });
  const el = h("div", { class: "ll-rowpicture", hidden: true });
  /** @type {{image: any, drawn: ReturnType<typeof heated>} | null} */
  let made = null;
  const draw = () => {
    const { row, picture: image } = store;
    hide(el, store.subject.kind !== "image" || !row);
    if (!row || el.hidden) return;
    if (image && made?.image !== image) made = { image, drawn: pictureOf(store, image) };
    hide(none, !!image);
    say(none, store.alone ? words.noPicture : words.asking);
    el.replaceChildren(none, ...(image && made ? [made.drawn.el] : []));
    if (!image || !made) return;
    const label = words.heated(words.row(count(row.row), "image", null), topOf(store, row.values));
    made.drawn.draw(row.values, { signed: true, lit: store.lit, label });
  };
  store.on(["data", "row", "lit", "asking"], draw);
  draw();
  return el;
}

/** Where the segments lie, on the mean of all pictures, as much as each matters by the measure that is chosen. @param {Overview} store */
export function meanPicture(store) {
  const { overview: words } = store.words;
  const { image } = store.subject;
  if (!image) return null;
  const { el: drawnEl, draw: paint } = pictureOf(store, image);
  const said = h("p", { class: "ll-hint ll-told", text: words.meanPicture });
  const el = h("div", { class: "ll-depends ll-meanpicture", role: "group", "aria-label": words.segments });
  el.append(
    h("div", { class: "ll-caption" }, h("b", { class: "ll-name", text: words.segments })),
    drawnEl,
    said,
  );
  const draw = () => {
    const { values, signed: ways } = store.measure;
    const known = values.map((value) => (Number.isFinite(value) ? value : 0));
    paint(known, {
      signed: ways,
      lit: store.lit,
      label: words.heated(words.meanPicture, topOf(store, known)),
    });
  };
  store.on(["data", "measure", "lit"], draw);
  draw();
  return el;
}

/** @param {Overview} store @param {import("./heated.js").Image} image */
function pictureOf(store, image) {
  return heated(image, {
    light: (feature) => store.light(feature),
    press: (feature) => store.chooseFeature(feature),
    unable: store.words.picture.unable,
  });
}

/** The segments that count most, in words. @param {Overview} store @param {Float32Array} values */
function topOf(store, values) {
  const first = ranked(values).slice(0, TOP);
  const said = first.map((i) => `${store.named(i)} ${signed(values[i], store.data.digits)}`);
  return said.join(store.words.overview.comma);
}
