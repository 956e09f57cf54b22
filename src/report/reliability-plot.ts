import { linearAxis, percent } from './axis.ts';
import { across, chart, pathThrough, tidy, up } from './chart.ts';
import { dashed } from './line-chart.ts';
import { type Markup, markup } from './markup.ts';
import { series } from './theme.ts';

/** Cases of about one probability: what was said of them, and how many came true. */
export interface ReliabilityPoint {
  readonly predicted: number;
  readonly observed: number;
  readonly count: number;
}

/**
 * A reliability diagram as an SVG: the share that came true over the probability that was said. Dots on the dashed line
 * were right; their areas grow with the number of cases.
 */
export function reliabilityPlot(points: readonly ReliabilityPoint[], title = 'Reliability'): Markup {
  const x = linearAxis('probability that was said', 0, 1, 5, percent);
  const y = linearAxis('share that was so', 0, 1, 5, percent);
  const most = Math.max(1, ...points.map(({ count }) => count));
  const dots = points.map(
    ({ predicted, observed, count }) =>
      markup`<circle cx="${across(predicted)}" cy="${up(observed)}" r="${tidy(3 + 9 * Math.sqrt(count / most))}" fill="${series[0]}" fill-opacity="0.75" stroke="#fff"><title>${count} cases: said ${percent(predicted)}, were ${percent(observed)}</title></circle>`,
  );
  const line = points.map(({ predicted, observed }): [number, number] => [predicted, observed]);
  return chart(title, x, y, [
    dashed([0, 0], [1, 1]),
    markup`<path d="${pathThrough(line)}" fill="none" stroke="${series[0]}" stroke-width="1.5"/>`,
    ...dots,
  ]);
}
