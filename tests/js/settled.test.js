import { describe, expect, test } from "vitest";
import { critical, normal, settled } from "../../js/lib/settled.js";

describe("critical", () => {
  // Quantiles of Student's t, from scipy.stats.t.ppf.
  test.each([
    [9, 0.95, 2.262157],
    [10, 0.95, 2.228139],
    [15, 0.95, 2.13145],
    [30, 0.95, 2.042272],
    [100, 0.95, 1.983972],
    [9, 0.9, 1.833113],
    [30, 0.99, 2.749996],
    [Infinity, 0.95, 1.959964],
  ])("%d degrees of freedom, level %d", (dof, level, expected) => {
    expect(Math.abs(critical(dof, level) - expected)).toBeLessThan(1e-4);
  });
});

test("normal meets its tables", () => {
  const expected = [0, 1.279812543885835e-12, 0.024997895148220435, 0.5, 0.8413447460685429, 1];
  [-40, -7, -1.96, 0, 1, 40].forEach((x, i) => {
    expect(normal(x)).toBeCloseTo(expected[i], 14);
  });
});

describe("settled", () => {
  test("two features: the chance that the larger is the larger", () => {
    const error = [0.03, 0.04];
    expect(settled([0.1, -0.2], error)).toBeCloseTo(normal(0.1 / 0.05), 12);
    expect(settled([0.2, 0.2], error)).toBeCloseTo(0.5, 12);
  });

  test("the sixth is held against the fifth, the seventh against nobody", () => {
    const values = [7, 6, 5, 4, 3, 2, 1.999];
    const sure = Array(7).fill(0.01);
    expect(settled(values, sure)).toBeCloseTo(1, 9);
    expect(settled([7, 6, 5, 4, 3, 2.9, 1], Array(7).fill(0.1))).toBeLessThan(0.8);
    expect(settled(values, [...sure.slice(0, 6), Infinity])).toBeCloseTo(1, 9);
    expect(settled(values, [...sure.slice(0, 5), Infinity, 0.01])).toBeNull();
  });

  test("features that are known to be alike have no order", () => {
    expect(settled([1, 1, 0.2], [1e-4, 1e-4, 1e-4])).toBeCloseTo(1, 9);
    expect(settled([1, 1, 0.2], [0.1, 0.1, 0.1])).toBeCloseTo(0.5, 6);
  });

  test("exact values are settled, noise is not, and it is never below zero", () => {
    expect(settled([1, 2, 3], [0, 0, 0])).toBe(1);
    expect(settled([1, 1.1, 1.2, 1.3, 1.4, 1.5], Array(6).fill(100))).toBe(0);
  });

  test("one feature needs no order, only its error", () => {
    expect([settled([2], [0.1]), settled([2], [Infinity])]).toEqual([1, null]);
  });
});
