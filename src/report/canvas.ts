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

/** Which cells each output cell reads: the first of them, and their shares, which sum to 1. */
function sharesOf(count: number, start: number, length: number, limit: number) {
  const step = length / count;
  return Array.from({ length: count }, (_, i) => {
    const from = start + i * step;
    // Enlarging reads between two cells; reducing takes the mean of all the cells that fall together.
    const [low, high] = step < 1 ? [from + step / 2 - 0.5, from + step / 2 + 0.5] : [from, from + step];
    const cells: number[] = [];
    const shares: number[] = [];
    for (let cell = Math.floor(low); cell < high; cell++) {
      cells.push(Math.min(Math.max(cell, 0), limit - 1));
      shares.push((Math.min(high, cell + 1) - Math.max(low, cell)) / (high - low));
    }
    return { cells, shares };
  });
}

/** A region of a picture at another size; what lies outside the picture repeats its edge. Alpha becomes 255. */
export function resample(photo: RgbaImage, region: Box, width: number, height: number): RgbaImage {
  const columns = sharesOf(width, region.x, region.width, photo.width);
  const rows = sharesOf(height, region.y, region.height, photo.height);
  const data = new Uint8Array(width * height * 4).fill(255);
  const sums = new Float64Array(width * 3);
  rows.forEach((row, y) => {
    sums.fill(0);
    row.cells.forEach((cell, r) => {
      const line = cell * photo.width;
      const down = row.shares[r]!;
      for (let x = 0; x < width; x++) {
        const { cells, shares } = columns[x]!;
        for (let i = 0; i < cells.length; i++) {
          const at = (line + cells[i]!) * 4;
          const share = down * shares[i]!;
          sums[x * 3]! += photo.data[at]! * share;
          sums[x * 3 + 1]! += photo.data[at + 1]! * share;
          sums[x * 3 + 2]! += photo.data[at + 2]! * share;
        }
      }
    });
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) data[(y * width + x) * 4 + c] = Math.round(sums[x * 3 + c]!);
  });
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
