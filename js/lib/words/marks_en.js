/** What views say of a reader's marks, in English. */

/** What is pressed, by kind of input. @type {Record<string, string>} */
const PART = { text: "a word", image: "a segment, or its bar,", table: "a row" };

export const marks = {
  title: "Marks",
  names: { "should not matter": "should not matter", "should matter": "should matter" },
  /** Beside a feature's name. */
  short: { "should not matter": "should not", "should matter": "should" },
  /** @type {Record<string, (key: string) => string>} */
  about: {
    "should not matter": (key) =>
      `your objection: the model should not go by this. It is kept with the explanation, and a training can learn from it. Press again to take it back. Key for what was pressed last or has the focus: ${key}`,
    "should matter": (key) =>
      `what the model should go by. It is kept with the explanation, and a training can learn from it. Press again to take it back. Key for what was pressed last or has the focus: ${key}`,
  },
  /** @param {string} kind of the input */
  invitation: (kind) => `Press ${PART[kind]} to mark it:`,
  only: "only mark",
  /** @param {string} kind of the input */
  aboutOnly: (kind) =>
    `while this is on, pressing ${PART[kind]} chooses it to be marked, and takes nothing out`,
  /** @param {string} name */
  of: (name) => `Mark ${name}`,
  /** What follows a feature's reading. @param {"should not matter" | "should matter" | undefined} mark */
  told: (mark) => (mark ? `; ${mark}` : ""),
  /** @param {string} name @param {string} mark */
  marked: (name, mark) => `${name}: ${mark}`,
  /** @param {string} name */
  back: (name) => `${name}: no longer marked`,
  colon: ": ",
  comma: ", ",
  /** @param {number} rest */
  more: (rest) => ` and ${rest} more`,
  /** @param {string} percent */
  share: (percent) => ` (${percent} of the attribution)`,
  page: "A saved page: marks that you change are kept only while it is open.",
  noKernel: "No kernel: marks that you change are kept only while this page is open.",
};
