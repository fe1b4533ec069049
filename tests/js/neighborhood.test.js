import { describe, expect, test } from "vitest";
import { bytes, float32, uint16 } from "../../js/lib/arrays.js";
import { Rows } from "../../js/lib/neighborhood.js";
import { ask, draw, everyCoalition, toBytes } from "./games.js";

/** A coalition's number: what a game may say so that each row is told from the others. */
const number = (z) => z.reduce((sum, present, j) => sum + present * 2 ** j, 0);
const absentees = (z) => z.flatMap((present, j) => (present ? [] : [j]));

describe("arrays", () => {
  const numbers = new Float32Array([1.5, -2]);
  const window = new Uint8Array(11);
  window.set(new Uint8Array(numbers.buffer), 3);

  test.each([
    ["an ArrayBuffer", numbers.buffer],
    ["a DataView at an odd offset", new DataView(window.buffer, 3, 8)],
    ["a Uint8Array at an odd offset", window.subarray(3)],
  ])("float32 reads %s", (_, view) => {
    expect([...float32(view)]).toEqual([1.5, -2]);
  });

  test("every reader copies", () => {
    const source = new Uint8Array([1, 0, 2, 0]);
    const copies = [bytes(source), uint16(source), bytes(source.buffer)];
    source.fill(9);
    expect(copies.map((copy) => [...copy])).toEqual([
      [1, 0, 2, 0],
      [1, 2],
      [1, 0, 2, 0],
    ]);
  });

  test("what is no bytes is refused", () => {
    expect(() => bytes("LLN1")).toThrow(/expected bytes, and string came/);
  });
});

describe.each([1, 7, 8, 31, 32, 33, 65])("rows of %i features", (d) => {
  const coalitions = d < 3 ? everyCoalition(d) : draw(d < 8 ? 40 : 200, d);
  const outputs = coalitions.map((z, row) => [row, z[0]]);
  const rows = Rows.from(toBytes(coalitions, outputs, "binomial"));

  test("hold what was written", () => {
    expect([rows.n, rows.d, rows.k, rows.law]).toEqual([coalitions.length, d, 2, "binomial"]);
    coalitions.forEach((z, row) => {
      expect(z.map((_, j) => Number(rows.has(row, j)))).toEqual(z);
      expect([rows.output(row, 0), rows.output(row, 1)]).toEqual(outputs[row]);
      expect(rows.sizes[row]).toBe(z.reduce((sum, present) => sum + present, 0));
    });
  });

  test("are found by the features that are absent", () => {
    coalitions.forEach((z, row) => {
      expect(rows.find(absentees(z))).toBe(row);
    });
  });
});

describe("append", () => {
  const coalitions = draw(100, 9);
  const block = (from, to) =>
    toBytes(
      coalitions.slice(from, to),
      coalitions.slice(from, to).map((z) => [number(z)]),
      "uniform",
      9,
      1,
    );
  const whole = () => Rows.from(block(0, 100));
  const content = (rows) => [rows.n, ...rows.sizes.subarray(0, rows.n), ...rows.outputs.subarray(0, rows.n)];

  test("blocks of any cut, doubled and overlapping, give the same rows", () => {
    const rows = Rows.from(block(0, 10));
    for (const [from, to] of [
      [10, 17],
      [10, 17],
      [0, 10],
      [5, 40],
      [40, 40],
      [20, 100],
      [99, 100],
    ])
      expect(rows.append(block(from, to).slice(), from)).toBe(true);
    expect(content(rows)).toEqual(content(whole()));
    expect(coalitions.every((z, row) => rows.find(absentees(z)) === row)).toBe(true);
  });

  test("a gap is refused and changes nothing", () => {
    const rows = Rows.from(block(0, 10));
    expect(rows.append(block(11, 20), 11)).toBe(false);
    expect(content(rows)).toEqual(content(Rows.from(block(0, 10))));
  });

  test("a coalition is found as soon as it is here", () => {
    const rows = Rows.from(block(0, 10));
    expect(rows.find(absentees(coalitions[50]))).toBe(-1);
    rows.append(block(10, 60), 10);
    expect(rows.find(absentees(coalitions[50]))).toBe(50);
  });

  test("an empty neighborhood grows from nothing", () => {
    const rows = Rows.from(toBytes([], [], "uniform", 9, 1));
    expect(rows.n).toBe(0);
    expect(rows.append(block(0, 100), 0)).toBe(true);
    expect(content(rows)).toEqual(content(whole()));
  });

  test("rows of another shape are refused", () => {
    expect(() => whole().append(toBytes([[1, 0]], [[1]]), 100)).toThrow(
      /2 features and 1 outputs \(uniform\)/,
    );
  });
});

describe("damaged bytes", () => {
  const good = toBytes(
    everyCoalition(3),
    everyCoalition(3).map((z) => [number(z)]),
  );

  test.each([
    ["nothing", new Uint8Array(0), /should begin with LLN1/],
    ["another format", new Uint8Array(40), /should begin with LLN1/],
    ["a byte is missing", good.subarray(0, good.length - 1), /take 60 bytes, and 59 came/],
    ["a byte too many", new Uint8Array([...good, 0]), /take 60 bytes, and 61 came/],
    ["an unknown law", good.map((byte, i) => (i === 16 ? 3 : byte)), /damaged/],
  ])("%s", (_, data, message) => {
    expect(() => Rows.from(data)).toThrow(message);
  });
});

test("under the bins law no coalition is found: each stands for many inputs", () => {
  const rows = ask(
    [
      [1, 0],
      [1, 0],
      [0, 1],
    ],
    (z) => z[0],
    "bins",
  );
  expect([rows.find([1]), rows.find([0]), rows.complete(4)]).toEqual([-1, -1, false]);
});

test("complete: all coalitions are in", () => {
  const rows = ask(everyCoalition(3), number);
  expect([7, 8].map((n) => rows.complete(n))).toEqual([false, true]);
});
