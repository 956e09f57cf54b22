import { describe, expect, it } from 'vitest';
import { blank } from '../../src/report/canvas.ts';
import { heatMap } from '../../src/report/heat-map.ts';
import { type InspectionReport, inspectionReport } from '../../src/report/inspection-report.ts';
import { inspectionSheet } from '../../src/report/inspection-sheet.ts';
import { beside, patchGrid } from '../../src/report/patch-grid.ts';

const red = blank(4, 4, [200, 0, 0, 255]);
const pixel = ({ data, width }: { data: ArrayLike<number>; width: number }, x: number, y: number): number[] =>
  [0, 1, 2].map((c) => data[(y * width + x) * 4 + c]!);

describe('patchGrid', () => {
  it('puts pictures row by row, each in the middle of its cell, and leaves the rest grey', () => {
    const wide = blank(8, 4, [0, 0, 200, 255]);
    const grid = patchGrid([{ picture: red }, { picture: wide }, undefined, { picture: red }], {
      columns: 2,
      cell: 8,
      gap: 1,
    });
    expect([grid.width, grid.height]).toEqual([17, 17]);
    expect(pixel(grid, 0, 0)).toEqual([200, 0, 0]);
    expect(pixel(grid, 8, 3)).toEqual([255, 255, 255]);
    expect([pixel(grid, 9, 1), pixel(grid, 9, 2), pixel(grid, 16, 5), pixel(grid, 9, 6)]).toEqual([
      [236, 239, 242],
      [0, 0, 200],
      [0, 0, 200],
      [236, 239, 242],
    ]);
    expect(pixel(grid, 4, 12)).toEqual([236, 239, 242]);
  });

  it('frames a part, scaled with its picture, and keeps frames inside', () => {
    const grid = patchGrid([{ picture: red, frame: { x: 1, y: 1, width: 2, height: 2 } }], { columns: 1, cell: 16 });
    const lines = Array.from({ length: 16 }, (_, x) => pixel(grid, x, 8)[1]);
    expect(lines).toEqual([0, 0, 0, 0, 24, 214, 0, 0, 0, 0, 214, 24, 0, 0, 0, 0]);
    const over = patchGrid([{ picture: red, frame: { x: -3, y: -3, width: 20, height: 20 } }], {
      columns: 1,
      cell: 16,
    });
    expect(pixel(over, 0, 8)).not.toEqual([200, 0, 0]);
  });

  it('stands beside others', () => {
    const joined = beside([red, blank(2, 6, [0, 0, 0, 255])], 3);
    expect([
      joined.width,
      joined.height,
      pixel(joined, 4, 0)[0],
      pixel(joined, 7, 5)[0],
      pixel(joined, 0, 5)[0],
    ]).toEqual([9, 6, 255, 0, 255]);
  });
});

describe('heatMap', () => {
  it('goes from dark blue to yellow, and is grey where there is no number', () => {
    const map = heatMap([0, 1, 2, 4, Number.NaN, 3], [2, 3]);
    expect([map.width, map.height]).toEqual([3, 2]);
    expect(pixel(map, 0, 0)).toEqual([68, 1, 84]);
    expect(pixel(map, 2, 0)).toEqual([33, 144, 141]);
    expect(pixel(map, 0, 1)).toEqual([253, 231, 37]);
    expect(pixel(map, 1, 1)).toEqual([128, 128, 128]);
    const clipped = heatMap([-5, 9], [1, 2], { range: [0, 1], size: [4, 2] });
    expect([clipped.width, pixel(clipped, 0, 0), pixel(clipped, 3, 1)]).toEqual([4, [68, 1, 84], [253, 231, 37]]);
    expect(pixel(heatMap([7], [1, 1]), 0, 0)).toEqual([68, 1, 84]);
  });

  it('lies over a picture', () => {
    const white = blank(4, 4, [255, 255, 255, 255]);
    const map = heatMap([0, 0, 0, 1], [2, 2], { over: white, opacity: 0.5 });
    expect([map.width, map.height]).toEqual([4, 4]);
    expect(pixel(map, 0, 0)).toEqual([162, 128, 170]);
    expect(pixel(map, 3, 3)).toEqual([254, 243, 146]);
  });
});

describe('inspectionSheet', () => {
  it('lays units out in lines, layer by layer', async () => {
    const unit = (label: string) => ({ label, picture: blank(100, 60, [10, 20, 30, 255]) });
    const layers = ['a', 'b'].map((title) => ({ title, text: 'what', units: [unit('0'), unit('1'), unit('2')] }));
    const sheet = await inspectionSheet(layers, { title: 'Units', text: 'of a network', width: 300 });
    expect(sheet.width).toBe(300);
    const starts: number[] = [];
    for (let y = 1; y < sheet.height; y++)
      if (pixel(sheet, 60, y)[0] === 10 && pixel(sheet, 60, y - 1)[0] !== 10) starts.push(y);
    // Two units fit a line: each layer has two.
    expect(starts.length).toBe(4);
    expect(pixel(sheet, 200, starts[0]!)[0]).toBe(10);
    expect(pixel(sheet, 200, starts[1]!)[0]).toBe(255);
  });
});

describe('inspectionReport', () => {
  const report: InspectionReport = {
    title: 'Units <of> "one"',
    lead: 'What they look for.',
    layers: [
      {
        layer: 'conv1',
        text: '2 units',
        units: [3, 7].map((unit) => ({
          unit,
          url: `data:image/jpeg;base64,unit${unit}`,
          width: 40,
          height: 20,
          patches: [
            {
              photo: 0,
              activation: 1.23456,
              box: { x: -0.1, y: 0.25, width: 0.5, height: 0.5 },
              effective: { x: 0.1, y: 0.3, width: 0.2, height: 0.1 },
              centre: { x: 0.15, y: 0.5 },
            },
          ],
        })),
      },
    ],
    photos: [{ name: 'a & b.jpg', url: 'data:image/jpeg;base64,photo', width: 30, height: 20 }],
  };
  const html = inspectionReport(report);

  it('links layers, units and photos by keyboard-friendly links, and back', () => {
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(targets)).toEqual(new Set(['conv1', 'conv1:3', 'conv1:7']));
    for (const target of targets) expect(ids).toContain(target);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('needs no other file and no script, holds each picture once, and escapes names', () => {
    expect(html).not.toMatch(/<script|https?:|@import/);
    expect(html.match(/base64,photo/g)!.length).toBe(1);
    expect(html.match(/class="photo photo-0"/g)!.length).toBe(2);
    expect(html).toContain('Units &lt;of&gt; &quot;one&quot;');
    expect(html).toContain('a &amp; b.jpg');
  });

  it('marks where in the photo', () => {
    expect(html).toContain('left: -10%; top: 25%; width: 50%; height: 50%');
    expect(html).toContain('left: 10%; top: 30%; width: 20%; height: 10%');
    expect(html).toContain('left: 15%; top: 50%');
    expect(html).toContain('1. 1.235');
  });
});
