/** The picture that stands where a view can't run is an output of its own, which a running view hides. */
import { lay } from "./dom.js";

/** How the picture begins: src/limelight/export/picture.py. */
const START = '<svg xmlns="http://www.w3.org/2000/svg" id="limelight-';

/**
 * Hide it, also when it comes later: as an element, or as an image whose address holds it, percent-encoded or as
 * base64. JupyterLab keeps a box around every output. Where a host does otherwise, both are seen.
 *
 * @param {import("./watch.js").Model} model
 * @returns {() => void} shows it again, once every view that hid it has gone
 */
export function hideFallback(model) {
  const name = model.get("fallback");
  return typeof name === "string" && /^[0-9a-f]+$/.test(name) ? lay(hiding(name)) : () => {};
}

/** @param {string} name */
export function hiding(name) {
  const begin = START + name;
  const encoded = btoa(begin.slice(0, begin.length - (begin.length % 3)));
  const picture = `:is(svg#limelight-${name}, img[src*="limelight-${name}"], img[src*="base64,${encoded}"])`;
  return `${picture}, .jp-OutputArea-child:has(> .jp-OutputArea-output ${picture}) { display: none; }`;
}
