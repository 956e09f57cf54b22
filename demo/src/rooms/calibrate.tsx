import { useEffect, useState } from 'preact/hooks';
import { useExamples } from '../data/examples.ts';
import { explain } from '../data/explain.ts';
import { faces } from '../data/faces.ts';
import { useObserved } from '../data/observable.ts';
import { threshold } from '../data/threshold.ts';
import { BlobImage } from '../parts/blob-image.tsx';
import { Histogram } from '../parts/histogram.tsx';
import { PhotoSlot } from '../parts/photo-slot.tsx';
import type { CalibrationResult } from '../workers/faces.ts';

const rates = [
  [0.05, '1 in 20'],
  [0.01, '1 in 100'],
  [0.001, '1 in 1000'],
] as const;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A threshold found on one's own photos. */
export function Calibrate() {
  const { examples, unusable, waiting, add, name, remove } = useExamples();
  const [far, setFar] = useState<number>(0.05);
  const [result, setResult] = useState<CalibrationResult>();
  const [error, setError] = useState<string>();
  const people = new Set(examples.map(({ label }) => label));
  const ready = people.size >= 2 && people.size < examples.length && waiting === 0;

  useEffect(() => {
    setResult(undefined);
    setError(undefined);
    if (!ready) return;
    let late = false;
    const named = examples.map(({ label, embedding }) => ({ label, embedding }));
    faces.calibrate(named, far).then(
      (found) => late || setResult(found),
      (reason) => late || setError(explain(reason)),
    );
    return () => {
      late = true;
    };
  }, [examples, far, ready]);

  return (
    <>
      <h2>Where do you draw the line?</h2>
      <p class="lead">
        The usual threshold suits photos that are like those it was found on. Find one on yours: several people, at
        least one of them in several photos.
      </p>
      <PhotoSlot
        label="Photos of people"
        hint="Drop photos here, one face each. Files called ada-1.jpg and ada-2.jpg show one person"
        several
        onPhotos={add}
        busy={waiting > 0}
        more={<span class="small">{summary(examples.length, people.size, waiting)}</span>}
      >
        {examples.length > 0 && (
          <ul class="examples">
            {examples.map(({ id, file, label, portrait }) => (
              <li key={id} class="example">
                <BlobImage blob={portrait} alt={file} class="portrait-image" />
                <input
                  type="text"
                  value={label}
                  aria-label={`Who is in ${file}`}
                  onChange={({ currentTarget }) => name(id, currentTarget.value.trim() || label)}
                />
                <button type="button" class="quiet" aria-label={`Remove ${file}`} onClick={() => remove(id)}>
                  ×
                </button>
              </li>
            ))}
          </ul>
        )}
      </PhotoSlot>
      {unusable.map(({ id, file, error: reason }) => (
        <p key={id} class="error" role="alert">
          {file}: {reason}{' '}
          <button type="button" class="quiet" aria-label={`Dismiss ${file}`} onClick={() => remove(id)}>
            Dismiss
          </button>
        </p>
      ))}
      <fieldset class="choices">
        <legend>Two people may be taken for one in</legend>
        {rates.map(([rate, text]) => (
          <label key={rate}>
            <input type="radio" name="far" checked={rate === far} onChange={() => setFar(rate)} />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
      <section class="verdict" aria-label="Calibration">
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        {result ? (
          <Found {...result} />
        ) : (
          <p class="note">{ready ? 'Comparing …' : 'Two people, and two photos of one of them, are the least.'}</p>
        )}
      </section>
    </>
  );
}

function summary(photos: number, people: number, waiting: number): string {
  if (waiting > 0) return `${waiting} to look at`;
  return photos > 0 ? `${photos} photos, ${people} people` : '';
}

function Found({ calibration, pairs }: CalibrationResult) {
  const inUse = useObserved(threshold);
  const { threshold: found, thresholdInterval, far, tar, target, resolved, galleries } = calibration;
  const usable = Math.round(found * 1000) / 1000;
  return (
    <>
      <p class="answer" role="status">
        <strong>Same person up to {found.toFixed(3)}</strong>
        <span>
          {Math.round(100 * thresholdInterval.confidence)} % interval {thresholdInterval.low.toFixed(2)} to{' '}
          {thresholdInterval.high.toFixed(2)}
        </span>
      </p>
      <Histogram pairs={pairs} threshold={found} />
      <dl class="figures">
        <div>
          <dt>Pairs of two people taken for one</dt>
          <dd>
            {percent(far.rate)}{' '}
            <span class="small">
              {far.accepted} of {far.pairs}, {percent(far.interval.low)} to {percent(far.interval.high)}
            </span>
          </dd>
        </div>
        <div>
          <dt>Pairs of one person recognised</dt>
          <dd>
            {percent(tar.rate)}{' '}
            <span class="small">
              {tar.accepted} of {tar.pairs}, {percent(tar.interval.low)} to {percent(tar.interval.high)}
            </span>
          </dd>
        </div>
        {galleries.slice(1).map((gallery) => (
          <div key={gallery.people}>
            <dt>A stranger is taken for one of {gallery.people} enrolled</dt>
            <dd>{percent(gallery.falseAccept)}</dd>
          </div>
        ))}
      </dl>
      {!resolved && (
        <p class="note">
          {far.pairs} pairs of two people are too few to show a rate of {percent(target)}. With more photos this becomes
          surer.
        </p>
      )}
      <button
        type="button"
        class="primary"
        disabled={inUse === usable || usable <= 0}
        onClick={() => threshold.set(usable)}
      >
        {inUse === usable ? 'In use in all rooms' : 'Use this threshold'}
      </button>
    </>
  );
}
