/**
 * Pages to look at: every view in the states that matter, with a kernel that is made up.
 *
 *     node tests/js/harness.mjs FOLDER [PICTURE.png of 224 x 224]
 *
 * writes FOLDER/index.html; open it with ?only=NAME&theme=dark to see one.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { groupedSubject, imageSubject, tableSubject, textSubject } from "./fixtures.js";

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
  arabic: textSubject(
    "\u0641\u064a\u0644\u0645 \u0631\u0627\u0626\u0639 \u0648\u0645\u0645\u062a\u0639 \u062c\u062f\u0627\u060c \u0644\u0643\u0646\u0647 \u0637\u0648\u064a\u0644 \u0648\u0645\u0645\u0644 \u0641\u064a \u0627\u0644\u0646\u0647\u0627\u064a\u0629.",
  ),
  chinese: textSubject(
    "\u8fd9 \u90e8 \u7535\u5f71 \u975e\u5e38 \u7cbe\u5f69, \u4f46\u662f \u7ed3\u5c40 \u6709\u70b9 \u65e0\u804a.",
  ),
  long: textSubject(long, {
    cut: 560,
    notes: ["The model reads 256 tokens: the last 5 words are never seen."],
  }),
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
