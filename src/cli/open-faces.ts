import type { Faces } from '../faces/faces.ts';
import { loadFaces } from '../faces/load.ts';
import type { FaceOptions } from './options.ts';

/** The networks as the options ask for them. */
export const openFaces = ({ detector, alignment, weights }: FaceOptions): Promise<Faces> =>
  loadFaces({ ...(detector && { detector }), ...(alignment && { alignment }), ...(weights && { weights }) });
