import { basename, extname, join } from 'node:path';
import { table } from '../report/html.ts';
import type { Markup } from '../report/markup.ts';
import type { EvaluatedPair } from './evaluation.ts';
import { photoCell } from './photo-cell.ts';

/** More would make a report too heavy to look at. */
export const MOST_SHOWN = 40;

/** "Ada_0001" of Ada/Ada_0001.jpg. */
export const nameOfPhoto = (photo: string): string => basename(photo, extname(photo));

/** The pairs that the threshold decides wrongly, the worst first. */
export async function pairErrors(folder: string, pairs: readonly EvaluatedPair[], threshold: number): Promise<Markup> {
  const wrong = pairs
    .filter(({ distance, same }) => distance <= threshold !== same)
    .sort((x, y) => Math.abs(y.distance - threshold) - Math.abs(x.distance - threshold));
  const rows = [];
  for (const { a, b, same, distance } of wrong.slice(0, MOST_SHOWN))
    rows.push([
      await photoCell(join(folder, a)),
      await photoCell(join(folder, b)),
      `${nameOfPhoto(a)} and ${nameOfPhoto(b)}`,
      distance.toFixed(3),
      same ? 'one person' : 'two people',
    ]);
  return table(['', '', `${wrong.length} errors`, 'distance', 'in truth'], rows);
}
