/** A picture under the heat of its segments. What is lit elsewhere is lit here, and the other way round. */
import { bytes, uint16 } from "../lib/arrays.js";
import { attr, h } from "../lib/dom.js";
import { enlargement, grid, paintMarks, paintValues } from "../lib/pixels.js";
import { largest } from "../lib/scale.js";

/** Canvases are about so wide: pictures of few pixels are enlarged for fine outlines. */
const SHARP = 360;

/**
 * @typedef {{width: number, height: number, picture: any, segments: any}} Image
 *
 * @param {Image} image as the view of an image has it
 * @param {object} tells
 * @param {(feature: number) => void} tells.light a segment is pointed at; -1: none
 * @param {(feature: number) => void} tells.press
 * @param {string} tells.unable what to say where the picture can't be shown
 */
export function heated({ width, height, picture, segments }, { light, press, unable }) {
  const area = grid(uint16(segments), width, height, enlargement(width, height, SHARP));
  const size = { width: area.width, height: area.height };
  const [base, over] = [h("canvas", size), h("canvas", size)];
  const el = h("div", { class: "ll-picture", role: "img" }, base, over);
  const above = over.getContext("2d");
  const overlay = above?.createImageData(area.width, area.height);
  /** @param {MouseEvent} event */
  const at = ({ clientX, clientY }) => {
    const box = el.getBoundingClientRect();
    const x = Math.floor(((clientX - box.left) / box.width) * area.width);
    const y = Math.floor(((clientY - box.top) / box.height) * area.height);
    const inside = x >= 0 && y >= 0 && x < area.width && y < area.height;
    return inside ? area.segments[y * area.width + x] : -1;
  };
  el.addEventListener("pointermove", (event) => light(at(event)));
  el.addEventListener("pointerleave", () => light(-1));
  el.addEventListener("click", (event) => {
    if (at(event) >= 0) press(at(event));
  });
  globalThis
    .createImageBitmap?.(new Blob([bytes(picture)], { type: "image/png" }))
    .then((image) => base.getContext("2d")?.drawImage(image, 0, 0, area.width, area.height))
    .catch(() => el.append(h("p", { class: "ll-hint", text: unable })));
  return {
    el,
    /** @param {Float32Array} values @param {{signed: boolean, lit: number, label: string}} look `label`: the picture in words */
    draw: (values, { signed, lit, label }) => {
      attr(el, "aria-label", label);
      if (!above || !overlay) return;
      overlay.data.fill(0);
      const opacity = largest(values) > 0 ? 1 : 0;
      paintValues(overlay.data, area, values, { mode: "heat", opacity, signed, top: new Set() });
      paintMarks(overlay.data, area, new Set(), [], lit);
      above.putImageData(overlay, 0, 0);
    },
  };
}
