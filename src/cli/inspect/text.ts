import type { LayerPatches, UnitPatches } from '../../inspect/top-patches.ts';
import { count } from '../text.ts';

/** "64 units, each sees 179 × 179 pixels in steps of 8". */
export function layerText({ channels, field }: LayerPatches): string {
  const [rows, columns] = field as [LayerPatches['field'][number], LayerPatches['field'][number]];
  const size = `${columns.size} × ${rows.size}`;
  return rows.stride === 0
    ? `${count(channels, 'unit')}, each sees the whole picture`
    : `${count(channels, 'unit')}, each sees ${size} pixels in steps of ${rows.stride}`;
}

/** True of a unit that no picture turns on: its patches are the first ones, and say nothing. */
export const neverActive = (patches: UnitPatches['patches']): boolean =>
  patches.every(({ activation }) => activation === 0);
