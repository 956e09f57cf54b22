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

/** What came of looking for a unit's patches. */
interface Found {
  readonly name: string;
  readonly patches?: readonly UnitPatch[];
  readonly error?: string;
}

/** One unit: its nine patches, what of each drives it, and where a patch is in its photo. */
export function UnitView({ layer, unit, faces }: UnitViewProps) {
  const name = `Unit ${unit} of ${layer}`;
  const [found, setFound] = useState<Found>();
  const [choice, setChoice] = useState({ name, patch: 0 });
  const [driven, setDriven] = useState(false);

  useEffect(() => {
    let late = false;
    inside.unit(layer, unit).then(
      (patches) => late || setFound({ name, patches }),
      (reason) => late || setFound({ name, error: explain(reason) }),
    );
    return () => {
      late = true;
    };
  }, [layer, unit, name]);

  // What belongs to the unit before is not shown under the name of this one.
  const { patches, error } = found?.name === name ? found : {};
  const chosen = choice.name === name ? choice.patch : 0;
  const patch = patches?.[chosen];
  return (
    <section class="unit" aria-label={name} aria-busy={!patches && !error}>
      <header>
        <h3>{name}</h3>
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
                <button type="button" aria-pressed={i === chosen} onClick={() => setChoice({ name, patch: i })}>
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
