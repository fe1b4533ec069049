/**
 * What a view uses of anywidget's model, so that a saved page can stand in for it.
 *
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(content: any) => void} [send] a saved page has none: there is nobody to ask
 * @property {(event: string, callback: (...args: any[]) => void) => void} on
 * @property {(event: string, callback: (...args: any[]) => void) => void} off
 */

/**
 * Call back after any of these traits changed.
 *
 * @param {Model} model
 * @param {string | string[]} names
 * @param {() => void} callback
 * @returns {() => void} ends the watching; a view calls it when it goes
 */
export function watch(model, names, callback) {
  const events = [names].flat().map((name) => `change:${name}`);
  const heard = () => callback();
  for (const event of events) model.on(event, heard);
  return () => {
    for (const event of events) model.off(event, heard);
  };
}
