import { bytes } from "./arrays.js";
import { Lookup } from "./lookup.js";

/**
 * @typedef {import("./arrays.js").Bytes} Bytes
 * @typedef {"uniform" | "binomial" | "bins"} Law
 */

const HEADER = 20;
/** "LLN1" */
const MAGIC = 0x4c4c4e31;
const LAWS = /** @type {Law[]} */ (["uniform", "binomial", "bins"]);

/**
 * The evaluated coalitions around one input, in the order they were asked.
 *
 * Append-only: a row never changes, so whatever was read from the first n rows
 * stays true. The bytes are those of `Neighborhood.to_bytes` in Python.
 */
export class Rows {
  /** How many coalitions there are. */
  n = 0;
  /** How many features each keeps, n numbers; the memory behind may be longer. */
  sizes = new Uint16Array(0);
  /** A row's features as bits, `words` numbers a row, the first feature in the lowest bit. */
  bits = new Uint32Array(0);
  /** What the model said, `k` numbers a row. */
  outputs = new Float32Array(0);
  /** The rows that were drawn, once some were chosen for what earlier ones said. @type {Rows | null} */
  #drawn = null;
  /** How many of them there are among the first rows, and none. */
  #before = [0];
  #lookup;
  #mates = new Int32Array(0);
  /** How many rows #lookup and #mates know of. */
  #remembered = 0;

  /**
   * @param {number} d features
   * @param {number} k outputs
   * @param {Law} law how LIME weighs the sizes
   */
  constructor(d, k, law) {
    this.d = d;
    this.k = k;
    this.law = law;
    this.words = Math.max(1, Math.ceil(d / 32));
    this.#lookup = new Lookup(this.words);
  }

  /**
   * Read what `Neighborhood.to_bytes` wrote.
   *
   * @param {Bytes} data
   * @returns {Rows}
   * @throws {RangeError} when the bytes are no neighborhood, or some are missing
   */
  static from(data) {
    const { n, d, k, law, ...rest } = parse(data);
    const rows = new Rows(d, k, law);
    rows.#add({ n, ...rest }, 0);
    return rows;
  }

  /**
   * Add the rows that come from row `start` on. Those already here are skipped,
   * so a message that comes twice changes nothing.
   *
   * @param {Bytes} data of the same features, outputs and law
   * @param {number} start number of the first row in `data`
   * @returns {boolean} false when rows between are missing, and nothing was added
   */
  append(data, start) {
    const block = parse(data);
    if (block.d !== this.d || block.k !== this.k || block.law !== this.law)
      throw new RangeError(
        `rows of ${block.d} features and ${block.k} outputs (${block.law}) came to a neighborhood ` +
          `of ${this.d} features and ${this.k} outputs (${this.law})`,
      );
    if (start > this.n) return false;
    this.#add(block, this.n - start);
    return true;
  }

  /**
   * Is this feature present in this row?
   *
   * @param {number} row
   * @param {number} feature
   */
  has(row, feature) {
    return ((this.bits[row * this.words + (feature >>> 5)] >>> (feature & 31)) & 1) === 1;
  }

  /**
   * @param {number} row
   * @param {number} target
   */
  output(row, target) {
    return this.outputs[row * this.k + target];
  }

  /**
   * Find the coalition in which just these features are absent.
   *
   * @param {Iterable<number>} absent
   * @returns {number} its row, or -1 when it was never asked; always -1 under
   *   the "bins" law, where one coalition stands for many inputs
   */
  find(absent) {
    if (this.law === "bins") return -1;
    const wanted = everything(this.d, this.words);
    for (const feature of absent) wanted[feature >>> 5] &= ~(1 << (feature & 31));
    this.#remember();
    return this.#lookup.find(this.bits, wanted);
  }

  /**
   * Are all coalitions among the first n rows? Answers are then exact.
   *
   * @param {number} n
   */
  complete(n) {
    return this.law !== "bins" && n === 2 ** this.d;
  }

  /**
   * The rows that a law weighs: those of the first n that were drawn. All, when
   * none was chosen or every coalition is in.
   *
   * @param {number} n
   * @returns {{rows: Rows, n: number}}
   */
  drawn(n) {
    if (!this.#drawn || this.complete(n)) return { rows: this, n };
    return { rows: this.#drawn, n: this.#before[n] };
  }

  /**
   * Which row is each row's complement? The two are one sample.
   *
   * @returns {Int32Array} n numbers and more: a row, or -1 (always under the "bins" law)
   */
  mates() {
    this.#remember();
    return this.#mates;
  }

  /**
   * @param {Block} block
   * @param {number} skip its rows that are here already
   */
  #add(block, skip) {
    const more = block.n - skip;
    if (more <= 0) return;
    this.#grow(this.n + more);
    if (block.chosen) this.#drawn ??= this.#copied();
    for (let row = skip; row < block.n; row++, this.n++) {
      this.#copy(block, row);
      if (this.#drawn) this.#mark(block, row);
    }
  }

  /** All rows so far, as they were drawn. */
  #copied() {
    const rows = new Rows(this.d, this.k, this.law);
    rows.#grow(this.n);
    rows.sizes.set(this.sizes.subarray(0, this.n));
    rows.bits.set(this.bits.subarray(0, this.n * this.words));
    rows.outputs.set(this.outputs.subarray(0, this.n * this.k));
    rows.n = this.n;
    this.#before = Array.from({ length: this.n + 1 }, (_, n) => n);
    return rows;
  }

  /**
   * @param {Block} block
   * @param {number} row
   */
  #mark(block, row) {
    const drawn = /** @type {Rows} */ (this.#drawn);
    const chosen = block.chosen && (block.chosen[row >>> 3] >>> (row & 7)) & 1;
    if (!chosen) drawn.#add({ ...block, n: row + 1, chosen: null }, row);
    this.#before.push(drawn.n);
  }

  /**
   * @param {Block} block
   * @param {number} row
   */
  #copy({ packed, width, floats }, row) {
    const { words, k, n } = this;
    let size = 0;
    for (let i = 0; i < width; i++) {
      const byte = packed[row * width + i];
      this.bits[n * words + (i >>> 2)] |= byte << (8 * (i & 3));
      size += ONES[byte];
    }
    this.sizes[n] = size;
    for (let t = 0; t < k; t++) this.outputs[n * k + t] = floats[row * k + t];
  }

  /** @param {number} needed rows */
  #grow(needed) {
    if (needed <= this.sizes.length) return;
    const room = Math.max(needed, 2 * this.sizes.length, 64);
    this.sizes = enlarged(this.sizes, new Uint16Array(room));
    this.bits = enlarged(this.bits, new Uint32Array(room * this.words));
    this.outputs = enlarged(this.outputs, new Float32Array(room * this.k));
  }

  /** Note where each new coalition is, and its complement. */
  #remember() {
    if (this.#mates.length < this.sizes.length)
      this.#mates = enlarged(this.#mates, new Int32Array(this.sizes.length).fill(-1));
    if (this.law === "bins") return;
    const { words } = this;
    const full = everything(this.d, words);
    const mirror = new Uint32Array(words);
    for (let row = this.#remembered; row < this.n; row++) {
      this.#lookup.add(this.bits);
      for (let i = 0; i < words; i++) mirror[i] = full[i] ^ this.bits[row * words + i];
      this.#pair(row, this.#lookup.find(this.bits, mirror));
    }
    this.#remembered = this.n;
  }

  /**
   * @param {number} row
   * @param {number} mate or -1
   */
  #pair(row, mate) {
    if (mate < 0) return;
    this.#mates[row] = mate;
    this.#mates[mate] = row;
  }
}

/**
 * The bits of a row with every feature present.
 *
 * @param {number} d
 * @param {number} words
 */
function everything(d, words) {
  const bits = new Uint32Array(words).fill(0xffffffff);
  bits[words - 1] = 2 ** (d - 32 * (words - 1)) - 1;
  return bits;
}

/** How many bits each byte holds. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest; rest &= rest - 1) ones++;
  return ones;
});

/**
 * @typedef {object} Header
 * @property {number} n rows
 * @property {number} d features
 * @property {number} k outputs
 * @property {Law} law
 * @property {number} width bytes a row
 * @property {number} marks bytes that tell which rows were chosen; 0: none was
 * @property {number} start of the outputs
 * @property {number} total bytes that all this takes
 * @property {boolean} whole are these the bytes that came?
 *
 * What the first bytes tell.
 *
 * @param {DataView} data
 * @returns {Header | null} null: these are no neighborhood
 */
export function headerOf(data) {
  if (data.byteLength < HEADER || data.getUint32(0) !== MAGIC) return null;
  const [n, d, k] = [4, 8, 12].map((at) => data.getUint32(at, true));
  const law = LAWS[data.getUint8(16)];
  const width = Math.ceil(d / 8);
  const marks = data.getUint8(17) ? Math.ceil(n / 8) : 0;
  const start = HEADER + Math.ceil((n * width + marks) / 4) * 4;
  const total = start + 4 * n * k;
  const whole = !!law && d > 0 && k > 0 && data.byteLength === total;
  return { n, d, k, law, width, marks, start, total, whole };
}

/**
 * @typedef {object} Block
 * @property {number} n rows
 * @property {Uint8Array} packed their features as bits
 * @property {number} width bytes a row
 * @property {Uint8Array | null} chosen a bit a row; null: all were drawn
 * @property {Float32Array} floats outputs
 *
 * @param {Bytes} data
 * @returns {Block & {d: number, k: number, law: Law}}
 */
function parse(data) {
  const all = bytes(data);
  const header = headerOf(new DataView(all.buffer));
  if (!header) throw new RangeError("these bytes are no limelight neighborhood: they should begin with LLN1");
  const { n, d, k, law, width, marks, start, total, whole } = header;
  if (!whole)
    throw new RangeError(
      `the neighborhood is damaged: ${n} rows of ${d} features and ${k} outputs take ${total} bytes, and ${all.length} came`,
    );
  const end = HEADER + n * width;
  const packed = all.subarray(HEADER, end);
  const chosen = marks ? all.subarray(end, end + marks) : null;
  return { n, d, k, law, width, packed, chosen, floats: new Float32Array(all.buffer, start, n * k) };
}

/**
 * @template {Uint16Array | Uint32Array | Int32Array | Float32Array} T
 * @param {T} old
 * @param {T} room
 * @returns {T}
 */
function enlarged(old, room) {
  room.set(old);
  return room;
}
