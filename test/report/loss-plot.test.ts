import { describe, expect, it } from 'vitest';
import { lossPlot } from '../../src/report/loss-plot.ts';
import { typesetter } from '../../src/report/typesetter.ts';

const points = [
  { step: 1, losses: { content: 0, style: 5000, variation: 0, total: 5000 } },
  { step: 2, losses: { content: 20, style: 300, variation: 0, total: 320 } },
  { step: 3, losses: { content: 30, style: 30, variation: 0, total: 60 } },
];

describe('lossPlot', () => {
  it('draws each part that is something, in powers of ten', async () => {
    const svg = lossPlot(points, 'A painting');
    expect(svg.text).not.toMatch(/NaN|Infinity|undefined/);
    const texts = [...svg.text.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text!);
    for (const text of ['A painting', 'content', 'style', 'total', '10¹', '10²', '10³', '10⁴'])
      expect(texts).toContain(text);
    expect(texts).not.toContain('variation');
    // Equal shares of a power of ten are equally high: style falls from 300 to 30 as it would from 5000 to 500.
    const lines = [...svg.text.matchAll(/d="(M[^"]+)" fill="none" stroke="[^"]+" stroke-width="2.2"/g)].map(([, d]) =>
      [...d!.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, , y]) => Number(y)),
    );
    expect(lines.map(({ length }) => length)).toEqual([2, 3, 3]);
    const decade = (400 - 44 - 56) / 3;
    expect(lines[1]![2]! - lines[1]![1]!).toBeCloseTo(decade, 0);
    expect((await typesetter()).draw(svg).width).toBeGreaterThan(0);
  });

  it('draws losses below 1, and none at all', () => {
    expect(lossPlot([{ step: 1, losses: { total: 0.002 } }]).text).toContain('10⁻³');
    expect(lossPlot([]).text).not.toMatch(/NaN|Infinity/);
  });
});
