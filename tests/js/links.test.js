// @vitest-environment jsdom
import { afterEach, describe, expect, test } from "vitest";
import table from "../../js/views/table.js";
import text from "../../js/views/text.js";
import { groupedSubject, tableSubject, textSubject } from "./fixtures.js";
import { FakeKernel, StandInModel, traits } from "./host.js";
import { softmaxGame, someCount } from "./models.js";

const VIEWS = { text, table };
const NAMES = ["positive", "negative"];
const FOUND = [
  [8, 9, 0.2, 0.01],
  [3, 8, -0.1, 0.02],
  [0, 1, 0.05, 0],
  [2, 4, 0.02, 0.001],
  [1, 5, 0.01, 0.001],
  [1, 6, -0.005, 0.001],
];
const LINKS = [FOUND, FOUND.map(([i, j, value, error]) => [i, j, -value, error])];
const pause = () => new Promise((resolve) => setTimeout(resolve, 60));
const all = (el, selector) => [...el.querySelectorAll(selector)];
const words = (el, selector) => all(el, selector).map((one) => one.textContent);
const press = (el, key) => el.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
let ends = [];

/** Show a subject with these links. */
function show(subject, links = LINKS) {
  const d = subject.features.length;
  const kernel = new FakeKernel({ game: softmaxGame(someCount(d), 2), d, k: 2, limit: 200, delay: 1 }).run(
    200,
  );
  const model = new StandInModel(traits(kernel, { subject, names: NAMES, links }), kernel);
  const el = document.body.appendChild(document.createElement("div"));
  const view = VIEWS[subject.kind];
  ends.push(view.render({ model, el }), view.initialize({ model }));
  return { el, model, box: el.querySelector(".ll-links"), items: () => all(el, ".ll-pairs > li") };
}

afterEach(() => {
  for (const end of ends) end();
  ends = [];
  document.body.replaceChildren();
});

describe("links", () => {
  test("are not there unless they were asked for", () => {
    expect(show(textSubject(), null).box.hidden).toBe(true);
    expect(show(tableSubject(), [[], []]).box.hidden).toBe(true);
  });

  test("are those of the run that was asked for them, and not of the methods beside it", async () => {
    const { model, box } = show(tableSubject());
    expect(box.hidden).toBe(false);
    model.set("answers", { ...model.get("answers"), linked: "additive" });
    await pause();
    expect(box.hidden).toBe(true);
    model.set("answers", { ...model.get("answers"), linked: "neighborhood" });
    await pause();
    expect(box.hidden).toBe(false);
  });

  test("name two features, and say how much, which way and how sure", () => {
    const { box, items } = show(textSubject());
    expect(box.hidden).toBe(false);
    expect(items().map((li) => [li.dataset.sign, words(li, ".ll-label").join(" ")])).toEqual([
      ["for", "utterly gripping"],
      ["against", "but utterly"],
      ["for", "A slow"],
      ["for", "start the"],
      ["for", "slow second"],
    ]);
    expect(words(box, ".ll-number")).toEqual(["+0.20", "\u22120.10", "+0.05", "+0.02", "+0.01"]);
    expect(items()[0].title).toBe("utterly with gripping: +0.20, 95 % interval +0.180 to +0.220");
    expect(items()[2].title).toBe("A with slow: +0.05, +0.0500, exact");
  });

  test("have intervals of 1.96 standard errors, and none where they are exact", () => {
    const { items } = show(textSubject());
    const parts = items().map((li) => [".ll-bar", ".ll-whisker"].map((part) => li.querySelector(part)));
    const [bar, whisker] = parts[0].map(({ style }) => Number.parseFloat(style.width));
    expect(whisker / bar).toBeCloseTo((2 * 1.96 * 0.01) / 0.2, 6);
    expect(parts.map(([, { hidden }]) => hidden)).toEqual([false, false, true, false, false]);
  });

  test("are five, and the rest on request", async () => {
    const { box, items } = show(textSubject());
    const more = box.querySelector(".ll-more");
    expect([more.textContent, more.getAttribute("aria-expanded")]).toEqual(["1 more", "false"]);
    more.click();
    expect([items().length, more.textContent]).toEqual([6, "fewer"]);
    items()[0].focus();
    press(items()[0], "End");
    expect(document.activeElement).toBe(items()[5]);
    more.click();
    expect(items().map((li) => li.tabIndex)).toEqual([0, -1, -1, -1, -1]);
  });

  test("are those of the output that is explained", async () => {
    const { el, box } = show(textSubject());
    const before = words(box, ".ll-number")[0];
    const other = all(el, ".ll-chip").find((chip) => chip.getAttribute("aria-pressed") === "false");
    other.click();
    await pause();
    const after = words(box, ".ll-number")[0];
    expect([before, after].sort()).toEqual(["+0.20", "\u22120.20"].sort());
  });

  test("light both words and both bars, with a thread between the words", async () => {
    const { el, items } = show(textSubject());
    const path = el.querySelector(".ll-thread path");
    items()[0].dispatchEvent(new Event("pointerenter"));
    await pause();
    expect(words(el, ".ll-token[data-lit]")).toEqual(["utterly", "gripping"]);
    const inSight = words(el, ".ll-bars > li .ll-label").filter((w) => /^(utterly|gripping)$/.test(w));
    expect(words(el, ".ll-bars > li[data-lit] .ll-label")).toEqual(inSight);
    expect(inSight.length).toBeGreaterThan(0);
    expect(path.hasAttribute("d")).toBe(true);
    expect(items().map((li) => li.getAttribute("aria-selected"))).toEqual([
      "true",
      ...Array(4).fill("false"),
    ]);
    el.querySelector(".ll-pairs").dispatchEvent(new Event("pointerleave"));
    await pause();
    expect(all(el, "[data-lit]")).toEqual([]);
    expect(path.hasAttribute("d")).toBe(false);
  });

  test("light up for a word that is in them", async () => {
    const { el, items } = show(textSubject());
    all(el, ".ll-token")[8].dispatchEvent(new Event("pointerover", { bubbles: true }));
    await pause();
    expect(items().map((li) => li.hasAttribute("data-lit"))).toEqual([true, true, false, false, false]);
    expect(el.querySelector(".ll-thread path").hasAttribute("d")).toBe(false);
  });

  test("are one stop for the tab key, and arrows lead from one to the next", async () => {
    const { el, items } = show(tableSubject());
    expect(items().map((li) => li.tabIndex)).toEqual([0, -1, -1, -1, -1]);
    items()[0].focus();
    press(items()[0], "ArrowDown");
    await pause();
    expect(document.activeElement).toBe(items()[1]);
    expect(items().map((li) => li.tabIndex)).toEqual([-1, 0, -1, -1, -1]);
    const lit = all(el, ".ll-bars > li[data-lit]").map((li) => Number(li.dataset.feature));
    expect(lit.sort()).toEqual([3, 8]);
  });

  test("go when more is asked for, and come back where they were", async () => {
    const { model, box, items } = show(textSubject());
    items()[1].focus();
    const [before, answers] = [items(), model.get("answers")];
    model.set("answers", { ...answers, links: LINKS.map((found) => [...found]) });
    await pause();
    expect(items()).toEqual(before);
    expect(document.activeElement).toBe(before[1]);
    model.set("answers", { ...answers, links: null });
    await pause();
    expect([box.hidden, items().length]).toEqual([true, 0]);
  });
});

test("a group's values are read, and not edited", () => {
  const { el } = show(groupedSubject(), null);
  const [size, , texture] = [0, 1, 2].map((i) => el.querySelector(`.ll-bars > li[data-feature='${i}']`));
  expect(size.querySelector(".ll-value").textContent).toBe("= 117.7, 987.25, 34.62, 0.08836, 0.1374");
  expect(size.querySelector("input, select")).toBe(null);
  expect(size.querySelector(".ll-value").title).toMatch(/a group, .*can't be edited$/);
  expect(texture.querySelector("input").value).toBe("13.4");
});
