import { useId } from 'preact/hooks';
import { useObserved } from '../data/observable.ts';
import { DEFAULT_THRESHOLD, LARGEST, threshold } from '../data/threshold.ts';

const WIDTH = 600;
const at = (distance: number): number => (Math.min(distance, LARGEST) / LARGEST) * WIDTH;

/** Distances from 0 on: how far is still the same person, and where this pair is. The bound can be moved. */
export function DistanceScale({ distance }: { distance?: number | undefined }) {
  const bound = useObserved(threshold);
  const id = useId();
  return (
    <div class="scale">
      <svg viewBox={`-12 0 ${WIDTH + 24} 64`} aria-hidden="true">
        <rect class="scale-same" x="0" y="26" width={at(bound)} height="10" rx="5" />
        <rect class="scale-different" x={at(bound)} y="26" width={WIDTH - at(bound)} height="10" rx="5" />
        {[0, 0.2, 0.4, 0.6, 0.8, 1, 1.2].map((tick) => (
          <text key={tick} x={at(tick)} y="60">
            {tick}
          </text>
        ))}
        <path class="scale-bound" d={`M${at(bound)} 18V44`} />
        {distance !== undefined && (
          <path class="scale-mark" d="M0 24l-9-16h18z" style={{ transform: `translateX(${at(distance)}px)` }} />
        )}
      </svg>
      <label class="scale-control" for={id}>
        <span>
          Same person up to <output>{bound.toFixed(2)}</output>
        </span>
        <input
          id={id}
          type="range"
          min="0.05"
          max={LARGEST}
          step="0.01"
          value={bound}
          onInput={({ currentTarget }) => threshold.set(Number(currentTarget.value))}
        />
      </label>
      {bound !== DEFAULT_THRESHOLD && (
        <button type="button" class="quiet" onClick={() => threshold.set(DEFAULT_THRESHOLD)}>
          Back to {DEFAULT_THRESHOLD}
        </button>
      )}
    </div>
  );
}
