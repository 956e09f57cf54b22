/** A square around the middle of a box, `room` times as large as its longer side, kept inside the photo. */
export function cut(photo, { x, y, width, height }, room = 1) {
  const side = Math.floor(Math.min(Math.max(width, height) * room, photo.width, photo.height));
  const start = (from, length, limit) => Math.floor(Math.min(Math.max(from + length / 2 - side / 2, 0), limit - side));
  return part(photo, start(x, width, photo.width), start(y, height, photo.height), side);
}

/** Squares of a side that tile a photo, what is left at its right and lower edge left out. */
export function tiles(photo, side) {
  const list = [];
  for (let top = 0; top + side <= photo.height; top += side)
    for (let left = 0; left + side <= photo.width; left += side) list.push(part(photo, left, top, side));
  return list;
}

function part({ data, width }, left, top, side) {
  const pixels = new Uint8Array(side * side * 4);
  for (let row = 0; row < side; row++) {
    const start = ((top + row) * width + left) * 4;
    pixels.set(data.subarray(start, start + side * 4), row * side * 4);
  }
  return { data: pixels, width: side, height: side };
}
