/**
 * Build the views, into src/limelight/static.
 *
 * js/views/NAME.js becomes NAME.js, which a notebook loads. js/pages/NAME.js, the same view for saved
 * pages, becomes page/NAME.js: a script that names nothing for others.
 *
 * A saved notebook holds a bundle once for every view in it, and a page once,
 * so too large a bundle fails the build.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const LIMITS = { notebook: 100_000, page: 190_000 };
const here = fileURLToPath(new URL(".", import.meta.url));
const out = `${here}../src/limelight/static`;

/** @param {string} folder @param {string} suffix */
const files = (folder, suffix) =>
  readdirSync(`${here}${folder}`)
    .filter((name) => name.endsWith(suffix))
    .map((name) => `${here}${folder}/${name}`);

/**
 * A module that unpacks the one it holds: a saved notebook has it once for every view, and a page unpacks it once.
 *
 * @param {Uint8Array} code of an ES module
 */
const packed = (code) => `// gzip of a module; its sources are in js/, and its like, as it is, in page/
const data = "${gzipSync(code, { level: 9 }).toString("base64")}";
const kept = (globalThis[Symbol.for("limelight.views")] ??= new Map());
const unpack = async () => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const whole = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const code = new Blob([await new Response(whole).arrayBuffer()], { type: "text/javascript" });
  const url = URL.createObjectURL(code);
  const { default: view } = await import(/* webpackIgnore: true */ url);
  URL.revokeObjectURL(url);
  return view;
};
export default () => {
  if (!kept.has(data)) kept.set(data, unpack().catch((error) => { kept.delete(data); throw error; }));
  return kept.get(data);
};
`;

/** @param {Uint8Array} code */
const plain = (code) => code;

/**
 * @param {string[]} entryPoints
 * @param {number} limit bytes
 * @param {import("esbuild").BuildOptions} options
 * @param {(code: Uint8Array) => string | Uint8Array} form
 */
async function bundle(entryPoints, limit, options, form = plain) {
  const { outputFiles } = await build({
    entryPoints,
    bundle: true,
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    write: false,
    absWorkingDir: here,
    ...options,
  });
  for (const { path, contents } of outputFiles) {
    const [name, made] = [relative(out, path), Buffer.from(form(contents))];
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, made);
    console.log(`${name.padEnd(16)} ${(made.length / 1000).toFixed(1).padStart(6)} KB`);
    if (made.length > limit) {
      console.error(`${name} is too large: ${made.length} bytes, and ${limit} is the most a bundle may take`);
      process.exitCode = 1;
    }
  }
}

/** Style sheets are texts, without what only we read. */
const styles = {
  name: "styles",
  /** @param {import("esbuild").PluginBuild} build */
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    }),
};
await bundle(
  files("views", ".js"),
  LIMITS.notebook,
  { outdir: out, format: "esm", plugins: [styles] },
  packed,
);
await bundle(files("pages", ".js"), LIMITS.page, {
  outdir: `${out}/page`,
  format: "iife",
  plugins: [styles],
});
await bundle(files("pages", ".css"), LIMITS.page, { outdir: `${out}/page` });
