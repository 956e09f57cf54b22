/**
 * A picture with a border of half its size on all sides that repeats its edge: detectors look for faces in photos, and one that
 * fills its whole picture is none to them.
 */
export function withMargin({ data, width, height }) {
  const [left, top] = [width >> 1, height >> 1];
  const wide = width + 2 * left;
  const high = height + 2 * top;
  const out = new Uint8Array(wide * high * 4);
  const inside = (value, most) => Math.min(Math.max(value, 0), most);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const from = (inside(y - top, height - 1) * width + inside(x - left, width - 1)) * 4;
      out.set(data.subarray(from, from + 4), (y * wide + x) * 4);
    }
  return { data: out, width: wide, height: high };
}
