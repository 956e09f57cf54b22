/**
 * A safetensors file made by hand: a header, as a text or an object, and the bytes behind it (a number: so many zeros).
 * @param length What the file says of its header's length, where that is a lie.
 */
export function fileOf(header: string | object, data: Uint8Array | number = 0, length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = typeof data === 'number' ? new Uint8Array(data) : data;
  const file = new Uint8Array(8 + json.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  file.set(json, 8);
  file.set(bytes, 8 + json.length);
  return file;
}
