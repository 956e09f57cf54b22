import type { ScoredPair } from 'facsimile/metric';
import { LARGEST } from '../data/threshold.ts';

const BINS = 24;
const [WIDTH, HEIGHT] = [600, 180];

function counts(pairs: readonly ScoredPair[], same: boolean): number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const pair of pairs)
    if (pair.same === same) bins[Math.min(BINS - 1, Math.floor((pair.distance / LARGEST) * BINS))]!++;
  return bins;
}

/** Distances of pairs of one person above the line and of two people below it, each as shares of their own number. */
export function Histogram({ pairs, threshold }: { pairs: readonly ScoredPair[]; threshold: number }) {
  const [same, different] = [counts(pairs, true), counts(pairs, false)];
  const [ofOne, ofTwo] = [same, different].map((bins) => bins.reduce((sum, count) => sum + count, 0)) as [
    number,
    number,
  ];
  const shares = [same.map((count) => count / ofOne), different.map((count) => count / ofTwo)] as const;
  const tallest = Math.max(...shares.flat());
  const [bar, middle] = [WIDTH / BINS, HEIGHT / 2];
  const text = `Distances of ${ofOne} pairs of one person and ${ofTwo} pairs of two people; the threshold is ${threshold.toFixed(3)}.`;
  return (
    <figure class="histogram">
      <svg viewBox={`-8 -4 ${WIDTH + 16} ${HEIGHT + 34}`} role="img" aria-label={text}>
        {shares.map((bins, row) =>
          bins.map((share, i) => {
            const height = (share / tallest) * (middle - 6);
            const y = row === 0 ? middle - height : middle;
            return (
              <rect
                key={i}
                class={row === 0 ? 'of-one' : 'of-two'}
                x={i * bar + 1}
                y={y}
                width={bar - 2}
                height={height}
              />
            );
          }),
        )}
        <path class="ground-line" d={`M0 ${middle}H${WIDTH}`} />
        <path class="scale-bound" d={`M${(threshold / LARGEST) * WIDTH} 0V${HEIGHT}`} />
        {[0, 0.3, 0.6, 0.9, 1.2].map((tick) => (
          <text key={tick} x={(tick / LARGEST) * WIDTH} y={HEIGHT + 22}>
            {tick}
          </text>
        ))}
      </svg>
      <figcaption class="small">
        <span class="key of-one-key">one person: {ofOne}</span>
        <span class="key of-two-key">two people: {ofTwo}</span>
      </figcaption>
    </figure>
  );
}
