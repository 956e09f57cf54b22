import { useEffect, useState } from 'preact/hooks';
import { explain } from '../data/explain.ts';
import { faces } from '../data/faces.ts';
import { useObserved } from '../data/observable.ts';
import { useSlot } from '../data/slot.ts';
import { threshold } from '../data/threshold.ts';
import { BlobImage } from '../parts/blob-image.tsx';
import { EnrolForm } from '../parts/enrol-form.tsx';
import { FacePhoto } from '../parts/face-photo.tsx';
import { PhotoSlot } from '../parts/photo-slot.tsx';
import type { EnrolledPerson, SeenFace } from '../workers/faces.ts';

interface Candidate {
  readonly id: string;
  readonly distance: number;
}

/** Names for the faces in a photo, from people that were shown once. */
export function Recognise({ visible }: { visible: boolean }) {
  const slot = useSlot();
  const bound = useObserved(threshold);
  const [people, setPeople] = useState<readonly EnrolledPerson[]>();
  const [ranks, setRanks] = useState<readonly (readonly Candidate[])[]>([]);
  const [error, setError] = useState<string>();
  const failed = (reason: unknown) => setError(explain(reason));
  const { sight } = slot;

  useEffect(() => {
    if (visible && !people) faces.people().then(setPeople, failed);
  }, [visible]);
  useEffect(() => {
    setRanks([]);
    if (!sight || !people) return;
    let late = false;
    Promise.all(sight.faces.map(({ embedding }) => faces.rank(embedding))).then(
      (found) => late || setRanks(found),
      failed,
    );
    return () => {
      late = true;
    };
  }, [sight, people]);

  const enrol = async ({ embedding, portrait }: SeenFace, name: string) =>
    setPeople(await faces.enrol(name, embedding, portrait));
  const remove = (id: string) => faces.remove(id).then(setPeople, failed);
  const nearest = (face: number) => ranks[face]?.[0];
  const idOf = (face: number) => {
    const candidate = nearest(face);
    return candidate && candidate.distance <= bound ? candidate.id : undefined;
  };

  return (
    <>
      <h2>Who is in this photo?</h2>
      <p class="lead">
        Name a face once, and it is recognised in other photos. Names and faces stay in this browser, nowhere else.
      </p>
      <div class="sides">
        <div>
          <PhotoSlot label="Photo" onPhotos={([photo]) => slot.show(photo!)} busy={slot.busy} error={slot.error}>
            {slot.photo && (
              <FacePhoto slot={slot} nameOf={(face) => sight && ranks[face] && (idOf(face) ?? 'unknown')} />
            )}
          </PhotoSlot>
        </div>
        <div>
          {sight && (
            <section aria-label="Faces in this photo">
              <h3>In this photo</h3>
              <ul class="rows">
                {sight.faces.map((face, i) => (
                  <li key={`${face.box.x} ${face.box.y}`} class="row">
                    <BlobImage blob={face.portrait} alt={`Face ${i + 1}`} class="portrait-image" />
                    <div class="row-text">
                      <p role="status">
                        <strong>{idOf(i) ?? 'Not recognised'}</strong>
                        {nearest(i) && (
                          <span class="small">
                            {idOf(i) ? '' : `nearest: ${nearest(i)!.id}, `}distance {nearest(i)!.distance.toFixed(3)}
                          </span>
                        )}
                      </p>
                      <EnrolForm face={i + 1} enrol={(name) => enrol(face, name)} suggestion={idOf(i)} />
                    </div>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section aria-label="People">
            <h3>People</h3>
            {error && (
              <p class="error" role="alert">
                {error}
              </p>
            )}
            {people?.length === 0 && <p class="note">Nobody yet. Name a face in a photo.</p>}
            <ul class="rows">
              {people?.map(({ id, examples, portrait }) => (
                <li key={id} class="row">
                  {portrait && <BlobImage blob={portrait} alt="" class="portrait-image" />}
                  <p class="row-text">
                    <strong>{id}</strong>
                    <span class="small">
                      {examples} {examples === 1 ? 'example' : 'examples'}
                    </span>
                  </p>
                  <button type="button" class="quiet" aria-label={`Remove ${id}`} onClick={() => remove(id)}>
                    Remove
                  </button>
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </>
  );
}
