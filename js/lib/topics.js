/** What the parts of a view listen to: by topic, and once a frame however often it was touched. */
import { onFrame } from "./later.js";

/** @template {string} Topic */
export class Topics {
  /** @type {Set<{topics: Topic[], callback: () => void}>} */
  #listeners = new Set();
  /** @type {Set<Topic>} */
  #touched = new Set();
  #frame = onFrame(() => this.#flush());

  /**
   * Have `callback` called in the next frame after any of these changed.
   *
   * @param {Topic[]} topics
   * @param {() => void} callback
   */
  on(topics, callback) {
    this.#listeners.add({ topics, callback });
  }

  /** @param {...Topic} topics */
  touch(...topics) {
    for (const topic of topics) this.#touched.add(topic);
    this.#frame.ask();
  }

  /** Call nobody any more. */
  end() {
    this.#listeners.clear();
    this.#frame.end();
  }

  #flush() {
    const touched = this.#touched;
    this.#touched = new Set();
    for (const { topics, callback } of this.#listeners) if (topics.some((t) => touched.has(t))) callback();
  }
}
