/** One column's picture under its heat. */
import { bytes, uint16 } from "../lib/arrays.js";
import { h } from "../lib/dom.js";
import { heatMap } from "../lib/heat.js";
import { boxes, enlargement, grid, paintMap, paintMarks, paintValues } from "../lib/pixels.js";
import { largest } from "../lib/scale.js";
import { pins } from "./flags.js";

/**
 * @typedef {import("../lib/comparison.js").Column} Column
 * @typedef {import("../lib/comparison.js").Spot} Spot
 */

const SHARP = 360;

/**
 * @param {Column} column
 * @param {Spot} spot
 */
export function picture(column, spot) {
  const { width, height, picture: png, segments } = column.subject;
  const enlarged = enlargement(width, height, SHARP);
  const area = grid(uint16(segments), width, height, enlarged);
  const size = { width: area.width, height: area.height };
  const [base, over] = [h("canvas", size), h("canvas", size)];
  const { compare, picture: told } = column.words;
  const label = compare.picture(column.name);
  const el = h("div", { class: "ll-picture", role: "img", "aria-label": label }, base, over);
  const above = over.getContext("2d");
  const overlay = above?.createImageData(area.width, area.height);
  const looks = { opacity: largest(column.values) / (column.scale || 1), signed: column.signed };
  const map = column.pixels && heatMap(column.pixels, width, height, enlarged);
  el.toggleAttribute("data-fine", !!map);
  const draw = () => {
    if (!above || !overlay) return;
    if (map) paintMap(overlay.data, area, map, looks);
    else paintValues(overlay.data, area, column.values, { ...looks, mode: "heat", top: new Set() });
    paintMarks(overlay.data, area, new Set(), [], column.features.get(spot.key) ?? -1);
    above.putImageData(overlay, 0, 0);
  };
  /** @param {MouseEvent} event */
  const at = ({ clientX, clientY }) => {
    const box = el.getBoundingClientRect();
    const x = Math.floor(((clientX - box.left) / box.width) * area.width);
    const y = Math.floor(((clientY - box.top) / box.height) * area.height);
    const inside = x >= 0 && y >= 0 && x < area.width && y < area.height;
    return inside ? column.keys[area.segments[y * area.width + x]] : -1;
  };
  el.addEventListener("pointermove", (event) => spot.light(at(event)));
  el.addEventListener("click", (event) => spot.press(at(event)));
  spot.on(draw);
  createImageBitmap(new Blob([bytes(png)], { type: "image/png" }))
    .then((image) => base.getContext("2d")?.drawImage(image, 0, 0, area.width, area.height))
    .catch(() => el.append(h("p", { class: "ll-hint", text: told.unable })));
  pins(el, boxes(area, column.values.length), area, column.marks);
  draw();
  return el;
}
