/** One pull loop a model, however many views draw it. */
import { pull } from "./pull.js";

/**
 * A host gives `initialize` and each `render` a model object of its own, over
 * the same state: what they share is the subject, which never changes.
 *
 * @type {WeakMap<object, import("./pull.js").Pull>}
 */
const pulls = new WeakMap();

/** @param {import("./watch.js").Model} model */
export function pullOf(model) {
  const subject = model.get("subject");
  let found = pulls.get(subject);
  if (!found) {
    found = pull(model);
    pulls.set(subject, found);
  }
  return found;
}

/**
 * Begin asking when the model comes, and end when it goes.
 *
 * @param {{model: import("./watch.js").Model}} host
 * @returns {() => void}
 */
export function initialize({ model }) {
  const subject = model.get("subject");
  const found = pullOf(model);
  return () => {
    found.end();
    pulls.delete(subject);
  };
}
