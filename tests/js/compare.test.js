// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import {
  amount,
  columnsOf,
  disagreements,
  figures,
  reading,
  Spot,
  scaleText,
  verdict,
} from "../../js/lib/comparison.js";
import { words as wordsIn } from "../../js/lib/words.js";
import compare from "../../js/views/compare.js";
import { imageSubject, tableSubject, textSubject } from "./fixtures.js";
import { StandInModel } from "./host.js";
import { eachOnItsOwnPage, ends, looks } from "./page.js";

const all = (el, selector) => [...el.querySelectorAll(selector)];
const words = (el, selector) => all(el, selector).map((one) => one.textContent);
const english = wordsIn("en");
const flat = (values) => new DataView(Float32Array.from(values).buffer);

/** A comparison of columns that show the same subject, unless they say otherwise. */
function comparison(subjects, columns, more = {}) {
  const features = more.features ?? subjects[0].features;
  const made = columns.map(({ values, margins, ...rest }, i) => ({
    name: "ABCDEFGH"[i],
    said: ["good", 0.93],
    warning: "",
    subject: 0,
    keys: values.map((_, feature) => feature),
    scale: Math.max(...values.map(Math.abs)),
    signed: true,
    own: false,
    pixels: null,
    ...rest,
    values: flat(values),
    margins: flat(margins ?? values.map(() => 0)),
  }));
  const pair = {
    first: "A",
    second: "B",
    common: 3,
    of: 3,
    few: false,
    rank: 0.815,
    top: 2,
    shared: 1,
    disagree: [],
  };
  const agreement = {
    space: "probability",
    one_output: true,
    shared: true,
    features,
    pairs: [pair],
    ...more,
  };
  return new StandInModel({ subjects, columns: made, agreement });
}

function show(model) {
  const el = document.body.appendChild(document.createElement("div"));
  const end = compare.render({ model, el });
  ends.push(end);
  return { el, end };
}

const text = () => textSubject("so very good");
const two = (more) => comparison([text()], [{ values: [0.1, -0.2, 0.4] }, { values: [0.2, 0.3, 0.1] }], more);
const point = (el, type) => el.dispatchEvent(new Event(type, { bubbles: true }));

eachOnItsOwnPage();

describe("numbers in words", () => {
  const [column] = columnsOf(
    comparison([text()], [{ values: [0.1, -0.2, 0.4], margins: [0.02, 1 / 0, 1e-9] }]),
    english,
  );

  test("an amount tells its sign, and its interval where there is one", () => {
    expect([0, 1, 2].map((i) => amount(column, i))).toEqual(["+0.10 \u00b1 0.020", "\u22120.20", "+0.40"]);
  });

  test("a reading says where a feature is missing, and a row's value", () => {
    expect(reading(column, 1)).toBe(" \u22120.20");
    expect(reading(column, 7)).toBe(": not here");
    const values = tableSubject().features.map(() => 0.25);
    const [row] = columnsOf(comparison([tableSubject()], [{ values }]), english);
    expect(reading(row, 3)).toBe(" = 987.25: +0.25");
    expect(reading(row, 9)).toBe(" = left: +0.25");
  });

  test("a verdict leaves out what the model says where that is not known", () => {
    expect(verdict(column, "probability")).toEqual(["good", " 0.93"]);
    expect(verdict({ ...column, said: ["good", null] }, "probability")).toEqual(["good", ""]);
  });

  test("many pairs are told by the least and the most", () => {
    const pairs = Array.from({ length: 10 }, (_, i) => ({
      ...two().get("agreement").pairs[0],
      rank: i ? i / 10 : null,
    }));
    expect(figures({ pairs }, "text", english.compare)[0].parts).toEqual([
      { text: "0.10 to 0.90", title: "of 10 pairs" },
    ]);
    expect(
      figures({ pairs: pairs.slice(0, 2) }, "text", english.compare)[0].parts.map((part) => part.text),
    ).toEqual(["none", "0.10"]);
    expect(figures({ pairs: [{ ...pairs[0], common: 0 }] }, "text", english.compare)).toEqual([]);
  });

  test("disagreements are told once, the most important first", () => {
    const pair = two().get("agreement").pairs[0];
    const pairs = [
      { ...pair, disagree: [5, 2] },
      { ...pair, second: "C", disagree: [2] },
    ];
    expect(disagreements({ pairs }, english.compare)).toEqual([
      { key: 2, title: "A against B; A against C" },
      { key: 5, title: "A against B" },
    ]);
  });

  test("what two inputs have in common is counted, and of too little nothing is ranked", () => {
    const pair = { ...two().get("agreement").pairs[0], common: 2, of: 9, few: true, rank: null };
    const [common, ...more] = figures({ pairs: [pair] }, "text", english.compare);
    expect([common.label, common.parts[0].text, more]).toEqual(["words in common", "2 of 9", []]);
    const other = { ...pair, common: 6, few: false, rank: 0.5 };
    const texts = figures({ pairs: [pair, other] }, "text", english.compare).map(({ parts }) =>
      parts.map(({ text }) => text),
    );
    expect(texts[1]).toEqual(["too few", "0.50"]);
  });

  test("sizes have no sign", () => {
    expect(amount({ ...column, signed: false }, 0)).toBe("0.10 \u00b1 0.020");
  });

  test("a scale names its space, or says that there are several", () => {
    const agreement = two().get("agreement");
    expect(scaleText(agreement, [column])).toBe("one scale, up to \u00b10.40 probability");
    const apart = { ...agreement, shared: false };
    expect(scaleText(apart, [column, { ...column, own: true }])).toMatch(/^each column has its own scale/);
    expect(scaleText(apart, [column, column, { ...column, own: true }])).toMatch(/share one scale/);
  });
});

describe("a spot", () => {
  test("is where the pointer is, and otherwise where it was pressed", () => {
    const spot = new Spot();
    const seen = [];
    spot.on(() => seen.push(spot.key));
    spot.press(3);
    spot.light(1);
    spot.light(1);
    spot.light(-1);
    spot.press(3);
    expect(seen).toEqual([3, 1, 3, -1]);
  });
});

describe("texts", () => {
  test("share one scale, and signs are told without colour", () => {
    const model = two();
    model.state.columns.forEach((column) => {
      column.scale = 0.4;
    });
    const { el } = show(model);
    expect(words(el, ".ll-name")).toEqual(["A", "B"]);
    const shares = all(el, ".ll-token").map((one) => one.style.getPropertyValue("--ll-share"));
    expect(shares).toEqual(["0.25", "0.50", "1.00", "0.50", "0.75", "0.25"]);
    expect(all(el, ".ll-token").map((one) => one.dataset.sign)).toEqual([
      "for",
      "against",
      "for",
      "for",
      "for",
      "for",
    ]);
  });

  test("light a word everywhere, with what each column says of it", () => {
    const { el } = show(two());
    point(all(el, ".ll-token")[1], "pointerover");
    expect(words(el, "[data-lit]")).toEqual(["very", "very"]);
    expect(words(el, ".ll-column > .ll-hint")).toEqual(["very \u22120.20", "very +0.30"]);
    point(el.querySelector("article"), "pointerleave");
    expect(all(el, "[data-lit]")).toEqual([]);
    expect(words(el, ".ll-column > .ll-hint")).toEqual(["good 0.93", "good 0.93"]);
  });

  test("of two inputs are held together by name, and a word that is missing is said to be", () => {
    const subjects = [text(), textSubject("good so")];
    const columns = [{ values: [0.1, -0.2, 0.4] }, { values: [0.2, 0.3], keys: [2, 0], subject: 1 }];
    const { el } = show(comparison(subjects, columns));
    point(all(el, ".ll-token")[2], "focusin");
    expect(words(el, "[data-lit]")).toEqual(["good", "good"]);
    point(all(el, ".ll-token")[1], "focusin");
    expect(words(el, ".ll-column > .ll-hint")[1]).toBe("very: not here");
  });

  test("keep lit what was pressed, by pointer or by key, and say it aloud", () => {
    const { el } = show(two());
    const [first] = all(el, ".ll-token");
    first.click();
    point(el.querySelector("article"), "pointerleave");
    expect(all(el, ".ll-token").map((one) => one.getAttribute("aria-pressed"))).toEqual(
      Array(2).fill(["true", "false", "false"]).flat(),
    );
    expect(el.querySelector("[aria-live]").textContent).toBe("so: A +0.10; B +0.20");
    first.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    expect(all(el, "[aria-pressed=true]")).toEqual([]);
  });

  test("are one stop each for the tab key", () => {
    const { el } = show(two());
    expect(all(el, ".ll-token").map((one) => one.tabIndex)).toEqual([0, -1, -1, 0, -1, -1]);
  });

  test("that are markup stay text", () => {
    const hostile = textSubject("<img src=x> is");
    const values = hostile.features.map(() => 0.5);
    const { el } = show(
      comparison([hostile], [{ values, name: "<b>", warning: "<i>" }], { features: hostile.features }),
    );
    expect(all(el, "img, b:not(.ll-foot b), i:not(.ll-ramp)")).toEqual([]);
    expect(words(el, ".ll-caution")).toEqual(["<i>."]);
  });
});

describe("bars", () => {
  const d = tableSubject().features.length;
  const long = () => {
    const features = Array.from({ length: 13 }, (_, i) => `feature ${i}`);
    const columns = features.map((_, i) => ({ value: i, kind: "number", categories: null }));
    const values = features.map((_, i) => 13 - i);
    return comparison([{ kind: "table", model: "m", features, columns }], [{ values }, { values }]);
  };

  test("stand in one order in all columns, and on one scale", () => {
    const values = Array.from({ length: d }, (_, i) => 1 / (1 + i));
    const { el } = show(
      comparison([tableSubject()], [{ values }, { values: values.map((v) => v / 2), scale: 1 }]),
    );
    const [first, second] = all(el, ".ll-bars").map((list) => words(list, ".ll-label"));
    expect(first).toEqual(second);
    const [a, b] = all(el, ".ll-bars").map((list) =>
      Number.parseFloat(list.querySelector(".ll-bar").style.width),
    );
    expect(a).toBeCloseTo(2 * b);
  });

  test("have scales of their own where units differ, and the view says so", () => {
    const values = Array.from({ length: d }, (_, i) => 1 / (1 + i));
    const { el } = show(
      comparison([tableSubject()], [{ values }, { values: values.map((v) => v / 2), own: true }], {
        shared: false,
      }),
    );
    const [a, b] = all(el, ".ll-bars").map((list) =>
      Number.parseFloat(list.querySelector(".ll-bar").style.width),
    );
    expect(a).toBeCloseTo(b);
    expect(el.querySelector(".ll-legend").textContent).toMatch(/own scale/);
    expect(all(el, ".ll-ramp")).toEqual([]);
    expect(words(el, ".ll-full")).toEqual(["full colour: \u00b11.0", "full colour: \u00b10.50"]);
  });

  test("share a scale with those that add up, whatever a third column's is", () => {
    const values = Array.from({ length: d }, (_, i) => 1 / (1 + i));
    const [half, wide] = [values.map((v) => v / 2), values.map((v) => 90 * v)];
    const { el } = show(
      comparison([tableSubject()], [{ values }, { values: half }, { values: wide, own: true }], {
        shared: false,
      }),
    );
    const [a, b, c] = all(el, ".ll-bars").map((list) =>
      Number.parseFloat(list.querySelector(".ll-bar").style.width),
    );
    expect([a / b, c / a]).toEqual([expect.closeTo(2), expect.closeTo(1)]);
  });

  test("of sizes say neither for nor against", () => {
    const values = Array.from({ length: d }, () => 0.5);
    const { el } = show(comparison([tableSubject()], [{ values }, { values, signed: false }]));
    expect(all(el, ".ll-column").map((one) => one.hasAttribute("data-sizes"))).toEqual([false, true]);
    expect(all(el, ".ll-bars").map((list) => words(list, ".ll-number")[0])).toEqual(["+0.50", "0.50"]);
  });

  test("unfold in all columns at once", () => {
    const { el } = show(long());
    const visible = () => all(el, ".ll-bars > li").filter((row) => !row.hidden).length;
    expect(visible()).toBe(20);
    const [more, fewer] = all(el, ".ll-more");
    expect(more.textContent).toBe("3 more");
    more.click();
    expect([visible(), more.hidden, fewer.hidden]).toEqual([26, true, false]);
    fewer.click();
    expect(visible()).toBe(20);
  });

  test("are named where a column has no such feature", () => {
    const keys = Array.from({ length: d - 1 }, (_, i) => i);
    const values = Array.from({ length: d }, () => 0.5);
    const { el } = show(comparison([tableSubject()], [{ values }, { values: values.slice(1), keys }]));
    const last = all(el, ".ll-bars")[1].lastElementChild;
    expect(last.querySelector(".ll-number").textContent).toBe("\u2013");
    expect(last.firstElementChild.getAttribute("aria-description")).toBe("not here");
  });
});

describe("the foot", () => {
  test("tells each pair's figures, with the pair in words", () => {
    const { el } = show(two());
    expect(words(el, ".ll-foot b")).toEqual(["0.82", "1"]);
    expect(words(el, ".ll-foot .ll-voice")[0]).toBe("A and B ");
  });

  test("lights what columns disagree on, everywhere", () => {
    const pair = { ...two().get("agreement").pairs[0], disagree: [1] };
    const { el } = show(two({ pairs: [pair] }));
    expect(el.querySelector(".ll-foot [data-warn]").textContent).toBe("they disagree on very");
    el.querySelector(".ll-apart").click();
    expect(words(el, ".ll-token[data-lit]")).toEqual(["very", "very"]);
    const other = show(two({ pairs: [pair], one_output: false }));
    expect(other.el.querySelector(".ll-foot [data-warn]").textContent).toBe("signs differ on very");
  });
});

test("pictures say what counted in numbers, too", () => {
  const subject = imageSubject({ width: 32, height: 32, cells: 2 });
  const { el } = show(comparison([subject], [{ values: [1, 2, 3, -4] }, { values: [4, 3, 2, 1] }]));
  expect(all(el, ".ll-picture[role=img]").length).toBe(2);
  expect(words(all(el, ".ll-bars")[0], ".ll-number")).toEqual(["+1.0", "+2.0", "+3.0", "\u22124.0"]);
});

test("a column that has pixels shows these, and another its segments", () => {
  const painted = { data: new Uint8ClampedArray(4 * 352 * 352) };
  const seen = [];
  const context = {
    createImageData: () => painted,
    drawImage: () => {},
    putImageData: () => seen.push(painted.data[3]),
  };
  HTMLCanvasElement.prototype.getContext.mockReturnValue(context);
  const subject = imageSubject({ width: 32, height: 32, cells: 2 });
  const pixels = new DataView(new Int8Array(32 * 32).buffer);
  const { el } = show(comparison([subject], [{ values: [1, 1, 1, 1], pixels }, { values: [1, 1, 1, 1] }]));
  expect(all(el, ".ll-picture").map((one) => one.hasAttribute("data-fine"))).toEqual([true, false]);
  expect([seen[0], seen[1] > 0]).toEqual([0, true]);
});

test("its colour is looked for before it is filled", () => {
  const filled = looks();
  show(two());
  expect(filled).toEqual([0]);
});

test("nothing is left when the view goes", () => {
  const model = two();
  const { el, end } = show(model);
  end();
  expect([el.childElementCount, model.listening]).toEqual([0, 0]);
});
