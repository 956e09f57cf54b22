import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/image/decode.ts';
import { magma } from '../../src/report/colour-map.ts';
import { pngOf } from '../../src/report/png.ts';
import { spectrogramImage, spectrogramPlot } from '../../src/report/spectrogram-plot.ts';
import { waveform } from '../../src/report/waveform.ts';

const texts = (svg: { text: string }) => [...svg.text.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text!);

describe('waveform', () => {
  const sampleRate = 1000;
  const loudThenQuiet = Float32Array.from({ length: 2000 }, (_, i) => (i < 1000 ? 0.4 : 0.1) * (i % 2 ? 1 : -1));

  it('is high where the sound is loud', () => {
    const svg = waveform(loudThenQuiet, { title: 'Loud, quiet', sampleRate });
    const d = /<path d="([^"]+)"/.exec(svg.text)![1]!;
    const points = [...d.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    const span = (from: number, to: number): number => {
      const ys = points.filter(([x]) => x > from && x < to).map(([, y]) => y);
      return Math.max(...ys) - Math.min(...ys);
    };
    expect(span(70, 390)).toBeCloseTo(130 + 0.8, 0);
    expect(span(420, 740)).toBeCloseTo(130 / 4 + 0.8, 0);
  });

  it('says what its axes stand for', () => {
    const labels = texts(waveform(loudThenQuiet, { title: 'Loud, quiet', sampleRate }));
    expect(labels).toEqual(
      expect.arrayContaining(['Loud, quiet', 'seconds', 'amplitude', '-0.4', '0', '0.4', '1.5', '2']),
    );
  });

  it('of silence is a thin line, and of one sample too', async () => {
    for (const samples of [new Float32Array(100), Float32Array.of(0)]) {
      const svg = waveform(samples, { title: 'Silence', sampleRate });
      expect(svg.text).not.toMatch(/NaN|Infinity/);
      const { width } = await decodeImage(await pngOf(svg, 1));
      expect(width).toBe(760);
    }
  });

  it('refuses no samples and NaN', () => {
    expect(() => waveform(new Float32Array(0), { title: '', sampleRate })).toThrow('waveform: there are no samples');
    expect(() => waveform(Float32Array.of(Number.NaN), { title: '', sampleRate })).toThrow('must be finite, got NaN');
  });
});

describe('spectrogramPlot', () => {
  const levels = { values: Float32Array.of(0, 1, 2, 3, 4, 8), frames: 3, bands: 2 };

  it('has time to the right and low bands at the bottom', () => {
    const { data, width, height } = spectrogramImage(levels);
    expect([width, height]).toEqual([3, 2]);
    const pixel = (x: number, y: number) => [...data.subarray((y * 3 + x) * 4, (y * 3 + x) * 4 + 3)];
    expect(pixel(0, 1)).toEqual(magma(0));
    expect(pixel(0, 0)).toEqual(magma(1 / 8));
    expect(pixel(2, 0)).toEqual(magma(1));
    expect(pixel(1, 1)).toEqual(magma(2 / 8));
  });

  it('is drawn in a frame of seconds and kilohertz', async () => {
    const svg = await spectrogramPlot(levels, { title: 'A plot', seconds: 0.4, y: 4000, range: [0, 8] });
    expect(texts(svg)).toEqual(expect.arrayContaining(['A plot', 'kilohertz', '4', '0.1', '0.4']));
    const picture = await decodeImage(await pngOf(svg, 1));
    const at = (x: number, y: number) => [
      ...picture.data.subarray((y * picture.width + x) * 4, (y * picture.width + x) * 4 + 3),
    ];
    // The brightest corner is at the upper right, the darkest at the lower left.
    const sum = (rgb: number[]) => rgb.reduce((total, value) => total + value, 0);
    expect(sum(at(735, 40))).toBeGreaterThan(600);
    expect(sum(at(66, 250))).toBeLessThan(60);
  });

  it('refuses values that do not fill it or are not finite', () => {
    expect(() => spectrogramImage({ ...levels, frames: 4 })).toThrow('4 frames of 2 bands need as many values, got 6');
    const endless = { values: Float32Array.of(0, Number.NEGATIVE_INFINITY), frames: 1, bands: 2 };
    expect(() => spectrogramImage(endless)).toThrow('values must be finite, got -Infinity to 0');
  });
});

describe('magma', () => {
  it('grows lighter all the way, and ends at its ends', () => {
    expect(magma(-1)).toEqual([0, 0, 4]);
    expect(magma(2)).toEqual([252, 253, 191]);
    const light = Array.from({ length: 101 }, (_, i) => {
      const [r, g, b] = magma(i / 100);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
    for (let i = 1; i <= 100; i++) expect(light[i]).toBeGreaterThan(light[i - 1]!);
  });
});
