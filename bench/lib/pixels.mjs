/** The part of an RGBA image whose upper left corner is at (x, y). */
export function cropRgba({ data, width: stride }, x, y, width, height) {
  const out = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * stride + x) * 4;
    out.set(data.subarray(from, from + width * 4), row * width * 4);
  }
  return { data: out, width, height };
}
