/** The golden vectors that Python meets too: tests/unit/test_golden.py. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { limeErrors } from "../../js/lib/errors.js";
import { lime } from "../../js/lib/lime.js";
import { Rows } from "../../js/lib/neighborhood.js";
import { critical, settled } from "../../js/lib/settled.js";

const golden = JSON.parse(readFileSync(new URL("../golden/lime.json", import.meta.url), "utf8"));

/** Of the largest number. */
const SHARE = 1e-8;

const finished = (generator) => {
  for (;;) {
    const { done, value } = generator.next();
    if (done) return value;
  }
};

/** @param {ArrayLike<number>} found @param {number[]} expected @param {number} share */
function near(found, expected, share) {
  const scale = Math.max(...expected.map(Math.abs), 1e-12);
  for (const [i, value] of expected.entries()) expect(Math.abs(found[i] - value) / scale).toBeLessThan(share);
}

describe.each(golden.neighborhoods)("neighborhood $#", ({ bytes, readings }) => {
  const rows = Rows.from(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
  const distance = rows.law === "bins" ? "euclidean" : "cosine";

  test.each(readings)("first $n, width $width, output $target", (expected) => {
    const question = { ...expected, distance };
    const found = lime(rows, question);
    near(found.values, expected.values, SHARE);
    near([found.intercept], [expected.intercept], SHARE);
    near([found.effectiveSamples], [expected.effectiveSamples], SHARE);
    const errors = finished(limeErrors(rows, question));
    expect(errors.dof).toBe(expected.dof);
    if (expected.stdError) near(errors.stdError, expected.stdError, 1e-5);
    else expect([...errors.stdError].every((error) => error === Number.POSITIVE_INFINITY)).toBe(true);
    if (expected.fidelity === null) expect(errors.fidelity).toBeNull();
    else expect(errors.fidelity).toBeCloseTo(expected.fidelity, 6);
    if (expected.settled === null) expect(settled(found.values, errors.stdError)).toBeNull();
    else expect(settled(found.values, errors.stdError)).toBeCloseTo(expected.settled, 5);
  });
});

test.each(golden.critical)("critical value for $dof degrees of freedom", ({ dof, level, value }) => {
  expect(critical(dof, level)).toBeCloseTo(value, 4);
});
