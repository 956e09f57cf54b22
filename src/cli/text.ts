import type { Face } from '../faces/face.ts';
import type { Box } from '../image/geometry.ts';

const whole = (value: number): string => String(Math.round(value));

/** "96 × 128 at (414, 310)": width and height, and where its top left corner is. */
export const formatBox = ({ x, y, width, height }: Box): string =>
  `${whole(width)} × ${whole(height)} at (${whole(x)}, ${whole(y)})`;

export const formatFace = ({ box, score }: Pick<Face, 'box' | 'score'>): string =>
  `${formatBox(box)}, score ${score.toFixed(2)}`;

/** A distance with three decimals, or with as many as it takes to see on which side of the threshold it is. */
export function formatDistance(distance: number, threshold: number): string {
  let digits = 3;
  while (digits < 9 && distance !== threshold && Number(distance.toFixed(digits)) === Number(threshold.toFixed(digits)))
    digits++;
  return distance.toFixed(digits);
}

/** "1 face", "3 faces", "no faces"; `nouns` is the plural where an s does not make it. */
export const count = (number: number, noun: string, nouns = `${noun}s`): string =>
  `${number === 0 ? 'no' : number} ${number === 1 ? noun : nouns}`;

/** "48 s", "2.5 min". */
export const duration = (seconds: number): string =>
  seconds >= 90 ? `${(seconds / 60).toFixed(1)} min` : `${Math.ceil(seconds)} s`;

/** Columns of text, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('   ')}`.trimEnd()).join('\n');
}

/** "0.7 MB" of so many bytes. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
