/** The character of byte 253, which is 0 there. */
const FIRST = 35 + 3;
const SPACE = 32;
const MARK = 33;
const BACKSLASH = 92;
const TILDE = 126;

/**
 * Bytes of a text that scripts/embed.mjs made of a binary: one printable character for some bytes and two for others.
 * Compressed it is 3 % larger than the binary, for bytes keep their borders; hexadecimal is 9 % larger, base64 a third.
 */
export function embeddedBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const base = code === SPACE ? 182 : code === MARK ? 91 : 0;
    const digit = base === 0 ? code : text.charCodeAt(++i);
    bytes[length++] = base + (digit === TILDE ? BACKSLASH : digit) - FIRST;
  }
  return bytes.slice(0, length);
}
