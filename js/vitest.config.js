import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Import a style sheet as its text, as the build does. */
const cssAsText = {
  name: "css-as-text",
  enforce: /** @type {const} */ ("pre"),
  /** @this {any} @param {string} source @param {string | undefined} importer */
  async resolveId(source, importer) {
    if (!source.endsWith(".css")) return null;
    const found = await this.resolve(source, importer, { skipSelf: true });
    return found && `${found.id}?raw`;
  },
};

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  cacheDir: `${here}node_modules/.vite`,
  plugins: [cssAsText],
  resolve: {
    // The tests lie outside of this folder, and the packages inside it.
    alias: { vitest: `${here}node_modules/vitest` },
  },
  test: {
    include: ["tests/js/**/*.test.js"],
    // All cores, where vitest leaves one idle; and jsdom loaded once a worker, which takes longer than many a file.
    maxWorkers: "100%",
    pool: "threads",
    isolate: false,
    testTimeout: 60_000, // a busy machine is slow, not wrong
  },
});
