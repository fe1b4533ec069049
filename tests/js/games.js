/** Neighborhoods for tests: coalitions drawn as Python draws them, outputs from a function. */
import { Rows } from "../../js/lib/neighborhood.js";

const LAWS = ["uniform", "binomial", "bins"];

/** Random numbers in [0, 1) that are the same every time (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Write coalitions (arrays of 0 and 1) and outputs (arrays of numbers) as `Neighborhood.to_bytes` does. */
export function toBytes(
  coalitions,
  outputs,
  law = "uniform",
  d = coalitions[0].length,
  k = outputs[0].length,
  chosen = null,
) {
  const n = coalitions.length;
  const width = Math.ceil(d / 8);
  const end = 20 + n * width;
  const start = 20 + Math.ceil((n * width + (chosen ? Math.ceil(n / 8) : 0)) / 4) * 4;
  const all = new Uint8Array(start + 4 * n * k);
  const view = new DataView(all.buffer);
  all.set([..."LLN1"].map((letter) => letter.charCodeAt(0)));
  [n, d, k].forEach((number, i) => {
    view.setUint32(4 + 4 * i, number, true);
  });
  view.setUint8(16, LAWS.indexOf(law));
  view.setUint8(17, chosen ? 1 : 0);
  chosen?.forEach((is, row) => {
    if (is) all[end + (row >> 3)] |= 1 << (row & 7);
  });
  coalitions.forEach((z, row) => {
    z.forEach((present, j) => {
      if (present) all[20 + row * width + (j >> 3)] |= 1 << (j & 7);
    });
  });
  outputs.flat().forEach((value, i) => {
    view.setFloat32(start + 4 * i, value, true);
  });
  return all;
}

/** All 2^d coalitions: nothing, everything, each left out, then the rest in pairs. */
export function everyCoalition(d) {
  const z = (bits) => Array.from({ length: d }, (_, j) => (bits >> j) & 1);
  const all = 2 ** d - 1;
  const order = new Set([0, all, ...Array.from({ length: d }, (_, j) => all ^ (1 << j))]);
  for (let bits = 0; bits <= all; bits++) order.add(bits).add(all ^ bits);
  return [...order].map(z);
}

/** n different coalitions in Python's order: the sizes of the pairs are uniform. */
export function draw(n, d, seed = 1) {
  if (n > 2 ** d) throw new RangeError(`there are no ${n} coalitions of ${d} features`);
  const next = random(seed);
  const seen = new Set();
  const coalitions = [];
  const add = (z) => {
    const key = z.join("");
    if (coalitions.length < n && !seen.has(key)) coalitions.push(z) && seen.add(key);
  };
  add(Array(d).fill(0));
  add(Array(d).fill(1));
  for (let j = 0; j < d; j++) add(Array.from({ length: d }, (_, i) => Number(i !== j)));
  while (coalitions.length < n) {
    const z = subset(d, 1 + Math.floor(next() * (d - 1)), next);
    add(z);
    add(z.map((present) => 1 - present));
  }
  return coalitions;
}

function subset(d, size, next) {
  const order = Array.from({ length: d }, (_, j) => j);
  for (let j = 0; j < size; j++) {
    const other = j + Math.floor(next() * (d - j));
    [order[j], order[other]] = [order[other], order[j]];
  }
  const z = Array(d).fill(0);
  for (const j of order.slice(0, size)) z[j] = 1;
  return z;
}

/** Ask a game, a function of z that returns a number or several. */
export function ask(coalitions, game, law = "uniform") {
  return Rows.from(
    toBytes(
      coalitions,
      coalitions.map((z) => [game(z)].flat()),
      law,
    ),
  );
}

/** A smooth game with interactions: what a model might be. */
export function sigmoidGame(d, seed = 7) {
  const next = random(seed);
  const weights = Array.from({ length: d }, () => 3 * (next() - 0.5));
  return (z) => 1 / (1 + Math.exp(-z.reduce((sum, present, j) => sum + present * weights[j], -0.3)));
}
