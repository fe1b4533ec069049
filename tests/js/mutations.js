/** What may have become of data on their way, or in a file that anyone may have written. */
import { TEXTS } from "./hostile.js";

/** Numbers that look random, and are the same every time. */
export function dice(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ODD = () => [
  null,
  undefined,
  true,
  -1,
  0,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e308,
  2 ** 31,
  2 ** 53,
  1_000_000_000,
  "",
  "constructor",
  "__proto__",
  "running",
  TEXTS.script,
  [],
  {},
  [[]],
  [null],
  Array(1000).fill(null),
  Array(7),
  JSON.parse('{"__proto__": {"length": 1000000000, "names": ["x"], "kind": "text"}}'),
  Object.create(null),
  Object.setPrototypeOf({}, { names: "x", links: "y" }),
  new Uint8Array(0),
  new Uint8Array(21),
  new Uint8Array(4000).fill(255),
  new ArrayBuffer(40),
  () => {},
  Symbol("x"),
  10n ** 30n,
];

const isPlace = (value) => value !== null && typeof value === "object" && !ArrayBuffer.isView(value);
const isBytes = (value) => ArrayBuffer.isView(value);

/** The same state with one place of it changed, and where. */
export function mutated(state, roll) {
  const copy = structuredClone(state);
  const path = [];
  let place = copy;
  for (;;) {
    const keys = Object.keys(place);
    const key = keys[roll(keys.length)];
    path.push(key);
    if (!isPlace(place[key]) || Object.keys(place[key]).length === 0 || roll(4) === 0) {
      place[key] = changed(place, key, roll);
      return { copy, path: path.join(".") };
    }
    place = place[key];
  }
}

function changed(place, key, roll) {
  const [value, all] = [place[key], ODD()];
  if (isBytes(value) && roll(3) > 0) {
    const bytes = new Uint8Array(value.buffer.slice(0));
    if (roll(2)) return bytes.slice(0, roll(bytes.length));
    for (let i = 0; i < 1 + roll(3); i++) bytes[roll(Math.min(bytes.length, 24))] = roll(256);
    return bytes;
  }
  if (Array.isArray(value) && roll(3) === 0) return roll(2) ? [...value, ...value] : value.slice(1);
  return all[roll(all.length)];
}

/** Does it say that it can't be drawn? */
export const sorry = (el) => /can't be drawn/.test(el.querySelector(".ll-alarm")?.textContent ?? "");
