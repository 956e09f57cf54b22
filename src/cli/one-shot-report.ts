import { membersOf } from '../metric/evaluation/labelled.ts';
import type { OneShotResult } from '../metric/evaluation/one-shot.ts';
import { principalComponents } from '../metric/evaluation/principal-components.ts';
import type { ImageFile } from '../metric/training/image-files.ts';
import { embeddingMap } from '../report/embedding-map.ts';
import { htmlReport, scrolling, table } from '../report/html.ts';
import { type Markup, markup } from '../report/markup.ts';
import { MOST_SHOWN, nameOfPhoto } from './pair-errors.ts';
import { percent } from './percent.ts';
import { photoCell } from './photo-cell.ts';

/** Where each photo's embedding lies, by the two directions in which they vary most. */
function mapOf(photos: readonly ImageFile[], embeddings: readonly ArrayLike<number>[]): Markup {
  const { coordinates, shares } = principalComponents(embeddings);
  return embeddingMap(
    coordinates,
    photos.map((photo) => photo.class),
    { shares, title: 'First two principal components' },
  );
}

/** Photos that were taken for another person, those first that were surest. */
async function errorsOf(photos: readonly ImageFile[], { errors }: OneShotResult): Promise<Markup> {
  const worst = errors.toSorted((a, b) => b.ownDistance - b.distance - (a.ownDistance - a.distance));
  const rows = [];
  for (const { query, nearest, distance, own, ownDistance } of worst.slice(0, MOST_SHOWN)) {
    const named = (i: number) => `${photos[i]!.class}, ${nameOfPhoto(photos[i]!.path)}`;
    rows.push([
      await photoCell(photos[query]!.path),
      named(query),
      await photoCell(photos[nearest]!.path),
      `${named(nearest)}: ${distance.toFixed(3)}`,
      await photoCell(photos[own]!.path),
      `${named(own)}: ${ownDistance.toFixed(3)}`,
    ]);
  }
  return table(['', `${errors.length} errors`, '', 'taken for', '', 'the example of the person'], rows);
}

/** How often each person was identified, where not always. */
function hardest(photos: readonly ImageFile[], { errors, episodes }: OneShotResult): Markup {
  const people = membersOf(photos.map((photo) => photo.class));
  const wrong = membersOf(errors.map(({ query }) => photos[query]!.class));
  const rows = [...wrong]
    .map(([name, list]) => [name, list.length] as const)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => [name, count, percent(1 - count / (episodes.length * (people.get(name)!.length - 1)))]);
  return table(['person', 'errors', 'identified'], rows);
}

/** What people look at: the figures, the map, who is hard, what was taken for what. */
export async function oneShotReport(
  photos: readonly ImageFile[],
  embeddings: readonly ArrayLike<number>[],
  result: OneShotResult,
  summary: string,
): Promise<string> {
  return htmlReport({
    title: 'Identification from one photo',
    lead: summary.split('\n')[0]!,
    sections: [
      { title: 'Rates', content: markup`<pre>${summary.split('\n').slice(1).join('\n')}</pre>` },
      {
        title: 'Map of the embeddings',
        text: 'Their first two principal components: what lies apart here is apart, what lies together may still be apart in the other directions.',
        content: scrolling(mapOf(photos, embeddings)),
      },
      ...(result.errors.length > 0
        ? [
            { title: 'Who is hard to identify', content: hardest(photos, result) },
            {
              title: 'Errors',
              text: 'With each photo in turn as the only example of its person: what was taken for somebody else, the surest first.',
              content: await errorsOf(photos, result),
            },
          ]
        : []),
    ],
  });
}
