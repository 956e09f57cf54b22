import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { decodeImage } from '../../src/image/decode.ts';
import { embeddingMap } from '../../src/report/embedding-map.ts';
import { distanceHistogram } from '../../src/report/histogram.ts';
import { lineChart } from '../../src/report/line-chart.ts';
import type { Markup } from '../../src/report/markup.ts';
import { pngOf } from '../../src/report/png.ts';
import { reliabilityPlot } from '../../src/report/reliability-plot.ts';
import { rocPlot } from '../../src/report/roc-plot.ts';
import { trainingCurves } from '../../src/report/training-curves.ts';
import { typesetter } from '../../src/report/typesetter.ts';

/** Pixels that are not white of a drawing, read by what takes well-formed XML only. */
async function inked(svg: Markup): Promise<number> {
  expect(svg.text).not.toMatch(/NaN|Infinity|undefined/);
  const { data } = (await typesetter()).draw(svg);
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3]! > 0 && data[i]! + data[i + 1]! + data[i + 2]! < 700) count++;
  return count;
}
/** The points of the strong lines. */
const paths = (svg: Markup, width: string) =>
  [...svg.text.matchAll(new RegExp(`d="([^"]+)" fill="none" stroke="[^"]+" stroke-width="${width}"`, 'g'))].map(
    ([, d]) => [...d!.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])] as const),
  );
const texts = (svg: Markup) => [...svg.text.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text!);

describe('lineChart', () => {
  it('puts each point in its place, and names the lines', async () => {
    const svg = lineChart(
      [
        {
          name: 'one',
          points: [
            [0, 0],
            [5, 1],
            [10, 2],
          ],
        },
        {
          name: 'two',
          points: [
            [0, 2],
            [10, 0],
          ],
        },
      ],
      { title: 'Lines', x: 'step', y: 'value' },
    );
    expect(paths(svg, '2.2')).toEqual([
      [
        [64, 344],
        [295, 194],
        [526, 44],
      ],
      [
        [64, 44],
        [526, 344],
      ],
    ]);
    expect(texts(svg)).toEqual(expect.arrayContaining(['Lines', 'one', 'two', 'step', 'value']));
    expect(await inked(svg)).toBeGreaterThan(1000);
  });

  it('leaves out what is not finite, and draws a single point and none', async () => {
    const line = {
      name: 'x',
      points: [
        [0, 1],
        [1, Number.NaN],
        [2, Number.POSITIVE_INFINITY],
        [3, 1],
      ] as const,
    };
    expect(paths(lineChart([line], { title: 't', x: 'x', y: 'y' }), '2.2')[0]).toHaveLength(2);
    expect(await inked(lineChart([{ name: 'x', points: [[3, 4]] }], { title: 't', x: 'x', y: 'y' }))).toBeGreaterThan(
      200,
    );
    expect(await inked(lineChart([], { title: 't', x: 'x', y: 'y' }))).toBeGreaterThan(200);
  });

  it('draws a band inside the frame', () => {
    const band = [
      [0, 9],
      [0, 9],
    ] as const;
    const svg = lineChart(
      [
        {
          name: 'x',
          points: [
            [1, 2],
            [2, 3],
          ],
          band,
        },
      ],
      { title: 't', x: 'x', y: 'y' },
    );
    const [, d] = /d="([^"]+)Z" fill="#/.exec(svg.text)!;
    for (const [, y] of d!.matchAll(/[ML][-\d.]+ ([-\d.]+)/g)) expect(Number(y) >= 44 && Number(y) <= 344).toBe(true);
  });
});

describe('trainingCurves', () => {
  const steps = Array.from({ length: 1000 }, (_, step) => ({
    step,
    loss: 1000 - step,
    activeFraction: 1 - step / 1000,
  }));

  it('draws what was recorded, and nothing of what was not', async () => {
    const charts = trainingCurves(steps);
    expect(charts.map((svg) => texts(svg)[0])).toEqual(['Loss', 'Active triplets']);
    for (const svg of charts) expect(await inked(svg)).toBeGreaterThan(500);
    expect(trainingCurves(steps.map((step) => ({ ...step, positiveDistance: 1, negativeDistance: 2 })))).toHaveLength(
      3,
    );
    expect(trainingCurves([])).toEqual([]);
    const validated = steps.map((step, i) => (i % 100 === 99 ? { ...step, validation: i / 1000 } : step));
    expect(paths(trainingCurves(validated)[2]!, '2.2')[0]).toHaveLength(10);
  });

  it('keeps the course of a falling loss in few points', () => {
    const [line] = paths(trainingCurves(steps)[0]!, '2.2');
    expect(line!.length).toBeLessThanOrEqual(240);
    for (const [i, [, y]] of line!.entries()) if (i > 0) expect(y).toBeGreaterThanOrEqual(line![i - 1]![1]);
  });

  it('takes a loss that ran away', async () => {
    const [svg] = trainingCurves([
      { step: 0, loss: 1 },
      { step: 1, loss: Number.NaN },
      { step: 2, loss: 3 },
    ]);
    expect(await inked(svg!)).toBeGreaterThan(200);
  });
});

describe('embeddingMap', () => {
  it('has one scale in both directions', () => {
    const svg = embeddingMap(
      [
        [0, 0],
        [1, 0],
        [0, 1],
      ],
      ['a', 'b', 'c'],
    );
    const dots = [...svg.text.matchAll(/d="M([-\d.]+) ([-\d.]+)a4 4/g)].map((m) => [Number(m[1]) + 4, Number(m[2])]);
    const [origin, right, up] = dots as [number[], number[], number[]];
    expect(right[0]! - origin[0]!).toBeCloseTo(origin[1]! - up[1]!, 0);
    expect(right[1]).toBe(origin[1]);
  });

  it('names classes, shortens long names, escapes them', async () => {
    const svg = embeddingMap(
      [
        [0, 0],
        [1, 1],
      ],
      ['<Ada>', 'x'.repeat(40)],
      { shares: [0.5, 0.25] },
    );
    expect(texts(svg)).toContain('&lt;Ada&gt;');
    expect(texts(svg).some((text) => text.endsWith('…'))).toBe(true);
    expect(texts(svg)).toContain('direction 1 (50 % of the variance)');
    expect(await inked(svg)).toBeGreaterThan(500);
  });

  it('tells 40 classes apart by colour and shape, without names', () => {
    const points = Array.from({ length: 40 }, (_, i) => [i % 7, Math.floor(i / 7)]);
    const svg = embeddingMap(
      points,
      points.map((_, i) => `class ${i}`),
    );
    const looks = [...svg.text.matchAll(/d="M[-\d.]+ [-\d.]+([^"]+)" fill="([^"]+)"/g)].map(
      ([, shape, colour]) => shape! + colour,
    );
    expect(new Set(looks).size).toBe(40);
    expect(texts(svg)).not.toContain('class 3');
  });

  it('draws points that are one', async () => {
    expect(
      await inked(
        embeddingMap(
          [
            [2, 2],
            [2, 2],
          ],
          [1, 1],
        ),
      ),
    ).toBeGreaterThan(200);
  });

  it('refuses points without a place or a label', () => {
    expect(() => embeddingMap([], [])).toThrow(InputError);
    expect(() => embeddingMap([[1, 2]], [])).toThrow(/got 0 for 1/);
    expect(() => embeddingMap([[1, Number.NaN]], ['a'])).toThrow(/finite coordinates/);
    expect(() => embeddingMap([[1]], ['a'])).toThrow(InputError);
  });
});

describe('reliabilityPlot', () => {
  it('has a dot for each step, the largest for the most cases', async () => {
    const svg = reliabilityPlot([
      { predicted: 0.1, observed: 0.1, count: 100 },
      { predicted: 0.9, observed: 0.8, count: 25 },
    ]);
    const dots = [...svg.text.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"/g)].map((m) =>
      m.slice(1).map(Number),
    );
    expect(dots).toEqual([
      [110.2, 314, 12],
      [479.8, 104, 7.5],
    ]);
    expect(await inked(svg)).toBeGreaterThan(500);
    expect(await inked(reliabilityPlot([]))).toBeGreaterThan(200);
  });
});

describe('rocPlot with several curves', () => {
  it('gives each its colour and name', async () => {
    const chance = [
      { far: 0, tar: 0 },
      { far: 0.01, tar: 0.4 },
      { far: 1, tar: 1 },
    ];
    const svg = rocPlot([
      { name: 'before', points: chance },
      {
        name: 'after',
        points: [
          { far: 0, tar: 0.9 },
          { far: 0.1, tar: 1 },
          { far: 1, tar: 1 },
        ],
      },
    ]);
    expect(paths(svg, '2.5')).toHaveLength(2);
    expect(texts(svg)).toEqual(expect.arrayContaining(['before', 'after']));
    expect(await inked(svg)).toBeGreaterThan(500);
  });

  it('draws the interval of a mark, all of it inside the frame', () => {
    const mark = { far: 0.01, tar: 0.95, name: 'here', interval: { low: 0.7, high: 0.99 } };
    const svg = rocPlot(
      [
        { far: 0, tar: 0 },
        { far: 0.01, tar: 0.95 },
        { far: 1, tar: 1 },
      ],
      [mark],
    );
    const [whisker] = paths(svg, '1.5');
    for (const [, y] of whisker!) expect(y >= 44 && y <= 344).toBe(true);
    expect(Math.max(...whisker!.map(([, y]) => y)) - Math.min(...whisker!.map(([, y]) => y))).toBeGreaterThan(100);
  });
});

describe('distanceHistogram of other encoders', () => {
  it('has a number of bars that can be seen, whatever the scale', () => {
    for (const scale of [1e-3, 1, 37, 1e5]) {
      const values = Array.from({ length: 500 }, (_, i) => (i / 500) * scale);
      const svg = distanceHistogram(values, values, scale / 2, { names: ['same letter', 'other letters'] });
      const bars = svg.text.match(/<rect x="[\d.]+" y="[\d.]+" width/g)!.length;
      expect(bars).toBeGreaterThan(20);
      expect(bars).toBeLessThan(100);
      expect(svg.text).toContain('other letters');
    }
  });

  it('shows where the threshold may lie, also without an end', async () => {
    const svg = distanceHistogram([0.2], [0.9], 0.5, { interval: { low: 0.3, high: Number.POSITIVE_INFINITY } });
    expect(svg.text).toContain('fill-opacity="0.1"');
    expect(await inked(svg)).toBeGreaterThan(500);
  });
});

describe('pngOf', () => {
  it('is the drawing in pixels, as many for each as is said, over white', async () => {
    const svg = reliabilityPlot([]);
    const twice = await decodeImage(await pngOf(svg));
    expect(twice).toMatchObject({ width: 1120, height: 800 });
    expect([...twice.data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    expect(await decodeImage(await pngOf(svg, 1))).toMatchObject({ width: 560, height: 400 });
  });
});
