// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import { Carried } from "../../js/lib/carried.js";
import { Points } from "../../js/lib/points.js";
import { imageSubject } from "./fixtures.js";
import {
  all,
  drag,
  inSight,
  key,
  lead,
  overviewTraits,
  pause,
  press,
  show,
  until,
  words,
} from "./overview_page.js";
import { corpusTraits, imagesTraits } from "./overviews.js";
import { eachOnItsOwnPage } from "./page.js";

const f32 = (values) => new DataView(Float32Array.from(values).buffer);
const _u32 = (values) => new DataView(Uint32Array.from(values).buffer);

eachOnItsOwnPage();

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
    Object.assign(model.kernel, { delay: 500, slices: [0.25, 0.5, 0.75, 1] });
    press(el, "2 more");
    await pause();
    const buttons = () => words(el, ".ll-measures button").slice(0, -1);
    const before = buttons();
    press(el, "Mean derivative");
    await until(() => expect(words(el, ".ll-doing .ll-hint")).toEqual(["Computing Mean derivative: 25 %"]));
    const bar = el.querySelector(".ll-doing [role=progressbar]");
    expect(bar.getAttribute("aria-valuenow")).toBe("25");
    model.kernel.delay = 1;
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
    Object.assign(model.kernel, { delay: 200, slices: [0.25, 0.5, 0.75, 1] });
    press(el, "2 more");
    await pause();
    press(el, "Mean derivative");
    const going = /^Computing Mean derivative: \d+ %$/;
    await until(() => expect(words(el, ".ll-doing .ll-hint").join()).toMatch(going));
    press(el, "Stop");
    model.kernel.delay = 1;
    await pause(300);
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
