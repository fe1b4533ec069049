// @vitest-environment jsdom
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { h } from "../../js/lib/dom.js";

const WAITING = "It has not started.";

/** A page that holds scripts, as export/page.py writes it. */
function write(...texts) {
  const still = h("div", { class: "still" }, h("p", { class: "note", text: WAITING }));
  document.body.replaceChildren(h("main", { "data-old": "Too old." }, still));
  for (const textContent of texts) {
    const script = document.createElement("script");
    Object.assign(script, { type: "application/gzip", textContent });
    document.body.append(script);
  }
}

const packed = (code) => gzipSync(code).toString("base64");
const made = () => [...document.querySelectorAll("body > script:not([type])")].map((one) => one.textContent);
const note = () => document.querySelector(".note");
const boot = () => import("../../js/pages/boot.js");

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

describe("the script that begins a page", () => {
  test("unpacks the others and adds them, letter by letter as they were", async () => {
    write(packed("globalThis.first = '\u00e9'"), packed("globalThis.second = 2"));
    await boot();
    await vi.waitFor(() => expect(made().length).toBe(2));
    expect(made().sort()).toEqual(["globalThis.first = '\u00e9'", "globalThis.second = 2"]);
    expect(note().textContent).toBe(WAITING);
  });

  test("tells a browser that asks for it who makes them", async () => {
    const createPolicy = vi.fn((_, { createScript }) => ({ createScript: (code) => createScript(code) }));
    vi.stubGlobal("trustedTypes", { createPolicy });
    write(packed("globalThis.third = 3"));
    await boot();
    await vi.waitFor(() => expect(made()).toEqual(["globalThis.third = 3"]));
    expect(createPolicy.mock.calls[0][0]).toBe("limelight");
  });

  test("adds nothing of one that is damaged, and leaves the message", async () => {
    const whole = packed("globalThis.fourth = 4");
    write(
      `${whole.slice(0, 20)}${whole[20] === "A" ? "B" : "A"}${whole.slice(21)}`,
      packed("globalThis.fifth = 5"),
    );
    await boot();
    await vi.waitFor(() => expect(made()).toEqual(["globalThis.fifth = 5"]));
    expect(note().textContent).toBe(WAITING);
  });

  test("says so where the browser can't unpack", async () => {
    vi.stubGlobal("DecompressionStream", undefined);
    write(packed("globalThis.sixth = 6"));
    await boot();
    expect([note().textContent, note().getAttribute("role"), made().length]).toEqual([
      "Too old.",
      "alert",
      0,
    ]);
  });
});
