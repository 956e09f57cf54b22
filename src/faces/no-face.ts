import { FaceTooSmallError, NoFaceError } from './errors.ts';
import type { RejectedFace } from './face.ts';

const size = ({ box }: RejectedFace): string => `${Math.round(box.width)} × ${Math.round(box.height)} pixels`;

/** The error for a photo without a usable face, from what was turned down in it. */
export function noFace(who: string, rejected: readonly RejectedFace[], minSize: number): NoFaceError {
  const [surest] = rejected;
  if (!surest) return new NoFaceError(`${who}: no face found`);
  const small = rejected.every(({ reason }) => reason === 'too small');
  if (small)
    return new FaceTooSmallError(
      `${who}: the face is too small to tell people apart, ${size(surest)}; at least ${Math.ceil(minSize)} are needed`,
      rejected,
    );
  const doubt = rejected.find(({ reason }) => reason !== 'too small')!;
  return new NoFaceError(`${who}: no face found; what looked like one, ${size(doubt)}, is ${doubt.reason}`, rejected);
}
