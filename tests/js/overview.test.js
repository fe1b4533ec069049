// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import { Carried } from "../../js/lib/carried.js";
import { apart, compared } from "../../js/lib/cohort.js";
import { Corpus } from "../../js/lib/corpus.js";
import { isOverviewMessage, overviewDamageOf } from "../../js/lib/damaged_overview.js";
import { Points, standing } from "../../js/lib/points.js";
import { colourOf, rgb, SHADES, shadeAt } from "../../js/lib/ramp.js";
import { critical } from "../../js/lib/settled.js";
import { spanned } from "../../js/lib/spans.js";
import { nearestPoint, reachOf, scattered, shareOf, swarm, ticksOf, valueAt } from "../../js/lib/swarm.js";
import { en } from "../../js/lib/words/overview_en.js";
import { zh } from "../../js/lib/words/overview_zh.js";
import overview from "../../js/views/overview.js";
import { imageSubject } from "./fixtures.js";
import { StandInModel } from "./host.js";
import { HARMLESS, SHORT } from "./hostile.js";
import { corpusTraits, imagesTraits, OverviewKernel, overviewTraits as traitsOf } from "./overviews.js";
import { eachOnItsOwnPage, ends } from "./page.js";

const f32 = (values) => new DataView(Float32Array.from(values).buffer);
const u32 = (values) => new DataView(Uint32Array.from(values).buffer);
const all = (el, selector) => [...el.querySelectorAll(selector)];
const words = (el, selector) => all(el, selector).map((one) => one.textContent);
/** Few rows are drawn quickly. */
const overviewTraits = (more) => traitsOf({ n: 90, ...more });
const until = (check) => vi.waitFor(check, { timeout: 5000 });
const pause = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms));
const inSight = (el) => !el.closest("[hidden]");

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

// --- the view --------------------------------------------------------------------------------------------------------

eachOnItsOwnPage();

function show(traits, kernel = new OverviewKernel()) {
  const model = new StandInModel(traits, kernel);
  if (kernel) kernel.delay = 1;
  else model.send = undefined;
  const el = document.body.appendChild(document.createElement("div"));
  const end = overview.render({ model, el });
  ends.push(end);
  return { model, el, end, sent: (type) => model.sent.filter((one) => one.type === type) };
}

const press = (el, name) =>
  all(el, "button")
    .find((one) => one.textContent === name && inSight(one))
    .click();
/** The button that names a feature. */
const lead = (el, name) =>
  all(el, ".ll-ranking .ll-lead").find((one) => one.querySelector(".ll-label").textContent === name);
const key = (el, name) => el.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
/** Press, drag and let go inside of an area that is 100 pixels wide. */
function drag(area, from, to) {
  area.getBoundingClientRect = () => ({ left: 0, top: 0, width: 100, height: 34 });
  const at = (type, clientX) =>
    area.dispatchEvent(
      Object.assign(new MouseEvent(type, { clientX, clientY: 17, bubbles: true }), { pointerId: 1 }),
    );
  at("pointerdown", from);
  at("pointermove", to);
  at("pointerup", to);
}

describe("features", () => {
  test("stand in the order of the measure, with its numbers", async () => {
    const { el, model } = show(overviewTraits());
    expect(words(el, ".ll-ranking .ll-label").slice(0, 3)).toEqual(["age", "relationship", "capital gain"]);
    press(el, "Permutation importance");
    await pause();
    expect(words(el, ".ll-ranking .ll-label")[1]).toBe("relationship");
    expect(el.querySelector(".ll-ranking").dataset.look).toBe("bars");
    expect(words(el, ".ll-notes li")).toEqual([
      "relationship and capital gain move together: read them as one.",
    ]);
    expect(model.get("settings").measure).toBe("permutation");
  });

  test("of which there are many unfold", () => {
    const { el } = show(overviewTraits({ names: Array.from({ length: 60 }, (_, i) => `c${i}`) }));
    const lines = () => all(el, ".ll-ranking .ll-strips > li").length;
    expect(lines()).toBe(10);
    press(el, "40 of 50 more");
    expect(lines()).toBe(50);
    press(el, "fewer");
    expect(lines()).toBe(10);
  });

  test("are there as a table of numbers, too", async () => {
    const { el } = show(overviewTraits());
    press(el, "Table");
    await pause();
    const [first] = all(el, ".ll-ranking tbody tr");
    expect(words(first, "th")).toEqual(["age"]);
    expect(words(first, "td")).toHaveLength(5);
  });

  test("that are pressed are drawn over their values, with curves that are asked for", async () => {
    const { el, model, sent } = show(overviewTraits());
    lead(el, "hours a week").click();
    await until(() => expect(el.querySelector(".ll-depends .ll-name").textContent).toBe("hours a week"));
    await until(() => expect(el.querySelectorAll(".ll-curves .ll-pdp")).toHaveLength(1));
    expect(sent("dependence").map(({ feature }) => feature)).toEqual([4]);
    press(el, "ICE");
    press(el, "ALE");
    expect(el.querySelectorAll(".ll-curves :is(.ll-ice, .ll-ale)")).toHaveLength(2);
    expect(model.get("settings").feature).toBe(4);
  });

  test("whose curves went, as for another output, are asked about again", async () => {
    const { model, sent } = show(overviewTraits());
    expect(sent("dependence")).toEqual([]);
    model.set("curves", {});
    await until(() => expect(sent("dependence").map(({ feature }) => feature)).toEqual([2]));
  });

  test("that are categories have a strip for each, in the reader's terms", async () => {
    const { el, model } = show(overviewTraits());
    lead(el, "relationship").click();
    await pause();
    expect(new Set(words(el, ".ll-depends .ll-strips .ll-label"))).toEqual(
      new Set(["Husband", "Not-in-family", "Own-child", "Unmarried", "Wife"]),
    );
    all(el, ".ll-depends .ll-strips .ll-lead")[0].click();
    expect(model.get("settings").cohort).toEqual({ feature: 0, axis: "value", low: 0, high: 0 });
    await pause();
    expect(el.querySelector(".ll-cohort .ll-name").textContent).toBe("relationship = Husband");
  });
});

describe("a row", () => {
  test("has a base of its own where these differ", () => {
    const traits = overviewTraits();
    const { rows } = new Points(traits.points, traits.subject.columns);
    const points = { ...traits.points, bases: f32(Array.from(rows, (_, i) => i / 4)) };
    const data = new Carried({ get: (name) => ({ ...traits, points })[name] }, {});
    expect([data.row(rows[0]).base, data.row(rows[2]).base]).toEqual([0, 0.5]);
  });

  test("that is carried is explained at once, and every strip marks it", async () => {
    const { el, sent } = show(overviewTraits());
    drag(el.querySelector(".ll-ranking .ll-strip"), 50, 50);
    const [slider] = all(el, ".ll-rover");
    key(slider, "Home");
    key(slider, "ArrowRight");
    await until(() => expect(el.querySelector("[aria-live]").textContent).toMatch(/^Row \d+: [01]\.\d\d$/));
    expect(slider.getAttribute("aria-valuenow")).toBe("2");
    expect(slider.getAttribute("aria-valuetext")).toMatch(/^row \d+: age = \d+, \u2212/);
    expect(all(el, ".ll-ranking .ll-ring").filter((ring) => !ring.hidden)).toHaveLength(7);
    expect(el.querySelector(".ll-onerow .ll-name").textContent).toMatch(/^Row \d+$/);
    expect(words(el, ".ll-onerow .ll-cell")).toHaveLength(7);
    expect(el.querySelector("code").textContent).toMatch(/^overview\.explain\(\d+\)$/);
    expect(sent("row")).toEqual([]);
  });

  test("that is not carried is asked for, by number; one that was not explained is said to be none", async () => {
    const { el, sent } = show(overviewTraits({ dense: 32561 }));
    const input = el.querySelector("input");
    input.value = "5";
    input.dispatchEvent(new Event("change"));
    await until(() => expect(words(el, ".ll-onerow .ll-number")[0]).toBe("+0.20"));
    expect(sent("row").map(({ row }) => row)).toEqual([5]);
    input.value = "5000";
    input.dispatchEvent(new Event("change"));
    await until(() =>
      expect(el.querySelector(".ll-onerow .ll-name").textContent).toMatch(/was not explained/),
    );
    expect(inSight(el.querySelector(".ll-onerow .ll-bars"))).toBe(false);
  });

  test("that there is not is told beside where it was typed", async () => {
    const { el, model, sent } = show(overviewTraits());
    const input = el.querySelector(".ll-onerow input");
    const told = () => el.querySelector(".ll-notfound").textContent;
    for (const typed of ["90", "-1", "4.5", "abc"]) {
      input.value = typed;
      input.dispatchEvent(new Event("change"));
      await until(() => expect(told()).toBe(`No row is at position ${typed}: positions go from 0 to 89`));
    }
    expect([sent("row"), model.get("settings").row]).toEqual([[], null]);
    input.value = "1,7";
    input.dispatchEvent(new Event("change"));
    await until(() => expect(model.get("settings").row).toBe(17));
    expect(told()).toBe("");
  });

  test("is found by its label, where the index has labels", async () => {
    const traits = overviewTraits();
    traits.subject.labelled = true;
    traits.points.labels = Array.from({ length: 90 }, (_, i) => `p-${2 * i}`);
    const { el, model } = show(traits);
    const [by, input] = all(el, ".ll-onerow :is(select, input)");
    const type = (text) => {
      input.value = text;
      input.dispatchEvent(new Event("change"));
    };
    type("p-34");
    await until(() => expect(model.get("settings").row).toBe(17));
    const title = () => el.querySelector(".ll-onerow .ll-name").textContent;
    await until(() => expect(title()).toBe("Row \u201cp-34\u201d, at position 17"));
    type("nobody");
    const told = () => el.querySelector(".ll-notfound").textContent;
    await until(() => expect(told()).toBe("label='nobody' is in the index of no row here"));
    by.value = "position";
    by.dispatchEvent(new Event("change"));
    expect(told()).toBe("");
    type("3");
    await until(() => expect(title()).toBe("Row \u201cp-6\u201d, at position 3"));
  });

  test("that is an image shows its picture, and what its segments did", async () => {
    const { el, model, sent } = show(
      imagesTraits({ image: imageSubject({ width: 32, height: 32, cells: 3 }) }),
    );
    expect(el.querySelector(".ll-meanpicture .ll-picture").getAttribute("aria-label")).toMatch(
      /^The mean of all images.*; what counts most: segment \d /,
    );
    press(el, "Largest attribution");
    const picture = () => el.querySelector(".ll-rowpicture .ll-picture");
    await until(() => expect(picture()?.getAttribute("aria-label")).toMatch(/^Image 4; what counts most: /));
    expect(sent("row").map(({ row }) => row)).toEqual([4]);
    const box = { left: 0, top: 0, width: 32, height: 32 };
    picture().getBoundingClientRect = () => box;
    picture().dispatchEvent(new MouseEvent("click", { clientX: 2, clientY: 2 }));
    expect(model.get("settings").feature).toBe(0);
  });

  test("that is an image has no picture in a saved page, which says so", async () => {
    const { el } = show(imagesTraits({ image: imageSubject({ width: 32, height: 32, cells: 3 }) }), null);
    press(el, "Largest attribution");
    await pause();
    expect(words(el, ".ll-rowpicture")).toEqual(["This page holds no pictures of single images."]);
  });

  test("worth a look is gone to, one after the other", () => {
    const { el, model } = show(overviewTraits());
    const rows = [0, 1, 2, 3].map(() => {
      press(el, "Largest attribution");
      return model.get("settings").row;
    });
    expect(rows).toEqual([3, 17, 40, 3]);
  });

  test("that was chosen before is there when the view opens", () => {
    const settings = { measure: "permutation", feature: 4, row: 17, cohort: null };
    const { el } = show(overviewTraits({ settings }));
    expect(el.querySelector(".ll-onerow .ll-name").textContent).toBe("Row 17");
    expect(el.querySelector(".ll-measures [aria-pressed=true]").textContent).toBe("Permutation importance");
  });
});

describe("some rows", () => {
  test("are brushed in a strip, compared at once, and then over all rows by Python", async () => {
    const { el, sent, model } = show(overviewTraits({ dense: 32561 }));
    drag(el.querySelector(".ll-ranking .ll-strip"), 60, 90);
    model.kernel.delay = 500;
    const said = (part) => el.querySelector(`.ll-cohort ${part}`).textContent;
    await until(() => expect(said(".ll-warned")).toMatch(/^Compared so far are 80 rows/));
    await until(() =>
      expect(said(".ll-verdict")).toBe(
        "8,000 of 32,561 rows; the probability of >50K is 0.41 on average, of the rest 0.18",
      ),
    );
    expect(sent("cohort")).toHaveLength(1);
    expect(el.querySelector(".ll-cohort .ll-warned").textContent).toBe("");
    expect(words(el, ".ll-cohort .ll-number")[0]).toBe("+0.150");
    const { cohort } = model.get("settings");
    expect([cohort.axis, cohort.low < cohort.high]).toEqual(["attribution", true]);
    press(el, "Clear");
    await pause();
    expect(inSight(el.querySelector(".ll-cohort"))).toBe(false);
  });

  test("of a column that is mostly the same are those that differ", async () => {
    const settings = { measure: "attributions", feature: 1, row: null, cohort: null };
    const { el, model } = show(overviewTraits({ settings }));
    press(el, "Compare a range");
    await pause();
    expect(model.get("settings").cohort.low).toBeGreaterThan(0);
    expect(inSight(el.querySelector(".ll-cohort"))).toBe(true);
  });

  test("are chosen by keys, by two ends", async () => {
    const { el, model } = show(overviewTraits());
    press(el, "Compare a range");
    await pause();
    const [from, to] = all(el, ".ll-area .ll-end");
    const before = model.get("settings").cohort;
    key(from, "ArrowLeft");
    key(to, "PageDown");
    const { cohort } = model.get("settings");
    expect(cohort.low).toBeLessThan(before.low);
    expect(cohort.high).toBeLessThan(before.high);
    await pause();
    expect(from.getAttribute("aria-valuetext")).toMatch(/^\d+/);
    key(to, "Escape");
    expect(model.get("settings").cohort).toBe(null);
  });
});

describe("with nobody to ask", () => {
  const settings = { measure: "attribution", feature: 4, row: null, cohort: null };

  test("a page compares what it carries, and says so; what it has not can't be pressed", async () => {
    const { el, model } = show(overviewTraits({ dense: 32561, settings }), null);
    press(el, "Compare a range");
    await pause();
    expect(el.querySelector(".ll-cohort .ll-warned").textContent).toBe(
      "Compared are the 80 rows that this page holds, a sample of 32,561.",
    );
    expect(el.querySelector(".ll-depends .ll-warned").textContent).toMatch(
      /^Curves of this feature were not/,
    );
    const [other] = all(el, ".ll-chip");
    expect(other.getAttribute("aria-disabled")).toBe("true");
    other.click();
    press(el, "2 more");
    await pause();
    const sage = all(el, ".ll-measures button").find((one) => one.textContent === "SAGE");
    expect(sage.getAttribute("aria-disabled")).toBe("true");
    sage.click();
    await pause();
    expect(words(el, ".ll-notes li")[0]).toBe(
      "Not in this saved page, as it takes a kernel: more than 90 of the 32,561 rows that were explained, " +
        "Mean derivative, SAGE, curves of 6 features, other outputs. Run the notebook for it.",
    );
    expect([model.get("outputs").target, model.get("settings").measure]).toEqual([1, "attribution"]);
    expect(el.querySelector(".ll-state").textContent).toBe("saved page: nothing more can be asked");
  });
});

describe("measures that are not there yet", () => {
  test("are computed when pressed, and shown when they come", async () => {
    const { el, model } = show(overviewTraits());
    press(el, "2 more");
    await pause();
    press(el, "Mean derivative");
    await until(() =>
      expect(el.querySelector(".ll-measures [aria-pressed=true]").textContent).toBe("Mean derivative"),
    );
    expect(model.get("settings").measure).toBe("derivative");
  });

  test("show how far they are, keep their places, and leave the view to go on", async () => {
    const { el, model, sent } = show(overviewTraits());
    Object.assign(model.kernel, { delay: 30, slices: [0.25, 0.5, 0.75, 1] });
    press(el, "2 more");
    await pause();
    const buttons = () => words(el, ".ll-measures button").slice(0, -1);
    const before = buttons();
    press(el, "Mean derivative");
    await until(() => expect(words(el, ".ll-doing .ll-hint")).toEqual(["Computing Mean derivative: 25 %"]));
    const bar = el.querySelector(".ll-doing [role=progressbar]");
    expect(bar.getAttribute("aria-valuenow")).toBe("25");
    expect(el.querySelector(".ll-measures [aria-pressed=true]").textContent).toBe("Mean |attribution|");
    press(el, "Permutation importance");
    lead(el, "occupation").click();
    await until(() => expect(model.get("measures").known).toHaveLength(3));
    await until(() => expect(el.querySelector(".ll-doing").hidden).toBe(true));
    expect(buttons()).toEqual(before);
    expect(model.get("settings").measure).toBe("permutation");
    expect(sent("measure")).toHaveLength(4);
  });

  test("are stopped, and go on from there when they are pressed again", async () => {
    const { el, model, sent } = show(overviewTraits());
    Object.assign(model.kernel, { delay: 20, slices: [0.25, 0.5, 0.75, 1] });
    press(el, "2 more");
    await pause();
    press(el, "Mean derivative");
    await until(() => expect(words(el, ".ll-doing .ll-hint")).toEqual(["Computing Mean derivative: 25 %"]));
    press(el, "Stop");
    await pause(120);
    const asked = sent("measure").length;
    expect(asked).toBeLessThan(4);
    expect(el.querySelector(".ll-doing").hidden).toBe(true);
    expect(el.querySelector("[aria-live]").textContent).toMatch(
      /^Stopped: Mean derivative goes on from there/,
    );
    press(el, "Mean derivative");
    await until(() => expect(model.get("settings").measure).toBe("derivative"));
    expect(sent("measure")).toHaveLength(4);
  });

  test("say why they can't be had", async () => {
    const { el, model } = show(overviewTraits());
    press(el, "2 more");
    await pause();
    press(el, "SAGE");
    const why = "SAGE can't run here: SAGE needs y: call ll.overview(model, X, y)";
    await until(() => expect(el.querySelector(".ll-refusal").textContent).toBe(why));
    expect(model.get("settings").measure).toBe("attribution");
  });
});

test("another output is turned to by Python", async () => {
  const { el, sent } = show(overviewTraits());
  all(el, ".ll-chip")[0].click();
  await until(() => expect(el.querySelector(".ll-chip[aria-pressed=true]").textContent).toBe("<=50K0.76"));
  expect(sent("turn").map(({ target }) => target)).toEqual([0]);
});

test("a word's places open their texts, in colour", async () => {
  const { el } = show(corpusTraits());
  all(el, ".ll-ranking .ll-lead")[0].click();
  await pause();
  expect(words(el, ".ll-places mark")).toEqual(["Dull", "dull", "dull"]);
  all(el, ".ll-place")[0].click();
  await pause();
  expect(el.querySelector(".ll-onerow .ll-text").textContent).toBe("Dull, slow and far too long.");
  expect(el.querySelector(".ll-onerow .ll-token").dataset.sign).toBe("against");
  expect(words(el, ".ll-onerow .ll-label")[0]).toBe("Dull");
});

test("nothing is left when the view goes", () => {
  const { el, end, model } = show(overviewTraits());
  end();
  expect([el.childElementCount, model.listening]).toEqual([0, 0]);
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

// --- nobody is believed ----------------------------------------------------------------------------------------------

describe("damaged data", () => {
  const damage = (traits) => overviewDamageOf((name) => traits[name]);
  const whole = overviewTraits({ dense: 900 });

  test("are found, and whole ones are not", () => {
    expect(damage(whole)).toBe("");
    expect(damage(corpusTraits())).toBe("");
  });

  test.each([
    ["subject.features", { subject: { ...whole.subject, features: [] } }],
    ["subject.columns", { subject: { ...whole.subject, columns: [] } }],
    [
      "subject.columns[0].kind",
      { subject: { ...whole.subject, columns: whole.subject.columns.map(() => ({ kind: "x" })) } },
    ],
    ["outputs.target", { outputs: { ...whole.outputs, target: 2 } }],
    ["points.rows", { points: { ...whole.points, rows: new DataView(new ArrayBuffer(3)) } }],
    ["points.values", { points: { ...whole.points, values: f32([1]) } }],
    ["points.truths", { points: { ...whole.points, truths: ["a"] } }],
    ["points.sampled", { points: { ...whole.points, sampled: 401 } }],
    [
      "points.notable.wrong[0]",
      { points: { ...whole.points, notable: { ...whole.points.notable, wrong: ["<b>"] } } },
    ],
    ["density.strips", { density: { ...whole.density, strips: f32([1]) } }],
    [
      "density.planes[1].counts",
      {
        density: {
          ...whole.density,
          planes: whole.density.planes.map((p) => p && { ...p, counts: f32([]) }),
        },
      },
    ],
    ["measures.known", { measures: { known: [], offers: [] } }],
    [
      "measures.known[0].low",
      { measures: { ...whole.measures, known: [{ ...whole.measures.known[0], low: f32([1]) }] } },
    ],
    ["curves.9", { curves: { 9: whole.curves[2] } }],
    ["curves.2", { curves: { 2: { ...whole.curves[2], ice: f32([1, 2, 3]) } } }],
    ["partners[0]", { partners: Array(7).fill(7) }],
    [
      "settings.cohort.axis",
      { settings: { ...whole.settings, cohort: { feature: 0, axis: "x", low: 0, high: 1 } } },
    ],
    ["texts[0].pieces[0][1]", { texts: [{ ...corpusTraits().texts[0], pieces: [["a", 99]] }] }],
  ])("are told where: %s", (where, more) => {
    expect(damage({ ...whole, ...more })).toBe(where);
  });

  test("are said to be damaged, and nothing is drawn", () => {
    const { el } = show({ ...whole, points: {} });
    expect(el.querySelector("[role=alert]").textContent).toContain("(points.rows)");
    expect(el.querySelector(".ll-strip")).toBe(null);
  });

  test.each([
    [
      true,
      { type: "row", row: 1, prediction: 0, base: 0, truth: "", cells: Array(7).fill("") },
      [f32(Array(7)), f32([])],
    ],
    [true, { type: "row", explained: false }, []],
    [true, { type: "measure", error: "no" }, []],
    [true, { type: "measure", name: "sage", done: 0.4 }, []],
    [false, { type: "measure", name: "sage", done: 4 }, []],
    [true, { type: "row", row: 4, explained: false }, []],
    [false, { type: "row", row: "4", explained: false }, []],
    [
      false,
      {
        ...{ type: "row", row: 1, prediction: 0, base: 0, truth: "", cells: Array(7).fill("") },
        subject: { width: 2, height: 2 },
      },
      [f32(Array(7)), f32([]), f32([1]), f32([1])],
    ],
    [false, { type: "measure", error: 4 }, []],
    [
      false,
      { type: "row", row: 1, prediction: 0, base: 0, truth: "", cells: [""] },
      [f32(Array(7)), f32([])],
    ],
    [
      false,
      { type: "row", row: 1, prediction: 0, base: 0, truth: "", cells: Array(7).fill("") },
      [f32([1]), f32([])],
    ],
    [true, { type: "cohort", n: [1, 2], predictions: [null, 1] }, Array(4).fill(f32(Array(7)))],
    [false, { type: "cohort", n: [1, -2], predictions: [null, 1] }, Array(4).fill(f32(Array(7)))],
    [false, { type: "cohort", n: [1, 2], predictions: [null, 1] }, [f32([])]],
    [false, { type: "constructor" }, []],
    [false, null, []],
  ])("in a message: %s", (expected, content, buffers) => {
    expect(isOverviewMessage(content, buffers, whole.subject)).toBe(expected);
  });
});

test.each(["en", "zh"])("texts that mean harm are text (%s)", async (language) => {
  const skeleton = (el) => new Set(all(el, "*").flatMap((one) => [one.tagName, ...one.getAttributeNames()]));
  const drawn = async (texts) => {
    const names = texts.slice(0, 30);
    const traits = overviewTraits({
      names,
      model: texts[0],
      hard: texts[1],
      look: { language, theme: "auto" },
    });
    traits.measures.known[0].said = texts[2];
    traits.points.truths = traits.points.truths.map((_, i) => texts[i % texts.length]);
    const { el } = show(traits);
    all(el, ".ll-ranking .ll-lead")[0].click();
    for (const button of all(el, ".ll-measures button, .ll-tools button, .ll-ranking .ll-methods button"))
      button.click();
    for (const one of all(el, ".ll-lead").slice(0, 12)) one.dispatchEvent(new Event("focus"));
    await pause();
    return el;
  };
  const faults = [];
  const note = (event) => faults.push(String(event.error));
  window.addEventListener("error", note);
  const [el, plain] = [await drawn(SHORT), await drawn(HARMLESS)];
  window.removeEventListener("error", note);
  const known = skeleton(plain);
  expect(
    [...skeleton(el)].filter(
      (name) => !known.has(name) && !["hidden", "data-lit", "aria-disabled"].includes(name),
    ),
  ).toEqual([]);
  expect(globalThis.hacked).toBeUndefined();
  expect(faults).toEqual([]);
});

test("points are drawn once each, and again when what they show changes", async () => {
  const put = vi.fn();
  const createImageData = (width, height) => ({
    width,
    height,
    data: new Uint8ClampedArray(4 * width * height),
  });
  const own = { putImageData: put, createImageData, canvas: { width: 300, height: 34 } };
  const context = new Proxy(own, { get: (_, name) => own[name] ?? (() => {}), set: () => true });
  HTMLCanvasElement.prototype.getContext.mockReturnValue(context);
  const { el } = show(overviewTraits({ dense: 100_000 }));
  expect(put).toHaveBeenCalledTimes(8); // seven strips and the plane
  const filled = ({ data }) => data.filter((value, i) => i % 4 === 3 && value > 0).length;
  expect(Math.min(...put.mock.calls.map(([image]) => filled(image)))).toBeGreaterThan(90);
  lead(el, "capital gain").click();
  await until(() => expect(put.mock.calls.length).toBeGreaterThan(8));
});
