import { useEffect, useState } from 'preact/hooks';
import { explain } from '../data/explain.ts';
import { inside, surveying } from '../data/inside.ts';
import { useObserved } from '../data/observable.ts';
import type { Photo } from '../data/photo.ts';
import { openSample, samples } from '../data/samples.ts';
import { Bitmap } from '../parts/bitmap.tsx';
import { PhotoSlot } from '../parts/photo-slot.tsx';
import { UnitView } from '../parts/unit-view.tsx';
import type { Survey, UnitTile } from '../workers/inside.ts';

const TILES = 12;

/** What each unit of the network looks for: the nine patches of faces that excite it most. */
export function Inside() {
  const [photos, setPhotos] = useState<readonly Photo[]>([]);
  const [survey, setSurvey] = useState<Survey>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const look = async (chosen: readonly Photo[]) => {
    setPhotos(chosen);
    setSurvey(undefined);
    setError(undefined);
    setBusy(true);
    try {
      setSurvey(await inside.survey(chosen.map(({ blob }) => blob)));
    } catch (reason) {
      setError(explain(reason));
    }
    setBusy(false);
  };
  const lookAtSamples = async () => {
    try {
      await look(await Promise.all(samples.map(openSample)));
    } catch (reason) {
      setError(explain(reason));
    }
  };

  return (
    <>
      <h2>What does it look for?</h2>
      <p class="lead">
        Each unit of the network answers to something of its own: an edge, a texture, an eye. Show it faces, and see the
        nine places that excited it most.
      </p>
      <PhotoSlot
        label="Photos of people"
        hint="Drop photos with nine faces or more"
        several
        onPhotos={look}
        busy={busy}
        error={error}
        more={
          <button type="button" class="quiet" onClick={lookAtSamples}>
            Samples
          </button>
        }
      >
        {photos.length > 0 && <Looked photos={photos.length} survey={survey} />}
      </PhotoSlot>
      {survey && <Layers survey={survey} />}
    </>
  );
}

function Looked({ photos, survey }: { photos: number; survey: Survey | undefined }) {
  const news = useObserved(surveying);
  if (survey)
    return (
      <p role="status">
        {survey.faces.length} faces of {photos} {photos === 1 ? 'photo' : 'photos'} looked at.
      </p>
    );
  return news ? <progress aria-label="Faces looked at" value={news.done} max={news.of} /> : <p>{photos} photos</p>;
}

function Layers({ survey }: { survey: Survey }) {
  const [at, setAt] = useState(Math.floor(survey.layers.length / 2));
  const [first, setFirst] = useState(0);
  const [unit, setUnit] = useState(0);
  const [tiles, setTiles] = useState<readonly UnitTile[]>([]);
  const [error, setError] = useState<string>();
  const { name, units, sees } = survey.layers[at]!;
  const last = Math.min(first + TILES, units) - 1;

  useEffect(() => {
    let late = false;
    inside.tiles(name, first, TILES).then(
      (found) => late || setTiles(found),
      (reason) => late || setError(explain(reason)),
    );
    return () => {
      late = true;
    };
  }, [name, first]);

  const layer = (index: number) => {
    setAt(index);
    setFirst(0);
    setUnit(0);
  };
  const turn = (to: number) => {
    setFirst(to);
    setUnit(to);
  };

  return (
    <div class="layers">
      <fieldset class="choices chips">
        <legend>Layer, shallow to deep</legend>
        {survey.layers.map((candidate, i) => (
          <label key={candidate.name}>
            <input type="radio" name="layer" checked={i === at} onChange={() => layer(i)} />
            <span>{candidate.name}</span>
          </label>
        ))}
      </fieldset>
      <p class="note">
        {units} units; each sees {sees >= 150 ? 'the whole face' : `${sees} × ${sees} of the face’s 150 × 150 pixels`}.
      </p>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      <ul class="tiles">
        {tiles.map(({ unit: number, picture, strongest }) => (
          <li key={number}>
            <button type="button" aria-pressed={number === unit} onClick={() => setUnit(number)}>
              <Bitmap bitmap={picture} />
              <span>Unit {number}</span>
              <span class="small">{strongest > 0 ? `up to ${strongest.toFixed(1)}` : 'silent'}</span>
            </button>
          </li>
        ))}
      </ul>
      <div class="brushes">
        <button type="button" disabled={first === 0} onClick={() => turn(first - TILES)}>
          Previous
        </button>
        <span class="small" role="status">
          Units {first} to {last} of {units}
        </span>
        <button type="button" disabled={last === units - 1} onClick={() => turn(first + TILES)}>
          Next
        </button>
      </div>
      <UnitView layer={name} unit={unit} faces={survey.faces} />
    </div>
  );
}
