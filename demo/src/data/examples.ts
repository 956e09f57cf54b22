import { useRef, useState } from 'preact/hooks';
import type { Example } from '../workers/faces.ts';
import { explain } from './explain.ts';
import { faces } from './faces.ts';
import { personOfFile } from './person-of-file.ts';
import type { Photo } from './photo.ts';
import { largest } from './slot.ts';

/** A photo of somebody who was named: the largest face in it. */
interface NamedExample extends Example {
  readonly id: number;
  readonly file: string;
  readonly portrait: Blob;
}

/** A photo that is no example, and why. */
interface Unusable {
  readonly id: number;
  readonly file: string;
  readonly error: string;
}

interface ExampleList {
  readonly examples: readonly NamedExample[];
  readonly unusable: readonly Unusable[];
  /** Photos that still wait to be looked at. */
  readonly waiting: number;
  add(photos: readonly Photo[]): Promise<void>;
  name(id: number, label: string): void;
  remove(id: number): void;
}

export function useExamples(): ExampleList {
  const [examples, setExamples] = useState<readonly NamedExample[]>([]);
  const [unusable, setUnusable] = useState<readonly Unusable[]>([]);
  const [waiting, setWaiting] = useState(0);
  const next = useRef(0);

  const addOne = async ({ blob, name: file }: Photo): Promise<void> => {
    const id = next.current++;
    try {
      const sight = await faces.look(blob);
      const { embedding, portrait } = sight.faces[largest(sight)]!;
      setExamples((before) => [...before, { id, file, label: personOfFile(file), embedding, portrait }]);
    } catch (error) {
      setUnusable((before) => [...before, { id, file, error: explain(error) }]);
    }
  };

  return {
    examples,
    unusable,
    waiting,
    async add(photos) {
      setWaiting((before) => before + photos.length);
      for (const photo of photos) {
        await addOne(photo);
        setWaiting((before) => before - 1);
      }
    },
    name: (id, label) =>
      setExamples((before) => before.map((example) => (example.id === id ? { ...example, label } : example))),
    remove(id) {
      setExamples((before) => before.filter((example) => example.id !== id));
      setUnusable((before) => before.filter((other) => other.id !== id));
    },
  };
}
