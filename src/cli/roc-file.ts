import type { LfwResult } from '../metric/evaluation/lfw.ts';
import { roc, tarAtFar } from '../metric/evaluation/roc.ts';
import type { RocIntervals } from '../metric/evaluation/roc-interval.ts';
import { distanceHistogram } from '../report/histogram.ts';
import { grid, htmlReport } from '../report/html.ts';
import { markup } from '../report/markup.ts';
import { pngOf } from '../report/png.ts';
import { rocPlot } from '../report/roc-plot.ts';
import type { Evaluation } from './evaluation.ts';
import { pairErrors } from './pair-errors.ts';

/** The content of a ROC file: the plot where its name ends in .svg or .png, else a report. */
export async function rocFile(
  name: string,
  folder: string,
  result: LfwResult,
  { pairs }: Evaluation,
  intervals: RocIntervals,
  summary: string,
): Promise<Uint8Array | string> {
  const { eer, tau } = result;
  const atOne = tarAtFar(pairs, 0.01);
  const plot = rocPlot(roc(pairs), [
    { far: eer, tar: 1 - eer, name: `equal error rate ${(eer * 100).toFixed(2)} %` },
    { ...atOne, name: '', interval: intervals.tarAtFar },
  ]);
  if (/\.svg$/i.test(name)) return plot.text;
  if (/\.png$/i.test(name)) return pngOf(plot);
  const distancesOf = (same: boolean) => pairs.filter((pair) => pair.same === same).map(({ distance }) => distance);
  return htmlReport({
    title: 'Accuracy on labelled pairs',
    lead: summary.split('\n')[0]!,
    sections: [
      { title: 'Rates', content: markup`<pre>${summary.split('\n').slice(1).join('\n')}</pre>` },
      { title: 'Curves', content: grid([plot, distanceHistogram(distancesOf(true), distancesOf(false), tau)], 460) },
      {
        title: 'Errors',
        text: `Decided wrongly at the mean threshold of ${tau.toFixed(3)}, the worst first.`,
        content: await pairErrors(folder, pairs, tau),
      },
    ],
  });
}
