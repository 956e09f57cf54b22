import { InputError } from '../core/errors.ts';
import { SeveralFacesError } from './errors.ts';
import type { Face } from './face.ts';

/**
 * Which face of a photo is meant: the only one (several are an error), the one with the largest box, the one whose box
 * is nearest the centre of the photo, or one by its place in the list that `detect` returns (surest first, from 0).
 */
export type FaceChoice = 'only' | 'largest' | 'central' | number;

/** Index of the least cost; of equal ones the first. */
function least(faces: readonly Face[], cost: (face: Face) => number): number {
  const costs = faces.map(cost);
  return costs.indexOf(Math.min(...costs));
}

/**
 * Index of the chosen face among at least one.
 * @throws SeveralFacesError where `'only'` meets several; InputError for a place that no face has.
 */
export function pickFace(
  who: string,
  faces: readonly Face[],
  choice: FaceChoice,
  photo: { readonly width: number; readonly height: number },
): number {
  switch (choice) {
    case 'only':
      if (faces.length > 1)
        throw new SeveralFacesError(
          `${who}: ${faces.length} faces in the photo, expected one; choose with face: 'largest', 'central' or a number`,
          faces,
        );
      return 0;
    case 'largest':
      return least(faces, ({ box }) => -(box.width * box.height));
    case 'central':
      return least(faces, ({ box }) => {
        const dx = box.x + box.width / 2 - photo.width / 2;
        const dy = box.y + box.height / 2 - photo.height / 2;
        return dx * dx + dy * dy;
      });
    default:
      if (typeof choice === 'number' && Number.isInteger(choice) && choice >= 0 && choice < faces.length) return choice;
      throw new InputError(
        `${who}: face must be 'only', 'largest', 'central' or a number below ${faces.length}, got ${String(choice)}`,
      );
  }
}
