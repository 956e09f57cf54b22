import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { dataUrl } from '../../src/report/data-url.ts';
import { distanceHistogram } from '../../src/report/histogram.ts';
import { figure, grid, htmlReport, table, verdict } from '../../src/report/html.ts';
import { type Markup, markup } from '../../src/report/markup.ts';
import { distanceMatrix } from '../../src/report/matrix.ts';
import { rocPlot } from '../../src/report/roc-plot.ts';
import { typesetter } from '../../src/report/typesetter.ts';

/** Draws an SVG with a reader that takes well-formed XML only, and counts what is not white. */
async function inked(svg: Markup): Promise<number> {
  const { data } = (await typesetter()).draw(svg);
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3]! > 0 && data[i]! + data[i + 1]! + data[i + 2]! < 700) count++;
  return count;
}
/** All y of the paths of a chart. */
const heights = (svg: Markup): number[] =>
  [...svg.text.matchAll(/d="([^"]+)"/g)].flatMap(([, d]) =>
    [...d!.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map((m) => Number(m[2])),
  );

describe('distanceMatrix', () => {
  const entries = [{ name: 'Ada <1>' }, { name: 'Bob & Co' }, { name: 'Eve' }];
  const distances = [
    [0, 0.4, 0.9],
    [0.4, 0, 0.61],
    [0.9, 0.61, 0],
  ];

  it('shows every distance, those within the threshold in bold', async () => {
    const svg = distanceMatrix(entries, distances, 0.6);
    expect(svg.text.match(/0\.40</g)).toHaveLength(2);
    expect(svg.text.match(/0\.61</g)).toHaveLength(2);
    expect(svg.text.match(/font-weight="700"/g)).toHaveLength(2);
    expect(svg.text).toContain('Ada &lt;1&gt; and Bob &amp; Co: 0.4000');
    expect(await inked(svg)).toBeGreaterThan(500);
  });

  it('shows thumbnails', () => {
    const url = dataUrl(new Uint8Array([1, 2, 3]), 'image/png');
    const svg = distanceMatrix(
      [{ name: 'Ada', picture: url }, { name: 'Bob' }],
      [
        [0, 1],
        [1, 0],
      ],
      0.6,
    );
    expect(svg.text.split(`href="${url}"`)).toHaveLength(3);
  });

  it.each([
    ['too few rows', [[0, 1, 1]]],
    [
      'a short row',
      [
        [0, 1, 1],
        [1, 0],
        [1, 1, 0],
      ],
    ],
    [
      'NaN',
      [
        [0, 1, 1],
        [1, 0, Number.NaN],
        [1, 1, 0],
      ],
    ],
  ])('refuses %s', (_, bad) => {
    expect(() => distanceMatrix(entries, bad, 0.6)).toThrow(InputError);
  });
});

describe('rocPlot', () => {
  it('goes up in steps, inside its frame', async () => {
    const svg = rocPlot(
      [
        { far: 0, tar: 0.92 },
        { far: 0.01, tar: 0.98 },
        { far: 1, tar: 1 },
      ],
      [{ far: 0.01, tar: 0.98, name: 'EER' }],
    );
    const ys = heights(svg);
    expect([...ys].sort((a, b) => b - a)).toEqual(ys);
    for (const y of ys) expect(y >= 44 && y <= 344).toBe(true);
    expect(svg.text).toContain('EER');
    expect(await inked(svg)).toBeGreaterThan(500);
  });

  it.each([
    ['no points', []],
    ['one point', [{ far: 0, tar: 0 }]],
    [
      'chance',
      [
        { far: 0, tar: 0 },
        { far: 0.5, tar: 0.5 },
        { far: 1, tar: 1 },
      ],
    ],
  ])('draws %s', async (_, points) => {
    const svg = rocPlot(points);
    expect(svg.text).not.toMatch(/NaN|Infinity/);
    expect(await inked(svg)).toBeGreaterThan(200);
  });
});

describe('distanceHistogram', () => {
  it('has a bar for each step of distance, as high as its share', async () => {
    const svg = distanceHistogram([0.1, 0.1, 0.1, 0.5], [0.9, 1.7], 0.6);
    const bars = [...svg.text.matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)].map((m) =>
      Number(m[2]),
    );
    expect(bars).toHaveLength(4 + 2); // two of the same, two of different people, and the key
    const tall = Math.max(...bars);
    expect(bars.filter((height) => Math.abs(height - tall / 3) < 0.01)).toHaveLength(1);
    expect(svg.text).toContain('threshold 0.6');
    expect(await inked(svg)).toBeGreaterThan(500);
  });

  it('draws without pairs', async () => {
    const svg = distanceHistogram([], [], 0.6);
    expect(svg.text).not.toMatch(/NaN|Infinity/);
    expect(await inked(svg)).toBeGreaterThan(200);
  });
});

describe('htmlReport', () => {
  const report = htmlReport({
    title: 'Who is <who>',
    lead: 'Ada & Bob',
    sections: [
      {
        title: '"One"',
        text: markup`a <b>bold</b> word`,
        content: [
          grid([figure(dataUrl(new Uint8Array([255, 216]), 'image/jpeg'), 'a "face"', markup`<b>Ada</b>`)]),
          table(['name', 'distance', ''], [['<Ada>', 0.41, verdict(true, 'same')]]),
        ],
      },
    ],
    foot: 'made here',
  });

  it('escapes text and keeps markup', () => {
    expect(report).toContain('<title>Who is &lt;who&gt;</title>');
    expect(report).toContain('Ada &amp; Bob');
    expect(report).toContain('a <b>bold</b> word');
    expect(report).toContain('alt="a &quot;face&quot;"');
    expect(report).toContain('<td>&lt;Ada&gt;</td><td class="figure">0.41</td><td><span class="yes">same</span></td>');
  });

  it('needs no other file and runs no script', () => {
    expect(report).toMatch(/^<!doctype html>/);
    expect(report).not.toMatch(/<script|<link|@import|url\(|https?:/);
    for (const [, url] of report.matchAll(/(?:src|href)="([^"]*)"/g)) expect(url).toMatch(/^data:image\//);
  });
});

describe('dataUrl', () => {
  it('is base64 of the bytes', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
    const [head, body] = dataUrl(bytes, 'image/png').split(',');
    expect(head).toBe('data:image/png;base64');
    expect(new Uint8Array(Buffer.from(body!, 'base64'))).toEqual(bytes);
  });
});
