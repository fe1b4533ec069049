/** A page of its own for each test: no pictures are drawn, and views that were mounted are ended. */
import { afterEach, beforeEach, vi } from "vitest";

/** What ends the views of this test. @type {(() => void)[]} */
export const ends = [];

export function eachOnItsOwnPage() {
  beforeEach(() => {
    vi.stubGlobal("createImageBitmap", async () => ({}));
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
    vi.spyOn(HTMLCanvasElement.prototype, "toDataURL").mockReturnValue("data:,");
  });
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    document.body.replaceChildren();
    vi.restoreAllMocks();
  });
}

/** How many children a view has whenever its colour is looked at, from now on. */
export function looks() {
  const look = globalThis.getComputedStyle;
  /** @type {number[]} */
  const found = [];
  vi.spyOn(globalThis, "getComputedStyle").mockImplementation((el, part) => {
    if (el.classList.contains("ll-view")) found.push(el.childElementCount);
    return look(el, part);
  });
  return found;
}
