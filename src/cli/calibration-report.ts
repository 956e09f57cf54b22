import type { Calibration } from '../metric/decision/calibrate.ts';
import { galleryFalseAccept } from '../metric/decision/gallery-rate.ts';
import type { PairProbability } from '../metric/decision/probability.ts';
import { roc } from '../metric/evaluation/roc.ts';
import { linearAxis, powerAxis, percent as shortPercent } from '../report/axis.ts';
import { distanceHistogram } from '../report/histogram.ts';
import { grid, htmlReport } from '../report/html.ts';
import { lineChart } from '../report/line-chart.ts';
import { type Markup, markup } from '../report/markup.ts';
import { rocPlot } from '../report/roc-plot.ts';
import type { EvaluatedPair } from './evaluation.ts';
import { pairErrors } from './pair-errors.ts';
import { percent } from './percent.ts';

/** The false accept rate over the size of the gallery, with the interval of the rate of one comparison. */
function galleryChart({ galleries, far }: Calibration): Markup {
  let high = 10;
  while (high < Math.max(...galleries.map(({ people }) => people))) high *= 10;
  const sizes = [1];
  while (sizes.at(-1)! < high) sizes.push(Math.min(high, Math.ceil(sizes.at(-1)! * 1.15)));
  return lineChart(
    [
      {
        name: 'strangers taken for somebody',
        points: sizes.map((people) => [people, galleryFalseAccept(far.rate, people)]),
        band: sizes.map((people) => [
          galleryFalseAccept(far.interval.low, people),
          galleryFalseAccept(far.interval.high, people),
        ]),
      },
    ],
    {
      title: 'False accepts in a gallery',
      x: powerAxis('people in the gallery', 1, high, String),
      y: linearAxis('strangers taken for somebody', 0, 1, 5, shortPercent),
    },
  );
}

/** The fitted probability over distance. */
function probabilityChart(probability: PairProbability, pairs: readonly EvaluatedPair[]): Markup {
  const most = pairs.reduce((largest, { distance }) => Math.max(largest, distance), 0) || 1;
  const points = Array.from({ length: 101 }, (_, i): [number, number] => {
    const distance = (most * i) / 100;
    return [distance, probability.at(distance)];
  });
  return lineChart([{ name: 'one person', points }], {
    title: 'Probability of one person',
    x: 'distance',
    y: linearAxis('probability, as many of one person as here', 0, 1, 5, shortPercent),
  });
}

/** What people look at: the curves, the galleries, the pairs that the threshold gets wrong. */
export async function calibrationReport(
  folder: string,
  pairs: readonly EvaluatedPair[],
  calibration: Calibration,
  probability: PairProbability,
  summary: string,
): Promise<string> {
  const { threshold, thresholdInterval, far, tar } = calibration;
  const distancesOf = (same: boolean) => pairs.filter((pair) => pair.same === same).map(({ distance }) => distance);
  const mark = {
    far: far.rate,
    tar: tar.rate,
    name: `${percent(tar.rate)} at ${percent(far.rate)} false accepts`,
    interval: tar.interval,
  };
  return htmlReport({
    title: 'A calibrated threshold',
    lead: summary.split('\n')[0]!,
    sections: [
      { title: 'Threshold and rates', content: markup`<pre>${summary.split('\n').slice(1).join('\n')}</pre>` },
      {
        title: 'Curves',
        text: 'The grey band is where the threshold may lie as well, for all that these pairs can tell.',
        content: grid(
          [
            rocPlot(roc(pairs), [mark]),
            distanceHistogram(distancesOf(true), distancesOf(false), threshold, { interval: thresholdInterval }),
            galleryChart(calibration),
            probabilityChart(probability, pairs),
          ],
          460,
        ),
      },
      {
        title: 'Errors',
        text: `Decided wrongly at the threshold of ${threshold.toFixed(3)}, the worst first.`,
        content: await pairErrors(folder, pairs, threshold),
      },
    ],
  });
}
