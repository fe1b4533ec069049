/**
 * A table's own entry: names that others chose may be "constructor", which every object answers to.
 *
 * @template T
 * @param {Record<string, T> | null | undefined} table
 * @param {string} name
 * @returns {T | undefined}
 */
export const own = (table, name) => (table && Object.hasOwn(table, name) ? table[name] : undefined);
