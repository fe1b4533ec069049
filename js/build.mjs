/**
 * Build one bundle a view: js/views/NAME.js becomes src/limelight/static/NAME.js.
 *
 * A saved notebook holds a bundle once for every view in it, so a bundle above
 * 100 KB fails the build.
 */
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const LIMIT = 100_000;
const here = fileURLToPath(new URL(".", import.meta.url));

const { metafile } = await build({
  entryPoints: readdirSync(`${here}views`)
    .filter((name) => name.endsWith(".js"))
    .map((name) => `${here}views/${name}`),
  outdir: `${here}../src/limelight/static`,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  loader: { ".css": "text" },
  metafile: true,
});

for (const [path, { bytes }] of Object.entries(metafile.outputs)) {
  console.log(`${basename(path).padEnd(16)} ${(bytes / 1000).toFixed(1).padStart(6)} KB`);
  if (bytes > LIMIT) {
    console.error(
      `${basename(path)} is too large: ${bytes} bytes, and ${LIMIT} is the most a bundle may take`,
    );
    process.exitCode = 1;
  }
}
