const [WIDTH, HEIGHT] = [300, 64];

export interface LossPoint {
  /** From 1. */
  readonly iteration: number;
  readonly loss: number;
}

/** How the loss falls, as far as it was seen, on a logarithmic scale. */
export function LossCurve({ points: seen, of }: { points: readonly LossPoint[]; of: number }) {
  if (seen.length < 2) return null;
  const logs = seen.map(({ loss }) => Math.log(Math.max(loss, Number.MIN_VALUE)));
  const [high, low] = [Math.max(...logs), Math.min(...logs)];
  const points = logs.map((log, i) => {
    const x = ((seen[i]!.iteration - 1) / Math.max(1, of - 1)) * WIDTH;
    const y = high > low ? ((high - log) / (high - low)) * HEIGHT : 0;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return (
    <svg
      class="loss"
      viewBox={`-4 -4 ${WIDTH + 8} ${HEIGHT + 8}`}
      role="img"
      aria-label="The loss, falling from step to step"
    >
      <path class="loss-ground" d={`M0 ${HEIGHT}H${WIDTH}`} />
      <path class="loss-line" d={`M${points.join('L')}`} />
    </svg>
  );
}
