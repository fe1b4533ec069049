// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { hideFallback, hiding } from "../../js/lib/fallback.js";
import compare from "../../js/views/compare.js";
import text from "../../js/views/text.js";
import { comparisonOf, draw, HARMLESS, stateOf } from "./hostile.js";
import { eachOnItsOwnPage } from "./page.js";

const NAME = "0123456789abcdef";
const picture = (/** @type {string} */ name) =>
  `<svg xmlns="http://www.w3.org/2000/svg" id="limelight-${name}" width="9" height="9"></svg>`;

/** @param {string} name */
const model = (name) => /** @type {any} */ ({ get: () => name });
const sheets = () => [...document.querySelectorAll("style")].map((sheet) => sheet.textContent);

eachOnItsOwnPage();

describe("the picture of a view that runs", () => {
  beforeEach(() => {
    document.head.replaceChildren();
  });

  it.each([
    ["drawn into the page", picture],
    [
      "an image, percent-encoded",
      (name) => `<img src="data:image/svg+xml,${encodeURIComponent(picture(name))}">`,
    ],
    ["an image in base64", (name) => `<img src="data:image/svg+xml;base64,${btoa(picture(name))}">`],
  ])("is found as %s, and no other is", (_, shown) => {
    document.body.innerHTML = shown(NAME) + shown("fedcba9876543210");
    const [selector] = hiding(NAME).split(", .jp-OutputArea");
    expect([...document.querySelectorAll(selector)]).toEqual([document.body.firstElementChild]);
  });

  it("is hidden until the last of its views has gone", () => {
    const [first, second] = [hideFallback(model(NAME)), hideFallback(model(NAME))];
    first();
    first();
    expect(sheets()).toEqual([hiding(NAME)]);
    second();
    expect(sheets()).toEqual([]);
  });

  it.each([
    ["an explanation", text, () => stateOf("text", HARMLESS).state],
    ["a comparison", compare, () => comparisonOf("text", HARMLESS)],
  ])("of %s is hidden while that is drawn", (_, view, state) => {
    const { end } = draw(view, { ...state(), fallback: NAME });
    expect(sheets()).toContain(hiding(NAME));
    end();
    expect(sheets()).not.toContain(hiding(NAME));
  });

  it.each(["", "x{}*", "a, *", undefined])("is not looked for by a name that is none: %s", (name) => {
    hideFallback(model(/** @type {any} */ (name)));
    expect(sheets()).toEqual([]);
  });
});
