import { useEffect, useState } from 'preact/hooks';
import { explain } from '../data/explain.ts';
import { faces } from '../data/faces.ts';
import { useObserved } from '../data/observable.ts';
import { type Slot, useSlot } from '../data/slot.ts';
import { threshold } from '../data/threshold.ts';
import { DistanceScale } from '../parts/distance-scale.tsx';
import { FacePhoto } from '../parts/face-photo.tsx';
import { PhotoSlot } from '../parts/photo-slot.tsx';

const embeddingOf = ({ sight, chosen }: Slot) => sight?.faces[chosen]?.embedding;

/** Two photos, one question. */
export function Compare() {
  const [first, second] = [useSlot(), useSlot()];
  const bound = useObserved(threshold);
  const [distance, setDistance] = useState<number>();
  const [error, setError] = useState<string>();
  const [a, b] = [embeddingOf(first), embeddingOf(second)];

  useEffect(() => {
    setDistance(undefined);
    setError(undefined);
    if (!a || !b) return;
    let late = false;
    faces.compare(a, b, threshold.value).then(
      (verification) => late || setDistance(verification.distance),
      (reason) => late || setError(explain(reason)),
    );
    return () => {
      late = true;
    };
  }, [a, b]);

  const slots = [
    ['First photo', first],
    ['Second photo', second],
  ] as const;
  return (
    <>
      <h2>Is it the same person?</h2>
      <p class="lead">
        Each face becomes 128 numbers. The nearer the numbers of two faces, the more likely they are of one person.
      </p>
      <div class="pair">
        {slots.map(([label, slot]) => (
          <PhotoSlot
            key={label}
            label={label}
            onPhotos={([photo]) => slot.show(photo!)}
            busy={slot.busy}
            error={slot.error}
          >
            {slot.photo && <FacePhoto slot={slot} choice />}
          </PhotoSlot>
        ))}
      </div>
      <section class="verdict" aria-label="Result">
        <p class="answer" role="status" data-answer={distance === undefined ? undefined : distance <= bound}>
          {answer(distance, bound)}
        </p>
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        <DistanceScale distance={distance} />
        <p class="note">
          A distance, not a probability. There is no check that somebody is alive: a photo of a photo passes. The
          network tells adults apart better than children, and not all people equally well.
        </p>
      </section>
    </>
  );
}

function answer(distance: number | undefined, bound: number) {
  if (distance === undefined) return 'Two photos, please';
  const same = distance <= bound;
  return (
    <>
      <strong>{same ? 'The same person' : 'Two different people'}</strong>
      <span>
        distance {distance.toFixed(3)} {same ? '≤' : '>'} {bound.toFixed(2)}
      </span>
    </>
  );
}
