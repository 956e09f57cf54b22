import { InputError } from '../core/errors.ts';
import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';

/** One row and column of a matrix: a face. */
export interface MatrixEntry {
  readonly name: string;
  /** A square picture as a URL, usually a `data:` URL. */
  readonly picture?: string;
}

/** The colour of a distance: greener the further below the threshold, warmer the nearer it is from above. */
function shade(distance: number, threshold: number): string {
  const [tone, strength] =
    distance <= threshold
      ? [[31, 158, 137] as const, 0.35 + 0.65 * (1 - distance / threshold)]
      : [[232, 131, 58] as const, Math.max(0, 0.3 - (distance - threshold) / threshold / 2)];
  const mixed = tone.map((value) => Math.round(255 + (value - 255) * Math.min(1, strength)));
  return `rgb(${mixed.join(',')})`;
}

function picture({ name, picture: url }: MatrixEntry, x: number, y: number, size: number): Markup {
  const face = url
    ? markup`<image href="${url}" x="${x}" y="${y}" width="${size}" height="${size}" preserveAspectRatio="xMidYMid slice"/>`
    : markup`<text x="${x + size / 2}" y="${y + size / 2 + 4}" text-anchor="middle" font-size="11" fill="${theme.ink}">${name}</text>`;
  return markup`<g>${face}<title>${name}</title></g>`;
}

/**
 * All distances between some faces as an SVG picture: a cell is green where the distance is at most the threshold.
 * `distances[i][j]` is the distance between entry i and entry j.
 *
 * @throws InputError where there is not one row and one column of finite distances an entry.
 */
export function distanceMatrix(
  entries: readonly MatrixEntry[],
  distances: readonly ArrayLike<number>[],
  threshold: number,
): Markup {
  const count = entries.length;
  if (distances.length !== count || distances.some((row) => row.length !== count))
    throw new InputError(
      `distanceMatrix: ${count} entries need ${count} rows of ${count} distances, got ${distances.length} of ${distances.map(({ length }) => length).join(', ')}`,
    );
  for (const row of distances)
    for (let j = 0; j < count; j++)
      if (!Number.isFinite(row[j])) throw new InputError(`distanceMatrix: distances must be finite, got ${row[j]}`);

  const cell = 46;
  const gap = 2;
  const head = cell + 8;
  const side = head + count * (cell + gap);
  const at = (i: number) => head + i * (cell + gap);
  const cells = entries.map((row, i) =>
    entries.map((column, j) => {
      const distance = distances[i]![j]!;
      const same = i === j;
      return markup`<g><rect x="${at(j)}" y="${at(i)}" width="${cell}" height="${cell}" rx="4" fill="${same ? theme.wash : shade(distance, threshold)}"/>
<text x="${at(j) + cell / 2}" y="${at(i) + cell / 2 + 4.5}" text-anchor="middle" font-size="13"${!same && distance <= threshold ? markup` font-weight="700"` : null} fill="${same ? theme.quiet : theme.ink}">${same ? '–' : distance.toFixed(2)}</text><title>${row.name} and ${column.name}: ${distance.toFixed(4)}</title></g>`;
    }),
  );
  const heads = entries.map((entry, i) => [picture(entry, at(i), 0, cell), picture(entry, 0, at(i), cell)]);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}" style="height:auto;max-width:100%;min-width:${Math.round(side * 0.75)}px" role="img" aria-label="Distances between ${count} faces" font-family="${theme.font}, sans-serif">${heads}${cells}</svg>`;
}
