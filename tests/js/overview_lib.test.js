// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { Carried } from "../../js/lib/carried.js";
import { apart, compared } from "../../js/lib/cohort.js";
import { Corpus } from "../../js/lib/corpus.js";
import { Points, standing } from "../../js/lib/points.js";
import { colourOf, rgb, SHADES, shadeAt } from "../../js/lib/ramp.js";
import { critical } from "../../js/lib/settled.js";
import { spanned } from "../../js/lib/spans.js";
import { nearestPoint, reachOf, scattered, shareOf, swarm, ticksOf, valueAt } from "../../js/lib/swarm.js";
import { en } from "../../js/lib/words/overview_en.js";
import { zh } from "../../js/lib/words/overview_zh.js";
import { overviewTraits } from "./overview_page.js";
import { corpusTraits } from "./overviews.js";

const f32 = (values) => new DataView(Float32Array.from(values).buffer);
const u32 = (values) => new DataView(Uint32Array.from(values).buffer);

describe("a strip", () => {
  const range = { low: -1, high: 1 };
  const strip = { width: 200, height: 34, size: 5 };

  test("has every point at its number, inside of the strip", () => {
    const values = Array.from({ length: 300 }, (_, i) => Math.sin(i));
    const { x, y } = swarm(values, values, range, strip);
    for (const [i, value] of values.entries()) {
      expect(x[i]).toBeCloseTo(2.5 + (195 * (value + 1)) / 2, 3);
      expect(y[i]).toBeGreaterThanOrEqual(2.5);
      expect(y[i]).toBeLessThanOrEqual(31.5);
    }
  });

  test("puts the higher shades above the lower ones", () => {
    const { y } = swarm([0, 0, 0], [0.5, 0, 1], range, strip);
    expect(y[2]).toBeLessThan(y[0]);
    expect(y[0]).toBeLessThan(y[1]);
    expect(y[0]).toBe(17);
  });

  test("leaves out what lies beyond it, and finds the point that is near", () => {
    const places = swarm([0, 3, 0.5], [0, 0, 0], range, strip);
    expect(places.x[1]).toBeNaN();
    expect(nearestPoint(places, places.x[2] + 4, 20)).toBe(2);
    expect(nearestPoint(places, 5, 5)).toBe(-1);
  });
});

describe("scales", () => {
  test("hold zero and all numbers, and have room", () => {
    expect(reachOf([1, 3, Number.NaN])).toEqual({ low: -0.12, high: 3.12 });
    expect(reachOf([0, 0])).toEqual({ low: -1, high: 1 });
    expect(valueAt({ low: 2, high: 6 }, shareOf({ low: 2, high: 6 }, 5))).toBe(5);
  });

  test.each([
    [{ low: -0.21, high: 0.2 }, 5, [-0.2, -0.1, 0, 0.1, 0.2], 1],
    [{ low: 17, high: 78 }, 4, [20, 40, 60], 0],
    [{ low: 0, high: 12_000 }, 3, [0, 5000, 10_000], 0],
    [{ low: 1e-7, high: 3.2e-7 }, 3, [1e-7, 2e-7, 3e-7], 7],
  ])("have round ticks", (range, most, expected, digits) => {
    const found = ticksOf(range, most);
    expect(found.ticks.map((tick) => Number(tick.toPrecision(6)) + 0)).toEqual(expected);
    expect(found.digits).toBe(digits);
  });

  test("of a plane go up and to the right", () => {
    const ranges = { x: { low: 0, high: 10 }, y: { low: -1, high: 1 } };
    const { x, y } = scattered([0, 10], [-1, 1], ranges, { width: 100, height: 50 });
    expect([...x, ...y]).toEqual([0, 100, 50, 0]);
  });
});

test("a value stands where its rank is, equal ones alike and missing ones nowhere", () => {
  expect([...standing(Float32Array.from([5, 1, 1, Number.NaN, 9]))]).toEqual(
    [2 / 3, 1 / 6, 1 / 6, Number.NaN, 1].map(Math.fround),
  );
  expect([...standing(Float32Array.from([4]))]).toEqual([0.5]);
});

test("categories that many rows have get a colour each, and numbers have their order", () => {
  const columns = [
    { kind: "category", names: [..."abcdefgh"] },
    { kind: "number", names: null },
  ];
  const codes = [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, Number.NaN];
  const points = new Points(
    {
      rows: u32(codes.map((_, i) => i)),
      sampled: codes.length,
      values: f32(codes.flatMap(() => [0, 0])),
      errors: null,
      data: f32(codes.flatMap((code) => [code, code])),
      predictions: f32(codes),
      truths: null,
    },
    columns,
  );
  expect([...points.lane(0).hues]).toEqual([0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, -1, -1, -1]);
  expect(points.lane(1).hues).toBe(null);
  const paint = { hues: [[1], [2]], shades: Array(SHADES).fill([3]), plain: [4] };
  const colours = (hues, shade) => colourOf(paint, { hues, shades: [shade] }, 0);
  expect([colours([1], 0), colours([-1], 0), colours(null, 1), colours(null, Number.NaN)]).toEqual([
    [2],
    [4],
    [3],
    [4],
  ]);
});

test("a range of whole numbers has whole ends", () => {
  const traits = overviewTraits();
  const { columns } = traits.subject;
  const subject = { ...traits.subject, columns: columns.map((one) => ({ ...one, whole: true })) };
  const of = (more) => new Carried({ get: (name) => ({ ...traits, ...more })[name] }, {});
  expect(of({ subject }).ends(2, 33.2, 60.7)).toEqual(["34", "60"]);
  expect(of({}).ends(2, 33.2, 60.7)).toEqual(["33.2", "60.7"]);
});

test("colours are read as they are computed", () => {
  expect(rgb("rgb(217, 88, 13)")).toEqual([217, 88, 13]);
  expect(rgb("color(srgb 1 0.5 0)")).toEqual([255, 127.5, 0]);
  expect([shadeAt(0), shadeAt(1), shadeAt(Number.NaN)]).toEqual([0, SHADES - 1, -1]);
});

describe("bars with intervals", () => {
  test("whose ends lie unevenly keep them", () => {
    const { zero, bars } = spanned([2, 1], [1, Number.NaN], [2.5, Number.NaN]);
    expect(zero).toBe(0);
    expect(bars[0]).toEqual({ left: 0, width: 80, low: 40, high: 100, clipped: false });
    expect(bars[1].low).toBe(null);
  });

  test("that reach far are cut, and have zero among them", () => {
    const { zero, bars } = spanned([-1, 1], [-99, 0.9], [99, 1.1]);
    expect(zero).toBe(50);
    expect([bars[0].clipped, bars[1].clipped]).toEqual([true, false]);
    expect(bars[0].left + bars[0].width).toBeCloseTo(zero);
  });

  test("of nothing known are empty", () => {
    expect(spanned([Number.NaN], [Number.NaN], [Number.NaN]).bars).toEqual([
      { left: 0, width: 0, low: null, high: 0, clipped: false },
    ]);
  });
});

describe("a cohort", () => {
  const columns = [
    { kind: "number", names: null },
    { kind: "number", names: null },
  ];
  const n = 30;
  const trait = {
    rows: u32(Array.from({ length: n }, (_, i) => 2 * i)),
    sampled: 24,
    values: f32(Array.from({ length: 2 * n }, (_, k) => (k % 2 ? 7 : Math.floor(k / 2)))),
    errors: null,
    data: f32(Array.from({ length: 2 * n }, (_, k) => Math.floor(k / 2) % 4)),
    predictions: f32(Array.from({ length: n }, (_, i) => i)),
    truths: null,
  };
  const points = new Points(trait, columns);

  test("is compared with the rest of the sample, by Student's t", () => {
    const found = compared(points, { feature: 0, axis: "attribution", low: 12, high: 23 });
    expect(found.n).toEqual([12, 12]);
    expect(found.predictions).toEqual([17.5, 5.5]);
    expect([...found.values[0]]).toEqual([17.5, 7]);
    const spread = Math.sqrt(13 / 12); // of 12 whole numbers in a row, over 12 of them
    expect(found.margins[0][0]).toBeCloseTo(critical(11) * spread, 4);
    expect(found.margins[0][1]).toBe(0);
    expect(apart(found)).toEqual([0, 1]);
  });

  test("by value takes the rows between both ends", () => {
    expect(compared(points, { feature: 1, axis: "value", low: 1, high: 2 }).n).toEqual([12, 12]);
    expect(compared(points, { feature: 1, axis: "value", low: 8, high: 9 }).predictions[0]).toBeNaN();
  });

  test("of few rows has no interval", () => {
    const { margins } = compared(points, { feature: 0, axis: "attribution", low: 0, high: 3 });
    expect(margins[0][0]).toBe(Number.POSITIVE_INFINITY);
  });
});

test("a word is found at all its places, the largest attribution first", () => {
  const { texts, subject } = corpusTraits();
  const corpus = new Corpus(texts, subject.features.length);
  const found = corpus.occurrences(subject.features.indexOf("dull"));
  expect(found.map(({ row, word }) => [row, word])).toEqual([
    [1, "Dull"],
    [3, "dull"],
    [0, "dull"],
  ]);
  expect(found[1].before).toBe("The film is slow, and its end is ");
  expect(found[1].after).toBe(".");
});

test("all that it says is there in Chinese", () => {
  /** Every text, of functions what they say of "1" (and of a few more kinds of arguments). */
  const texts = (table) =>
    Object.entries(table).flatMap(([name, one]) => {
      if (typeof one === "function") return [[name, String(one("1", "1", "1", "1"))]];
      return typeof one === "string" ? [[name, one]] : texts(one);
    });
  const [english, chinese] = [texts(en), texts(zh)];
  expect(chinese.map(([name]) => name)).toEqual(english.map(([name]) => name));
  const same = new Set(["pdp", "ice", "ale", "times", "pair"]);
  const left = chinese.filter(
    ([name, text]) => /[a-z]{2}/i.test(text.replace(/Python|ICE/g, "")) && !same.has(name),
  );
  expect(left).toEqual([]);
});
