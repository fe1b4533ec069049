import { describe, expect, test } from "vitest";
import { area, gone, nearestPoint, plot } from "../../js/lib/curves.js";
import { placed } from "../../js/lib/places.js";

const CURVES = {
  counts: [0, 1, 2, 4],
  order: [3, 0, 2, 1],
  deletion: [1, 0.5, 0.25, 0],
  insertion: [0, 0.75, 1, 1],
  random_deletion: [1, 0.75, 0.5, 0],
  random_deletion_error: [0, 0.1, 0.1, 0],
};
const numbers = (path) => path.match(/-?[\d.]+/g).map(Number);

describe("curves", () => {
  test("have the area under their trapezia, as a mean", () => {
    expect(area([0, 1, 2, 4], [1, 0.5, 0.25, 0])).toBeCloseTo((0.75 + 0.375 + 0.25) / 4);
    expect(area([0, 3], [0.4, 0.4])).toBeCloseTo(0.4);
    expect(area([0], [0.4])).toBe(0);
  });

  test("go from edge to edge, and leave room above and below", () => {
    const { x, y, line, least, most } = plot(CURVES);
    expect([x(0), x(2), x(3)]).toEqual([0, 50, 100]);
    expect([least, most]).toEqual([0, 1]);
    expect(y(0)).toBeCloseTo(100 * (0.06 / 1.12));
    expect(y(1)).toBeCloseTo(100 * (1.06 / 1.12));
    expect(numbers(line(CURVES.deletion)).filter((_, i) => i % 2 === 0)).toEqual([0, 25, 50, 100]);
    expect(line(undefined)).toBe("");
  });

  test("have a band of 95 % around the mean of random orders", () => {
    const { band, y } = plot(CURVES);
    const all = numbers(band(CURVES.random_deletion, CURVES.random_deletion_error));
    expect(all).toHaveLength(16);
    expect(all[3]).toBeCloseTo(100 - y(0.75 + 0.196), 1);
    expect(all[13]).toBeCloseTo(100 - y(0.75 - 0.196), 1);
    expect(band(CURVES.random_deletion, undefined)).toBe("");
  });

  test("that are level are drawn in the middle", () => {
    const level = plot({ counts: [0, 1], order: [0], deletion: [0.3, 0.3], insertion: [0.3, 0.3] });
    expect(level.y(0.3)).toBeCloseTo(50);
  });

  test("have a point at each count: the nearest is meant", () => {
    expect([0, 0.2, 0.37, 0.74, 0.76, 1].map((share) => nearestPoint(CURVES.counts, share))).toEqual([
      0, 1, 1, 2, 3, 3,
    ]);
  });

  test("tell what is gone at a point", () => {
    expect(gone(CURVES, "deletion", 2)).toEqual(new Set([3, 0]));
    expect(gone(CURVES, "insertion", 2)).toEqual(new Set([2, 1]));
    expect(gone(CURVES, "insertion", 3)).toEqual(new Set());
  });
});

describe("the place of a score", () => {
  const row = {
    better: "higher",
    value: 0.5,
    std_error: 0,
    random: 0.25,
    input: null,
    exact: 0.75,
    n_evals: 0,
  };

  test("is between random and exact, and the better end is on the right", () => {
    const { at } = placed(row);
    expect(at).toEqual({ random: 6, exact: 94, value: 50 });
    expect(placed({ ...row, better: "lower" }).at).toEqual({ random: 94, exact: 6, value: 50 });
    expect(placed({ ...row, better: "neither" }).at).toEqual(at);
  });

  test("has the ends of its interval, within the scale", () => {
    const { low, high } = placed({ ...row, std_error: 0.1 }).value;
    expect([low, high].map((end) => Math.round(end))).toEqual([16, 84]);
    expect(placed({ ...row, std_error: 10 }).value).toEqual({ low: 0, high: 100 });
    const { random } = placed({ ...row, random_error: 0.1 });
    expect(random.high - random.low).toBeGreaterThan(10);
  });

  test("is the middle where all are alike, and nowhere where there is no number", () => {
    expect(placed({ ...row, value: 1, random: 1, exact: 1 }).at.value).toBe(50);
    expect(placed({ ...row, value: null })).toBeNull();
  });
});
