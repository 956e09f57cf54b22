import { useEffect, useState } from 'preact/hooks';
import { explain } from '../data/explain.ts';
import { inside } from '../data/inside.ts';
import type { UnitPatch } from '../workers/inside.ts';
import { Bitmap } from './bitmap.tsx';
import { BlobImage } from './blob-image.tsx';

interface UnitViewProps {
  readonly layer: string;
  readonly unit: number;
  readonly faces: readonly Blob[];
}

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

/** One unit: its nine patches, what of each drives it, and where a patch is in its photo. */
export function UnitView({ layer, unit, faces }: UnitViewProps) {
  const [patches, setPatches] = useState<readonly UnitPatch[]>();
  const [chosen, setChosen] = useState(0);
  const [driven, setDriven] = useState(false);
  const [error, setError] = useState<string>();

  useEffect(() => {
    let late = false;
    setError(undefined);
    setChosen(0);
    inside.unit(layer, unit).then(
      (found) => late || setPatches(found),
      (reason) => late || setError(explain(reason)),
    );
    return () => {
      late = true;
    };
  }, [layer, unit]);

  const patch = patches?.[chosen];
  return (
    <section class="unit" aria-label={`Unit ${unit} of ${layer}`}>
      <header>
        <h3>
          Unit {unit} of {layer}
        </h3>
        <label class="check">
          <input type="checkbox" checked={driven} onChange={({ currentTarget }) => setDriven(currentTarget.checked)} />
          What drives it
        </label>
      </header>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {patches && patch && (
        <div class="unit-sides">
          <ol class="nine">
            {patches.map(({ picture, projection, activation, face }, i) => (
              <li key={face}>
                <button type="button" aria-pressed={i === chosen} onClick={() => setChosen(i)}>
                  <Bitmap bitmap={driven ? projection : picture} />
                  <span class="unseen">Patch {i + 1}, activation </span>
                  <span class="small">{activation.toFixed(2)}</span>
                </button>
              </li>
            ))}
          </ol>
          <figure class="whole">
            <div class="photo">
              <BlobImage blob={faces[patch.face]!} alt={`Face ${patch.face + 1}, which patch ${chosen + 1} is of`} />
              <span
                class="face-box chosen"
                aria-hidden="true"
                style={{
                  left: percent(patch.box.x),
                  top: percent(patch.box.y),
                  width: percent(patch.box.width),
                  height: percent(patch.box.height),
                }}
              />
            </div>
            <figcaption class="small">Where patch {chosen + 1} is: all that the unit sees.</figcaption>
          </figure>
        </div>
      )}
    </section>
  );
}
