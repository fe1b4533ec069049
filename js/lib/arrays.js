/**
 * Numbers that came as bytes: little-endian, in C order.
 *
 * A host may hand out a window at any offset of a larger buffer, as a DataView
 * or a Uint8Array, so every reader copies: typed arrays need aligned memory.
 *
 * @typedef {DataView | ArrayBuffer | Uint8Array} Bytes
 */

/**
 * Copy bytes out of whatever the host wrapped them in.
 *
 * @param {Bytes} view
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function bytes(view) {
  if (view instanceof ArrayBuffer) return new Uint8Array(view.slice(0));
  if (!ArrayBuffer.isView(view)) throw new TypeError(`expected bytes, and ${typeof view} came`);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

/**
 * Copy bytes into float32 numbers; trailing bytes that make no number are left out.
 *
 * @param {Bytes} view
 */
export function float32(view) {
  const { buffer, length } = bytes(view);
  return new Float32Array(buffer, 0, length >> 2);
}

/**
 * Copy bytes into uint16 numbers.
 *
 * @param {Bytes} view
 */
export function uint16(view) {
  const { buffer, length } = bytes(view);
  return new Uint16Array(buffer, 0, length >> 1);
}

/**
 * Copy bytes into uint32 numbers.
 *
 * @param {Bytes} view
 */
export function uint32(view) {
  const { buffer, length } = bytes(view);
  return new Uint32Array(buffer, 0, length >> 2);
}

/**
 * Copy bytes into float64 numbers.
 *
 * @param {Bytes} view
 */
export function float64(view) {
  const { buffer, length } = bytes(view);
  return new Float64Array(buffer, 0, length >> 3);
}
