import type { Box } from '../image/geometry.ts';
import type { RgbaImage } from '../image/image.ts';

/** A picture of one colour, opaque unless `rgba` says otherwise. */
export function blank(width: number, height: number, rgba: readonly [number, number, number, number]): RgbaImage {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < data.length; i++) data[i] = rgba[i % 4]!;
  return { data, width, height };
}

/**
 * A picture with an overlay of the same size drawn over it; the photo counts as opaque.
 * The overlay's colours are already multiplied by their opacity: out = over + photo · (255 − α) / 255.
 */
export function drawOver(photo: RgbaImage, overlay: RgbaImage): RgbaImage {
  const { width, height } = photo;
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < data.length; i += 4) {
    const through = 255 - overlay.data[i + 3]!;
    for (let c = 0; c < 3; c++) data[i + c] = overlay.data[i + c]! + Math.round((photo.data[i + c]! * through) / 255);
    data[i + 3] = 255;
  }
  return { data, width, height };
}

/** Copies a picture into another at (left, top), which must have room for it. */
export function paste(onto: RgbaImage, picture: RgbaImage, left: number, top: number): void {
  for (let row = 0; row < picture.height; row++) {
    const start = row * picture.width * 4;
    onto.data.set(picture.data.subarray(start, start + picture.width * 4), ((top + row) * onto.width + left) * 4);
  }
}

/** Where output cell `i` of `count` reads: whole cells with their share, which sum to 1. */
function shares(i: number, step: number, start: number, limit: number): [number, number][] {
  const from = start + i * step;
  // Enlarging reads between two cells; reducing takes the mean of all the cells that fall together.
  const [low, high] = step < 1 ? [from + step / 2 - 0.5, from + step / 2 + 0.5] : [from, from + step];
  const cells: [number, number][] = [];
  for (let cell = Math.floor(low); cell < high; cell++) {
    const share = (Math.min(high, cell + 1) - Math.max(low, cell)) / (high - low);
    if (share > 0) cells.push([Math.min(Math.max(cell, 0), limit - 1), share]);
  }
  return cells;
}

/** A region of a picture at another size; what lies outside the picture repeats its edge. Alpha becomes 255. */
export function resample(photo: RgbaImage, region: Box, width: number, height: number): RgbaImage {
  const data = new Uint8Array(width * height * 4);
  const columns = Array.from({ length: width }, (_, x) => shares(x, region.width / width, region.x, photo.width));
  for (let y = 0; y < height; y++) {
    const rows = shares(y, region.height / height, region.y, photo.height);
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0];
      for (const [row, down] of rows)
        for (const [column, across] of columns[x]!) {
          const at = (row * photo.width + column) * 4;
          for (let c = 0; c < 3; c++) sum[c]! += photo.data[at + c]! * down * across;
        }
      const at = (y * width + x) * 4;
      for (let c = 0; c < 3; c++) data[at + c] = Math.round(sum[c]!);
      data[at + 3] = 255;
    }
  }
  return { data, width, height };
}

/** A picture no larger than `width` × `height`, in its own proportions; the picture itself where it already fits. */
export function fitWithin(photo: RgbaImage, width: number, height: number): RgbaImage {
  const scale = Math.min(width / photo.width, height / photo.height);
  if (scale >= 1) return photo;
  const size = (length: number) => Math.max(1, Math.round(length * scale));
  return resample(
    photo,
    { x: 0, y: 0, width: photo.width, height: photo.height },
    size(photo.width),
    size(photo.height),
  );
}

/** A square picture of a face with some room around it. */
export function thumbnail(photo: RgbaImage, face: Box, size: number): RgbaImage {
  const side = Math.max(1, Math.min(Math.max(face.width, face.height) * 1.3, photo.width, photo.height));
  const middle = (start: number, length: number, limit: number) =>
    Math.min(Math.max(start + length / 2 - side / 2, 0), limit - side);
  const x = middle(face.x, face.width, photo.width);
  const y = middle(face.y, face.height, photo.height);
  return resample(photo, { x, y, width: side, height: side }, size, size);
}
