import { encodeJpeg, encodePng } from 'facsimile/image';
import { annotate, dataUrl, fitWithin, thumbnail } from 'facsimile/report';

const WIDTH = 1000;

/** A photo with marks as a URL for a report, reduced to what a page can show. */
export async function markedPhoto(picture, marks) {
  const small = fitWithin(picture, WIDTH, WIDTH);
  const scale = small.width / picture.width;
  const scaled = marks.map(({ box, landmarks, ...rest }) => ({
    ...rest,
    box: { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale },
    landmarks: landmarks?.map(({ x, y }) => ({ x: x * scale, y: y * scale })),
  }));
  return dataUrl(await encodeJpeg(await annotate(small, scaled, { scale: 1.6 }), 82), 'image/jpeg');
}

/** A small square picture of a face as a URL. */
export const portrait = async (picture, box) => dataUrl(await encodePng(thumbnail(picture, box, 92)), 'image/png');

/** The part of a picture around a face, so wide that nothing of the head is lost. */
export function around({ data, width, height }, box) {
  const left = Math.max(0, Math.round(box.x - box.width * 0.6));
  const top = Math.max(0, Math.round(box.y - box.height * 0.6));
  const right = Math.min(width, Math.round(box.x + box.width * 1.6));
  const bottom = Math.min(height, Math.round(box.y + box.height * 1.6));
  const cropped = new Uint8Array((right - left) * (bottom - top) * 4);
  for (let y = top; y < bottom; y++)
    cropped.set(data.subarray((y * width + left) * 4, (y * width + right) * 4), (y - top) * (right - left) * 4);
  return { data: cropped, width: right - left, height: bottom - top };
}
