// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { h } from "../../js/lib/dom.js";
import { placeOf } from "../../js/lib/pixels.js";
import { oneStop } from "../../js/lib/roving.js";
import { isolated } from "../../js/lib/scale.js";
import { words } from "../../js/lib/words.js";
import { terms } from "../../js/parts/terms.js";

const english = words("en").card;

test("names from right to left are set apart from a sentence, and others are left alone", () => {
  expect(isolated("good")).toBe("good");
  for (const name of ["\u05d7\u05d9\u05d5\u05d1\u05d9", "is \u0625\u064a\u062c\u0627\u0628\u064a"])
    expect(isolated(name)).toBe(`\u2068${name}\u2069`);
});

test("a segment lies in one of nine places", () => {
  const picture = { width: 90, height: 60 };
  const at = (x, y) => placeOf([x, y, 10, 10], picture);
  expect([at(0, 0), at(40, 0), at(80, 0), at(40, 25), at(0, 50), at(80, 50)]).toEqual([0, 1, 2, 4, 6, 8]);
  expect(placeOf([80, 50, 20, 20], picture)).toBe(8);
});

describe("where the tab key stops", () => {
  test("is one place, the first at first", () => {
    const buttons = ["a", "b", "c"].map((text) => h("button", { text }));
    oneStop(buttons);
    expect(buttons.map((one) => one.tabIndex)).toEqual([0, -1, -1]);
  });

  test("is the one that is pressed, among several that are new", () => {
    const buttons = [0, 1, 2].map((i) => h("button", { "aria-pressed": String(i === 1) }));
    oneStop(buttons);
    expect(buttons.map((one) => one.tabIndex)).toEqual([-1, 0, -1]);
  });

  test("stays where it was while others come before it, and is found anew when it goes", () => {
    const [a, b, c] = ["a", "b", "c"].map((text) => h("button", { text, tabindex: text === "b" ? 0 : -1 }));
    oneStop([c, a, b]);
    expect([a, b, c].map((one) => one.tabIndex)).toEqual([-1, 0, -1]);
    oneStop([c, a]);
    expect([c.tabIndex, a.tabIndex]).toEqual([0, -1]);
    oneStop([]);
  });
});

describe("the list that the question mark opens", () => {
  const card = () => {
    const foot = h("footer", { class: "ll-foot" });
    const shown = h("span", { "data-term": "fit", title: "how well it fits" });
    const gone = h("p", { hidden: true }, h("span", { "data-term": "gap", title: "what is missed" }));
    const el = h("article", {}, shown, gone, foot);
    const draw = terms(el, english);
    return { el, shown, gone, draw, ask: foot.querySelector("button"), list: el.querySelector("dl") };
  };

  test("tells the terms that are in sight, as text", () => {
    const { ask, list, shown } = card();
    shown.title = "<b>how</b> well";
    ask.click();
    expect([list.hidden, ask.getAttribute("aria-expanded")]).toEqual([false, "true"]);
    expect(list.textContent).toBe("fit<b>how</b> well");
    ask.click();
    expect([list.hidden, ask.getAttribute("aria-expanded")]).toEqual([true, "false"]);
  });

  test("follows what is in sight while it is open", () => {
    const { ask, list, gone, draw } = card();
    ask.click();
    gone.hidden = false;
    draw();
    expect([...list.querySelectorAll("dt")].map((dt) => dt.textContent)).toEqual(["fit", "gap"]);
  });
});
