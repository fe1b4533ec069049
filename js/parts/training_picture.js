/** A pinned picture under the heat of a record. */
import { bytes, uint16 } from "../lib/arrays.js";
import { attr, h } from "../lib/dom.js";
import { enlargement, grid, paintValues } from "../lib/pixels.js";
import { largest } from "../lib/scale.js";

const SHARP = 360;

/**
 * @param {import("../lib/training.js").Training} store
 * @param {any} subject
 * @returns {import("./training_pinned.js").Body}
 */
export function picture(store, { width, height, picture: png, segments }) {
  const area = grid(uint16(segments), width, height, enlargement(width, height, SHARP));
  const size = { width: area.width, height: area.height };
  const [base, over] = [h("canvas", size), h("canvas", size)];
  const { training, picture: told } = store.words;
  const el = h("div", { class: "ll-picture", role: "img" }, base, over);
  const above = over.getContext("2d");
  const overlay = above?.createImageData(area.width, area.height);
  createImageBitmap(new Blob([bytes(png)], { type: "image/png" }))
    .then((image) => base.getContext("2d")?.drawImage(image, 0, 0, area.width, area.height))
    .catch(() => el.append(h("p", { class: "ll-hint", text: told.unable })));
  return {
    el,
    draw: ({ values, most, signed, what }) => {
      attr(el, "aria-label", training.picture(what));
      if (!above || !overlay) return;
      const opacity = largest(values) / (most || 1);
      paintValues(overlay.data, area, values, { mode: "heat", opacity, signed, top: new Set() });
      above.putImageData(overlay, 0, 0);
    },
  };
}
