import { basename, extname, join } from 'node:path';
import { encodeJpeg } from '../image/encode.ts';
import { readImage } from '../image/read.ts';
import type { LfwResult } from '../metric/lfw.ts';
import { roc } from '../metric/roc.ts';
import { fitWithin } from '../report/canvas.ts';
import { dataUrl } from '../report/data-url.ts';
import { distanceHistogram } from '../report/histogram.ts';
import { grid, htmlReport, table } from '../report/html.ts';
import { type Markup, markup } from '../report/markup.ts';
import { rocPlot } from '../report/roc-plot.ts';
import type { EvaluatedPair, Evaluation } from './evaluation.ts';

const MOST_ERRORS = 40;

const nameOf = (photo: string): string => basename(photo, extname(photo));

async function photo(path: string): Promise<Markup> {
  const small = fitWithin(await readImage(path), 104, 104);
  return markup`<img src="${dataUrl(await encodeJpeg(small, 85), 'image/jpeg')}" alt="${path}">`;
}

/** The pairs that the threshold decides wrongly, the worst first. */
async function errors(folder: string, pairs: readonly EvaluatedPair[], threshold: number): Promise<Markup> {
  const wrong = pairs
    .filter(({ distance, same }) => distance <= threshold !== same)
    .sort((x, y) => Math.abs(y.distance - threshold) - Math.abs(x.distance - threshold));
  const rows = [];
  for (const { a, b, same, distance } of wrong.slice(0, MOST_ERRORS))
    rows.push([
      await photo(join(folder, a)),
      await photo(join(folder, b)),
      `${nameOf(a)} and ${nameOf(b)}`,
      distance.toFixed(3),
      same ? 'one person' : 'two people',
    ]);
  return table(['', '', `${wrong.length} errors`, 'distance', 'in truth'], rows);
}

/** The content of a ROC file: the plot where its name ends in .svg, else a report. */
export async function rocFile(
  name: string,
  folder: string,
  result: LfwResult,
  { pairs }: Evaluation,
  summary: string,
): Promise<string> {
  const { eer, tau } = result;
  const plot = rocPlot(roc(pairs), [{ far: eer, tar: 1 - eer, name: `equal error rate ${(eer * 100).toFixed(2)} %` }]);
  if (/\.svg$/i.test(name)) return plot.text;
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
        content: await errors(folder, pairs, tau),
      },
    ],
  });
}
