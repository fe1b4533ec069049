import { describe, expect, test } from "vitest";
import { fromEstimate } from "../../js/lib/answer.js";

const bytes = (numbers) => new DataView(new Float32Array(numbers).buffer);

/** What a method that reads no rows found of two features, and of one output. */
const estimate = (errors, more = {}) => ({
  method: "additive",
  kernel_width: null,
  n: 2,
  target: null,
  dof: 1e9,
  exact: true,
  route: "additive",
  warning: "",
  scale: null,
  relative_gap: null,
  signed: true,
  values: bytes([1, -2]),
  std_error: bytes(errors),
  pixels: null,
  fidelity: [null],
  effective_samples: 1,
  ...more,
});

describe("an exact answer", () => {
  test("has no margins, and one whose model has bags has theirs", () => {
    expect([...fromEstimate(estimate([0, 0]), 0).margins]).toEqual([0, 0]);
    const { margins, exact, settled, widest } = fromEstimate(estimate([0.5, 0]), 0);
    expect(margins[0]).toBeCloseTo(0.98, 3);
    expect([margins[1], exact, settled, widest]).toEqual([0, true, 1, 0]);
  });

  test("has none where the bags are not known", () => {
    const { margins } = fromEstimate(estimate([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]), 0);
    expect([...margins]).toEqual([0, 0]);
  });
});
