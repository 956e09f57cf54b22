import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stopOnSignals } from '../../src/cli/interrupt.ts';
import { decodeImage } from '../../src/image/decode.ts';
import { encodePng } from '../../src/image/encode.ts';
import { randomArray } from '../support/random.ts';
import { facsimile } from './capture.ts';

let folder: string;
const path = (name: string): string => join(folder, name);

/** Stripes in two colours, and a little noise. */
function stripes(width: number, height: number, seed: number, period: number) {
  const noise = randomArray(width * height, seed);
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let p = 0; p < noise.length; p++) {
    const on = ((p % width) + Math.floor(p / width) * seed) % period < period / 2;
    data.set([on ? 200 : 40, 90 + 60 * noise[p]!, on ? 30 : 180], p * 4);
  }
  return { data, width, height };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'facsimile-cli-stylize-'));
  writeFileSync(path('content.png'), await encodePng(stripes(64, 48, 1, 24)));
  writeFileSync(path('style.png'), await encodePng(stripes(50, 60, 2, 8)));
  writeFileSync(path('other.png'), await encodePng(stripes(40, 40, 3, 5)));
  writeFileSync(path('mask.png'), await encodePng(stripes(30, 30, 0, 30)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const stylize = (out: string, ...more: string[]) =>
  facsimile(
    ...['stylize', path('content.png'), path('style.png'), '-o', path(out), '--network', 'faces'],
    ...['--style-layers', 'conv32_1,conv64_1', '--content-layers', 'conv64_1', '--levels', '1', ...more],
  );

describe('stylize', () => {
  it('paints, films, draws the losses, and says what it came to; the same bytes every time', async () => {
    const words = ['--steps', '6', '--size', '64', '--every', '2'];
    const { code, stdout, stderr } = await stylize(
      ...(['a.png', ...words, '--film', path('a.gif'), '--plot', path('a.svg'), '--json'] as const),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      picture: path('a.png'),
      width: 64,
      height: 48,
      network: 'faces',
      steps: 6,
      progress: [path('a-0002.png'), path('a-0004.png')],
      film: path('a.gif'),
      plot: path('a.svg'),
    });
    const { content, style, variation, total } = result.losses;
    expect(total).toBeCloseTo(content + style + variation, 10);
    const painted = await decodeImage(readFileSync(path('a.png')));
    expect([painted.width, painted.height]).toEqual([64, 48]);
    expect(readFileSync(path('a-0004.png'))).not.toEqual(readFileSync(path('a.png')));
    expect(readFileSync(path('a.svg'), 'utf8')).toContain('>Losses of the painting</text>');
    expect(await sharp(path('a.gif'), { animated: true }).metadata()).toMatchObject({
      pages: 6,
      width: 64,
      pageHeight: 48,
      loop: 0,
    });

    const again = await stylize('b.png', ...words, '--threads', '2');
    expect(again.stdout).toMatch(/^painted 6 steps with faces in \d+ s, loss .+; wrote .+b\.png \(64 × 48\)\n$/);
    for (const name of ['.png', '-0002.png', '-0004.png'])
      expect(readFileSync(path(`b${name}`))).toEqual(readFileSync(path(`a${name}`)));
  });

  it('takes several styles, masks, and every option of the library', async () => {
    const options = [
      ...['--style-weights', '2,1', '--mask', 'none', '--mask', path('mask.png'), '--style-mask', path('mask.png')],
      ...['--style-scale', '0.8', '--content-weight', '2', '--style-weight', '300', '--variation-weight', '0.01'],
      ...['--variation', '1.5', '--normalization', 'gatys-pytorch', '--pooling', 'average'],
      ...['--preserve-colors', 'histogram', '--start', 'normal', '--seed', '3', '--optimizer', 'adam'],
      ...['--learning-rate', '5', '--levels', '2', '--steps', '2,1', '--clamp', 'step', '--tolerance', '0'],
      ...['--tile', '64', '--size', '72'],
    ];
    const { code, stdout, stderr } = await facsimile(
      ...['stylize', path('content.png'), path('style.png'), path('other.png'), '-o', path('c.jpg')],
      ...['--network', 'faces', '--style-layers', 'conv32_1=1,conv64_1=0.5', '--content-layers', 'conv64_1'],
      ...options,
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ width: 72, height: 54, steps: 3, film: null, plot: null, progress: [] });
    expect((await decodeImage(readFileSync(path('c.jpg')))).width).toBe(72);
  });

  it('paints with the face network where no better one was pulled, and says so', async () => {
    vi.stubEnv('FACSIMILE_CACHE', path('cache'));
    const { code, stdout, stderr } = await facsimile(
      ...['stylize', path('content.png'), path('style.png'), '-o', path('e.png'), '--size', '64'],
      ...['--style-layers', 'conv32_1', '--content-layers', 'conv64_1', '--levels', '1', '--steps', '1', '--json'],
    );
    vi.unstubAllEnvs();
    expect(stderr).toContain('painting with the face network; SqueezeNet paints clearly better: facsimile models pull');
    expect({ code, network: JSON.parse(stdout).network }).toEqual({ code: 0, network: 'faces' });
  });

  it.each<[string, string[], string]>([
    ['a name of another format', ['--out', 'x.bmp'], 'cannot write x.bmp: its name must end in .png, .jpg, .jpeg'],
    ['a folder that is not there', ['--out', '/nowhere/x.png'], 'there is no folder /nowhere'],
    ['a film of another format', ['--film', 'x.mp4'], '--film: x.mp4 must end in .gif, .png, .apng, .webp'],
    ['a plot of another format', ['--plot', 'x.pdf'], '--plot: x.pdf must end in .svg or .png'],
    ['a layer that does not exist', ['--style-layers', 'conv9_9'], 'has no layer "conv9_9"; it has conv32_down'],
    ['more masks than styles', ['--mask', 'none', '--mask', 'none'], '--mask: there are 2 for 1 style'],
    ['a missing picture', ['--start', 'gone.png'], 'gone.png'],
    ['a missing checkpoint', ['--resume'], '.checkpoint'],
    ['a preset that does not exist', ['--preset', 'oils'], 'Allowed choices are gatys, fast, poster'],
    ['half of the shares', ['--style-layers', 'conv32_1=1,conv64_1'], 'Either all layers have a share, or none.'],
    ['steps that are none', ['--steps', '10,0'], 'It must be whole numbers of at least 1'],
  ])('refuses %s, and writes nothing', async (_, words, message) => {
    const { code, stderr } = await stylize('never.png', '--steps', '1', ...words);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(existsSync(path('never.png'))).toBe(false);
  });

  // Last: the signal stays known to the process.
  it('leaves the picture so far and a state at Ctrl-C, from which it goes on to the same bytes', async () => {
    const words = ['--steps', '40', '--size', '80', '--every', '2', '--film', path('d.png')];
    await stylize('whole.png', ...words);
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
    stopOnSignals();
    const running = stylize('d.png.png', ...words);
    const watch = setInterval(() => {
      if (existsSync(path('d.png.png.checkpoint'))) process.emit('SIGINT');
    }, 1);
    const { stderr } = await running;
    clearInterval(watch);
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    expect(exit).toHaveBeenCalledWith(130);
    expect(stderr).toMatch(/stopped after step \d+ of 40: .+ is the picture so far, --resume goes on from/);
    const half = readFileSync(path('d.png.png'));
    expect(half).not.toEqual(readFileSync(path('whole.png')));
    expect((await decodeImage(half)).width).toBe(80);
    expect(readFileSync(path('d.png')).includes('acTL')).toBe(true);

    const rest = await stylize('d.png.png', '--steps', '40', '--size', '80', '--resume');
    exit.mockRestore();
    expect(rest.code).toBe(0);
    expect(readFileSync(path('d.png.png'))).toEqual(readFileSync(path('whole.png')));
  });
});
