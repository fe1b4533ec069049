/** Bytes that were compressed and written as letters: gzip in base64. */

/**
 * @param {string} text
 * @returns {Promise<ArrayBuffer>}
 * @throws {Error} where it is not whole: gzip has a checksum
 */
export async function ungzipped(text) {
  const packed = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Response(packed).body?.pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
