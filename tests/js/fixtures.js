/** Subjects to draw: texts, pictures and rows. */
import { deflateSync } from "node:zlib";

const REVIEW = "A slow start, but the second half is utterly gripping and beautifully shot; never dull.";
/** Split a text into words and what lies between. */
export function textSubject(text = REVIEW, more = {}) {
  const pieces = [];
  for (const [piece, word] of text.matchAll(/([\p{L}\p{N}<>/=()'"_]+)|[^\p{L}\p{N}<>/=()'"_]+/gu))
    pieces.push([piece, word ? pieces.filter(([, f]) => f >= 0).length : -1]);
  const features = pieces.filter(([, f]) => f >= 0).map(([piece]) => piece);
  return { kind: "text", model: "MiniLM sentiment", hide: "delete", pieces, features, cut: null, ...more };
}

/** A row of nine measurements and a category. */
export function tableSubject() {
  const names = [
    "worst perimeter",
    "worst concave points",
    "mean texture",
    "worst area",
    "mean concavity",
    "worst smoothness",
    "area error",
    "mean symmetry of the cell nuclei in the sample as it was measured",
    "fractal dimension",
    "site",
  ];
  const values = [117.7, 0.1514, 13.4, 987.25, 0.08836, 0.1374, 34.62, 0.1852, 0.06373, "left"];
  const columns = values.map((value) =>
    typeof value === "string"
      ? { value, kind: "category", categories: ["left", "right", "both"] }
      : { value, kind: "number", categories: null },
  );
  return { kind: "table", model: "RandomForestClassifier", hide: "background", features: names, columns };
}

/** The same row with its measurements in groups. */
export function groupedSubject() {
  const { columns, ...rest } = tableSubject();
  const size = { value: "117.7, 987.25, 34.62, 0.08836, 0.1374", kind: "group", categories: null };
  const shape = { value: "0.1514, 0.1852", kind: "group", categories: null };
  const features = ["size", "shape", "mean texture", "mean concavity", "fractal dimension", "site"];
  return { ...rest, features, columns: [size, shape, columns[2], columns[4], columns[8], columns[9]] };
}

/** A picture in cells: PNG bytes and segments as runs. */
export function imageSubject({ width = 224, height = 224, cells = 7, png = null } = {}) {
  const centres = Array.from({ length: cells * cells }, (_, i) => [
    ((i % cells) + 0.5 + 0.35 * Math.sin(9 * i)) * (width / cells),
    (Math.floor(i / cells) + 0.5 + 0.35 * Math.cos(5 * i)) * (height / cells),
  ]);
  const segment = (x, y) => {
    let [best, least] = [0, Infinity];
    centres.forEach(([cx, cy], i) => {
      const far = (cx - x) ** 2 + (cy - y) ** 2;
      if (far < least) [best, least] = [i, far];
    });
    return best;
  };
  const map = Array.from({ length: width * height }, (_, at) => segment(at % width, Math.floor(at / width)));
  const runs = [];
  for (const one of map) {
    if (runs.length && runs.at(-2) === one && runs.at(-1) < 65535) runs[runs.length - 1]++;
    else runs.push(one, 1);
  }
  const picture = png ?? encode(width, height, (x, y) => sky(x / width, y / height));
  const segments = new Uint8Array(Uint16Array.from(runs).buffer);
  const features = centres.map((_, i) => `segment ${i}`);
  return {
    kind: "image",
    model: "EfficientNet-Lite0",
    hide: "mean",
    width,
    height,
    picture: new Uint8Array(picture),
    segments,
    features,
  };
}

const sky = (x, y) => {
  const inside = (x - 0.45) ** 2 + (y - 0.42) ** 2 < 0.04;
  return inside ? [185, 130, 78] : [147 - 54 * y, 182 - 57 * y, 200 - 102 * y];
};

/** PNG, 8 bits, three colours. */
function encode(width, height, colour) {
  const raw = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) raw.set(colour(x, y), y * (1 + 3 * width) + 1 + 3 * x);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(raw)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([size, body, check]);
}

function crc(data) {
  let sum = 0xffffffff;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
