/**
 * Finds a row by its bits: a hash table with open addressing. (A Map with
 * strings for keys takes five times as long, and rows come by the thousand.)
 */
export class Lookup {
  /** Row + 1 in each slot; 0: free. Never more than half full. */
  #slots = new Int32Array(64);
  #rows = 0;

  /** @param {number} words numbers a row */
  constructor(words) {
    this.words = words;
  }

  /**
   * Note the next row: rows are noted in order.
   *
   * @param {Uint32Array} bits of all rows
   */
  add(bits) {
    if (2 * ++this.#rows > this.#slots.length) this.#grow(bits);
    else this.#place(bits, this.#rows - 1);
  }

  /**
   * @param {Uint32Array} bits of all rows
   * @param {Uint32Array} wanted bits of one
   * @returns {number} its row, or -1
   */
  find(bits, wanted) {
    return this.#slots[this.#slot(bits, wanted, 0)] - 1;
  }

  /**
   * The slot that holds these bits, or the free one where they belong.
   *
   * @param {Uint32Array} bits
   * @param {Uint32Array} wanted
   * @param {number} start
   */
  #slot(bits, wanted, start) {
    const last = this.#slots.length - 1; // a power of two, less one
    let slot = hash(wanted, start, this.words) & last;
    for (
      let row = this.#slots[slot];
      row && !this.#same(bits, row - 1, wanted, start);
      row = this.#slots[slot]
    )
      slot = (slot + 1) & last;
    return slot;
  }

  /**
   * @param {Uint32Array} bits
   * @param {number} row
   * @param {Uint32Array} wanted
   * @param {number} start
   */
  #same(bits, row, wanted, start) {
    for (let i = 0; i < this.words; i++) if (bits[row * this.words + i] !== wanted[start + i]) return false;
    return true;
  }

  /**
   * @param {Uint32Array} bits
   * @param {number} row
   */
  #place(bits, row) {
    this.#slots[this.#slot(bits, bits, row * this.words)] = row + 1;
  }

  /** @param {Uint32Array} bits */
  #grow(bits) {
    this.#slots = new Int32Array(4 * this.#slots.length);
    for (let row = 0; row < this.#rows; row++) this.#place(bits, row);
  }
}

/**
 * @param {Uint32Array} bits
 * @param {number} start
 * @param {number} words
 */
function hash(bits, start, words) {
  let mixed = words;
  for (let i = start; i < start + words; i++) {
    mixed = Math.imul(mixed ^ bits[i], 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  return mixed;
}
