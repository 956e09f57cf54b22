import { useRef, useState } from 'preact/hooks';
import type { Sight } from '../workers/faces.ts';
import { explain } from './explain.ts';
import { faces } from './faces.ts';
import type { Photo } from './photo.ts';

/** A place for one photo: what is there, what was seen in it, and which face is meant. */
export interface Slot {
  readonly photo: Photo | undefined;
  readonly sight: Sight | undefined;
  /** Index of the face that is meant: the largest until somebody says otherwise. */
  readonly chosen: number;
  readonly busy: boolean;
  readonly error: string | undefined;
}

export interface SlotControl extends Slot {
  show(photo: Photo): void;
  choose(face: number): void;
}

const empty: Slot = { photo: undefined, sight: undefined, chosen: 0, busy: false, error: undefined };

export function useSlot(): SlotControl {
  const [slot, setSlot] = useState<Slot>(empty);
  const latest = useRef(0);
  const show = async (photo: Photo): Promise<void> => {
    const turn = ++latest.current;
    setSlot({ ...empty, photo, busy: true });
    const seen = await look(photo);
    // A photo that came later may have been seen already.
    if (turn === latest.current) setSlot({ ...empty, photo, ...seen });
  };
  return { ...slot, show: (photo) => void show(photo), choose: (chosen) => setSlot({ ...slot, chosen }) };
}

async function look(photo: Photo): Promise<Partial<Slot>> {
  try {
    const sight = await faces.look(photo.blob);
    return { sight, chosen: largest(sight) };
  } catch (error) {
    return { error: explain(error) };
  }
}

export function largest({ faces: seen }: Sight): number {
  const areas = seen.map(({ box }) => box.width * box.height);
  return areas.indexOf(Math.max(...areas));
}
