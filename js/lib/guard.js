/** A model between the host's and a view: it hands on what is whole, so that a view need not doubt what it reads. */

/** @typedef {import("./watch.js").Model} Model */

/** What was told of already. @type {WeakSet<Model>} */
const told = new WeakSet();

/** @implements {Model} */
export class Guard {
  /** @type {Record<string, any>} what was last found whole */
  #state = {};
  /** Where the data are damaged, or "". */
  damage;
  /** What each callback is called by. @type {Map<string, Map<Function, (...args: any[]) => void>>} */
  #callers = new Map();
  /** @type {((content: any) => any) | undefined} a saved page has none */
  send;
  #take = () => this.#adopt();

  /**
   * @param {Model} model
   * @param {string[]} names of the traits
   * @param {(get: (name: string) => any) => string} damageOf says where these are damaged
   * @param {(content: any, buffers: any, subject: any) => boolean} [isMessage] is this one to be handed on?
   */
  constructor(model, names, damageOf, isMessage = () => true) {
    this.model = model;
    this.names = names;
    this.damageOf = damageOf;
    this.isMessage = isMessage;
    if (model.send) this.send = (content) => model.send?.(content);
    this.#state = this.#now;
    this.damage = damageOf((name) => this.#state[name]);
  }

  /** @param {string} name */
  get(name) {
    return this.#state[name];
  }
  /** @param {string} name @param {any} value */
  set(name, value) {
    this.model.set(name, value);
  }
  save_changes() {
    this.model.save_changes();
  }
  /** @param {string} event @param {(...args: any[]) => void} callback */
  on(event, callback) {
    const callers = this.#callers.get(event) ?? new Map();
    if (!this.#listens) for (const name of this.names) this.model.on(`change:${name}`, this.#take);
    this.#callers.set(event, callers.set(callback, this.#caller(event, callback)));
    if (!event.startsWith("change:")) this.model.on(event, callers.get(callback));
  }
  /** @param {string} event @param {(...args: any[]) => void} callback */
  off(event, callback) {
    const caller = this.#callers.get(event)?.get(callback);
    if (!caller) return;
    this.#callers.get(event)?.delete(callback);
    if (!event.startsWith("change:")) this.model.off(event, caller);
    if (!this.#listens) for (const name of this.names) this.model.off(`change:${name}`, this.#take);
  }

  get #listens() {
    return [...this.#callers.values()].some((callers) => callers.size > 0);
  }
  get #now() {
    return Object.fromEntries(this.names.map((name) => [name, this.model.get(name)]));
  }

  /** @param {string} event @param {(...args: any[]) => void} callback */
  #caller(event, callback) {
    if (event !== "msg:custom") return (/** @type {any[]} */ ...args) => callback(...args);
    return (/** @type {any} */ content, /** @type {any} */ buffers) => {
      if (this.isMessage(content, buffers, this.#state.subject)) callback(content, buffers);
    };
  }

  /** Some hosts set traits one by one: what fits together only at the end is told at the end. */
  #adopt() {
    const [before, now] = [this.#state, this.#now];
    const changed = this.names.filter((name) => now[name] !== before[name]);
    if (changed.length === 0) return;
    if (this.damageOf((name) => now[name])) return this.#warnSoon();
    this.#state = now;
    for (const name of changed)
      for (const caller of [...(this.#callers.get(`change:${name}`)?.values() ?? [])]) caller();
  }

  /** Say once, to those who look for the fault, that a state was left out: where it isn't whole when all of it is there. */
  #warnSoon() {
    if (told.has(this.model)) return;
    told.add(this.model);
    setTimeout(() => {
      const where = this.damageOf((name) => this.model.get(name));
      // biome-ignore lint/suspicious/noConsole: the view itself is whole, and says nothing
      if (where) console.warn(`limelight: what came is damaged at ${where}; the view stays as it was`);
      else told.delete(this.model);
    });
  }
}
