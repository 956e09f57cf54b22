const character = (value) => String.fromCharCode(value === 57 ? 126 : value + 35);

const textOf = (value) =>
  value < 91 ? character(value) : value < 182 ? `!${character(value - 91)}` : ` ${character(value - 182)}`;

/**
 * Bytes as a text between double quotes, of printable characters. Each goes up by 3, modulo 256, so that 0xfd, the prefix of
 * vector instructions, is 0. Then 0 to 90 are # to ~ with ~ in place of \, and those from 91 on take two, an exclamation mark
 * and the value less 91, or from 182 on a space and the value less 182. src/core/embedded.ts reads it.
 */
export const embed = (bytes) => `"${Array.from(bytes, (byte) => textOf((byte + 3) % 256)).join('')}"`;
