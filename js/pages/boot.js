/**
 * Unpack the views' scripts and run them: the page's policy names the hash of each, so nothing else can come of them.
 *
 * Where that can't be done, what stands in the place of the views says why: that they did not start, or, where the
 * browser can't unpack, that it is too old.
 */
import { ungzipped } from "../lib/gzip.js";

/** Browsers that ask who makes scripts are told. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("limelight", {
  createScript: (/** @type {string} */ code) => code,
});

/** @param {HTMLScriptElement} packed */
async function run({ textContent }) {
  const code = new TextDecoder().decode(await ungzipped(textContent ?? ""));
  const script = document.createElement("script");
  script.textContent = policy ? policy.createScript(code) : code;
  document.body.append(script);
}

function tellOld() {
  const { old = "" } = document.querySelector("main")?.dataset ?? {};
  const notes = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".still > .note"));
  for (const note of notes) {
    note.textContent = old;
    note.dataset.now = "";
    note.setAttribute("role", "alert");
  }
}

const scripts = /** @type {NodeListOf<HTMLScriptElement>} */ (
  document.querySelectorAll("body > script[type='application/gzip']")
);
// Of one that is damaged nothing is run: what stands there says that the view did not start.
if (globalThis.DecompressionStream) for (const packed of scripts) run(packed).catch(() => {});
else tellOld();
