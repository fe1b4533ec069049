/** A page of its own for each test: no pictures are drawn, and views that were mounted are ended. */
import { afterEach, beforeEach, vi } from "vitest";

/** What ends the views of this test. @type {(() => void)[]} */
export const ends = [];

export function eachOnItsOwnPage() {
  beforeEach(() => {
    vi.stubGlobal("createImageBitmap", async () => ({}));
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  });
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    document.body.replaceChildren();
    vi.restoreAllMocks();
  });
}
