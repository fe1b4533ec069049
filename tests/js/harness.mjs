/**
 * Pages to look at: every view in the states that matter, with a kernel that is made up.
 *
 *     node tests/js/harness.mjs FOLDER [PICTURE.png of 224 x 224]
 *
 * writes FOLDER/index.html; open it with ?only=NAME&theme=dark&lang=zh-CN to see one.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { groupedSubject, imageSubject, tableSubject, textSubject } from "./fixtures.js";
import { hard } from "./hard.js";

const [folder, png] = process.argv.slice(2);
const here = fileURLToPath(new URL(".", import.meta.url));
const { build } = createRequire(`${here}../../js/package.json`)("esbuild");

const encode = (_, value) =>
  value instanceof Uint8Array ? { bytes: Buffer.from(value).toString("base64") } : value;
const long = `${"The plot of this film is thin and its people are flat but every scene by the sea is lovely. ".repeat(15)}`;
const subjects = {
  text: textSubject(),
  table: tableSubject(),
  grouped: groupedSubject(),
  image: imageSubject({ png: png ? readFileSync(png) : null }),
  hostile: textSubject("</script><img src=x onerror=alert(1)> is <b>not</b> a word {{7*7}} & so", {
    model: '"><script>alert("model")</script>',
  }),
  long: textSubject(long, {
    cut: 560,
    notes: ["The model reads 256 tokens: the last 5 words are never seen."],
  }),
  ...hard(),
};
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "subjects.json"), JSON.stringify(subjects, encode));
const { outputFiles } = await build({
  entryPoints: [`${here}gallery.js`],
  bundle: true,
  format: "iife",
  write: false,
  loader: { ".css": "text" },
  define: { SUBJECTS: JSON.stringify(JSON.stringify(subjects, encode)).replaceAll("</", "<\\/") },
});
const code = outputFiles[0].text.replaceAll("</script", "<\\/script");
writeFileSync(
  join(folder, "index.html"),
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>limelight views</title><body><script>${code}</script></body></html>`,
);
