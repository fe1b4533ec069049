import { describe, expect, test } from "vitest";
import { isDark } from "../../js/lib/dom.js";
import { boxes, grid, hidden, paintMarks, paintValues } from "../../js/lib/pixels.js";
import { step } from "../../js/lib/roving.js";
import {
  decimals,
  fixed,
  layout,
  logScale,
  moved,
  prediction,
  ranked,
  shortened,
  signed,
} from "../../js/lib/scale.js";
import { curve } from "../../js/parts/thread.js";
import { paths } from "../../js/parts/trace.js";

const NONE = [Infinity, Infinity, Infinity];

describe("bars", () => {
  test("are as long as their values, on one scale, and meet at zero", () => {
    const { zero, bars } = layout([0.3, -0.1, 0.15], NONE);
    expect(bars[0].width / bars[1].width).toBeCloseTo(3, 12);
    expect(bars[0].width / bars[2].width).toBeCloseTo(2, 12);
    expect(bars[0].left).toBeCloseTo(zero, 12);
    expect(bars[1].left + bars[1].width).toBeCloseTo(zero, 12);
  });

  test("have their interval around their end", () => {
    const { zero, bars } = layout([0.3, -0.1], [0.06, 0.02]);
    const end = zero + bars[0].width;
    expect(end - bars[0].low).toBeCloseTo(bars[0].high - end, 12);
    expect((bars[0].high - bars[0].low) / bars[0].width).toBeCloseTo(0.12 / 0.3, 12);
    expect(bars[1].high).toBeLessThan(zero);
  });

  test("gives sizes the whole track", () => {
    const { zero, bars } = layout([0.3, 0.1], [0, 0.2], false);
    expect(zero).toBe(0);
    expect(bars[0].width).toBeCloseTo(100, 9);
    expect([bars[1].low, bars[1].clipped]).toEqual([0, true]);
  });

  test("keep their length when an interval is far wider, and say that it is cut", () => {
    const { bars } = layout([0.3, -0.1], [9, 0.01]);
    expect(bars[0].clipped).toBe(true);
    expect(bars[0].low).toBe(0);
    expect(bars[0].width).toBeGreaterThan(25);
    expect(bars[1].clipped).toBe(false);
  });

  test("show no interval where none is known or none is needed", () => {
    expect(layout([1, 2], [Infinity, 0]).bars.map(({ low }) => low)).toEqual([null, null]);
  });

  test("of nothing but zeros have a track all the same", () => {
    const { zero, bars } = layout([0, 0], [Infinity, Infinity]);
    expect(zero).toBeCloseTo(50, 12);
    expect(bars[0].width).toBe(0);
  });
});

describe("numbers", () => {
  test("are signed with a true minus, and zero with nothing", () => {
    expect([0.214, -0.131, 0.001, -0.001].map((x) => signed(x, 2))).toEqual([
      "+0.21",
      "\u22120.13",
      "0.00",
      "0.00",
    ]);
  });

  test("have two digits of the largest", () => {
    expect([0.21, 0.0321, 1.2, 34, 5120, 0, NaN].map(decimals)).toEqual([2, 3, 1, 0, 0, 2, 2]);
    expect(fixed(12345.678, 0)).toBe("12,346");
    expect(fixed(NaN, 2)).toBe("\u2013");
  });

  test("of probabilities are never rounded to certainty", () => {
    expect([0, 0.0004, 0.914, 0.9999, 1].map((p) => prediction(p, "probability"))).toEqual([
      "0.00",
      "<0.01",
      "0.91",
      ">0.99",
      "1.00",
    ]);
    expect(prediction(-2.345, "logit")).toBe("\u22122.3");
    expect(prediction(290000, "value")).toBe("290,000");
  });

  test("that moved are told apart", () => {
    expect(moved(0.91, 0.88)).toBe("0.91 \u2192 0.88");
    expect(moved(0.9121, 0.9093)).toBe("0.912 \u2192 0.909");
    expect(moved(290000, 245000)).toBe("290,000 \u2192 245,000");
    expect(moved(290000, 290000.4)).toBe("290,000.0 \u2192 290,000.4");
    expect(moved(0.5, 0.5)).toBe("0.50 \u2192 0.50");
  });

  test("on a logarithmic scale come back, and stay within it", () => {
    const { share, value } = logScale(0.05, 2);
    for (const width of [0.05, 0.25, 1.3, 2]) expect(value(share(width))).toBeCloseTo(width, 12);
    expect([share(1e-9), share(99)]).toEqual([0, 1]);
    expect(share(Math.sqrt(0.05 * 2))).toBeCloseTo(0.5, 12);
  });

  test("rank by size, equal ones in order", () => {
    expect(ranked([0.1, -0.5, 0.5, 0])).toEqual([1, 2, 0, 3]);
  });

  test("names are cut between letters, not within one", () => {
    expect(shortened("\u{1f600}\u{1f601}\u{1f602}\u{1f603}", 3)).toBe("\u{1f600}\u{1f601}\u2026");
    expect(shortened("four", 4)).toBe("four");
  });
});

describe("pictures", () => {
  const small = grid(Uint16Array.from([0, 4, 0, 2, 1, 2, 2, 8]), 4, 4, 4); // a row of 0, one of 0 and 1, two of 2

  test("are enlarged pixel by pixel", () => {
    expect([small.width, small.height]).toEqual([16, 16]);
    expect(small.segments[0]).toBe(0);
    expect(small.segments[5 * 16 + 15]).toBe(1);
    expect(small.segments[15 * 16]).toBe(2);
    expect(small.segments.filter((s) => s === 2).length).toBe(128);
  });

  test("have edges where segments meet, and none within", () => {
    expect(small.edges[7 * 16 + 1]).toBe(1);
    expect(small.edges[8 * 16 + 1]).toBe(1);
    expect(small.edges[14 * 16 + 8]).toBe(0);
  });

  test("know each segment's box and mean colour", () => {
    expect(boxes(small, 3)).toEqual([
      [0, 0, 16, 8],
      [8, 4, 8, 4],
      [0, 8, 16, 8],
    ]);
    const pixels = new Uint8ClampedArray(4 * 256).map((_, i) =>
      i % 4 === 0 ? 10 * (1 + small.segments[i >> 2]) : 7,
    );
    expect(hidden("mean", pixels, small, 3)).toEqual([
      [10, 7, 7],
      [20, 7, 7],
      [30, 7, 7],
    ]);
  });

  test("are hidden in the colour that the model was given", () => {
    const pixels = new Uint8ClampedArray(4 * 256).fill(90);
    expect(hidden("#0a10ff", pixels, small, 2)).toEqual([
      [10, 16, 255],
      [10, 16, 255],
    ]);
  });

  test("are painted stronger for larger values, in two colours, with stripes for those against", () => {
    const pixels = new Uint8ClampedArray(4 * 256);
    paintValues(pixels, small, [0.5, 0, -1], { mode: "heat", opacity: 1, top: new Set() });
    const [a, b, c] = [0, 5 * 16 + 15, 12 * 16 + 8].map((at) => pixels.subarray(4 * at, 4 * at + 4));
    expect(a[0]).toBeGreaterThan(a[2]);
    expect(c[2]).toBeGreaterThan(c[0]);
    expect(b[3]).toBe(0);
    const strengths = new Set(
      [...small.segments.keys()].filter((at) => small.segments[at] === 2).map((at) => pixels[4 * at + 3]),
    );
    expect(Math.max(...strengths)).toBeCloseTo(2 * a[3], -1);
    expect(strengths.size).toBe(2);
  });

  test("show only the top segments when asked", () => {
    const pixels = new Uint8ClampedArray(4 * 256);
    paintValues(pixels, small, [0.5, 0.2, -1], { mode: "top", opacity: 1, top: new Set([2]) });
    expect(pixels[4 * 2 + 3]).toBeGreaterThan(200);
    expect(pixels[4 * (14 * 16 + 8) + 3]).toBe(0);
  });

  test("show a segment that is out in its mean colour", () => {
    const pixels = new Uint8ClampedArray(4 * 256);
    paintMarks(
      pixels,
      small,
      new Set([2]),
      [
        [1, 1, 1],
        [2, 2, 2],
        [33, 44, 55],
      ],
      -1,
    );
    expect([...pixels.subarray(4 * (14 * 16 + 8), 4 * (14 * 16 + 8) + 4)]).toEqual([33, 44, 55, 255]);
    expect(pixels[3]).toBe(0);
  });
});

test("a trace runs over the logarithm of n, with zero in sight", () => {
  const points = [10, 100, 1000].map((n, i) => ({ n, values: [i, -i] }));
  const { lines, x, zero } = paths(points, [0, 1]);
  expect(x(100) - x(10)).toBeCloseTo(x(1000) - x(100), 9);
  expect(lines[0].startsWith(`M0.0 ${zero.toFixed(1)}`)).toBe(true);
  expect(Number(lines[0].split(" ").at(-1))).toBeLessThan(zero);
  expect(Number(lines[1].split(" ").at(-1))).toBeGreaterThan(zero);
});

test("arrows lead from word to word, the other way round from right to left", () => {
  expect(step("ArrowRight", 1, 5, false)).toBe(2);
  expect(step("ArrowRight", 1, 5, true)).toBe(0);
  expect(step("ArrowDown", 4, 5, false)).toBe(4);
  expect([step("Home", 3, 5, false), step("End", 3, 5, false), step("a", 3, 5, false)]).toEqual([0, 4, -1]);
});

test("a dark host is known by its colour, however that is written", () => {
  expect(["rgb(17, 17, 17)", "rgba(20, 20, 20, 1)", "color(srgb 0.1 0.1 0.12)"].map(isDark)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)", "color(srgb 1 1 1)", ""].map(isDark)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

describe("a thread between two words", () => {
  const box = (left, top) => ({ left, right: left + 40, top, bottom: top + 20 });
  const numbers = (path) => path.match(/-?[\d.]+/g).map(Number);

  test("hangs below words of one line, from middle to middle", () => {
    const [x1, y1, , bend, , , x2, y2] = numbers(curve(box(100, 0), box(10, 2)));
    expect([x1, x2, y1, y2]).toEqual([120, 30, 20, 22]);
    expect(bend).toBeGreaterThan(22);
  });

  test("leads from the bottom of the upper word to the top of the lower one, whichever comes first", () => {
    const [high, low] = [box(300, 0), box(0, 60)];
    expect(curve(low, high)).toBe(curve(high, low));
    const [x1, y1, , bend, , , x2, y2] = numbers(curve(high, low));
    expect([x1, y1, bend, x2, y2]).toEqual([320, 20, 40, 20, 60]);
  });

  test("scrolls with its text", () => {
    expect(curve(box(0, 0), box(100, 60), 7, 11)).toBe(curve(box(7, 11), box(107, 71)));
  });
});
