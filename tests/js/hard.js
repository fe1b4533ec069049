/** Inputs that are hard to lay out: long, many, from right to left, of letters that are more than one code point. */
import { tableSubject, textSubject } from "./fixtures.js";

/** 200 letters without a space. */
export const ENDLESS = "Donaudampfschifffahrtsgesellschaft".repeat(6).slice(0, 200);

const REVIEW =
  "The plot of this film is thin and its people are flat but every scene by the sea is lovely and so is the end. ";
const HEBREW =
  "\u05e1\u05e8\u05d8 \u05de\u05e8\u05ea\u05e7 \u05d5\u05d9\u05e4\u05d4, \u05d0\u05d1\u05dc \u05d0\u05e8\u05d5\u05da \u05d5\u05de\u05e9\u05e2\u05de\u05dd \u05d1\u05e1\u05d5\u05e3 (2024).";
const ARABIC =
  "\u0641\u064a\u0644\u0645 \u0631\u0627\u0626\u0639 \u0648\u0645\u0645\u062a\u0639 \u062c\u062f\u0627\u060c \u0644\u0643\u0646\u0647 \u0637\u0648\u064a\u0644 \u0648\u0645\u0645\u0644 \u0641\u064a \u0627\u0644\u0646\u0647\u0627\u064a\u0629.";
const CHINESE =
  "\u8fd9 \u90e8 \u7535\u5f71 \u975e\u5e38 \u7cbe\u5f69, \u4f46\u662f \u7ed3\u5c40 \u6709\u70b9 \u65e0\u804a.";
/** A family, a flag, an accent that is a letter of its own, a pile of marks. */
const MARKS =
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467} loved \u{1f1f3}\u{1f1f4} and cafe\u0301 Z\u0351\u036b\u0343a\u0329\u034b\u036cl\u0348\u0352g\u033f\u0312o\u0324\u034e\u0302 but \u0928\u092e\u0938\u094d\u0924\u0947 \u{1f44d}\u{1f3fd} not \u2764\ufe0f that";

/** Every run between two spaces is a word. */
const split = (text, more) => {
  const pieces = text.split(/( )/).map((piece, i) => [piece, i % 2 ? -1 : i / 2]);
  const features = pieces.filter(([, feature]) => feature >= 0).map(([piece]) => piece);
  return { ...textSubject("", more), pieces, features };
};

/** A row of so many measurements. */
function row(d) {
  const features = Array.from({ length: d }, (_, i) => `measurement ${i}`);
  const columns = features.map((_, i) => ({
    value: Math.round(1000 * Math.sin(i)) / 100,
    kind: "number",
    categories: null,
  }));
  return { kind: "table", model: "RandomForestClassifier", hide: "background", features, columns };
}

/** A row whose names and values have no end. */
function endlessRow() {
  const { features, columns, ...rest } = tableSubject();
  const value = { value: ENDLESS, kind: "text", categories: null };
  return {
    ...rest,
    model: ENDLESS,
    features: [ENDLESS, ...features.slice(1)],
    columns: [columns[0], value, ...columns.slice(2)],
  };
}

export const hard = () => ({
  hebrew: textSubject(HEBREW),
  arabic: textSubject(ARABIC),
  chinese: textSubject(CHINESE),
  marks: split(MARKS),
  endless: textSubject(`It is ${ENDLESS} that is not dull`, { model: ENDLESS, notes: [`${ENDLESS}.`] }),
  endlessRow: endlessRow(),
  words300: textSubject(REVIEW.repeat(13)),
  columns1000: row(1000),
});
