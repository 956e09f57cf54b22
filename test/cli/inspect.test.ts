import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseUnits, spread } from '../../src/cli/inspect/options.ts';
import { PhotoCache } from '../../src/cli/inspect/photo-cache.ts';
import { decodeImage } from '../../src/image/decode.ts';
import { encodePng } from '../../src/image/encode.ts';
import { convEncoder } from '../../src/models/conv-encoder.ts';
import { writeEncoder } from '../../src/models/encoder-file.ts';
import { dataPath, hasData } from '../data.ts';
import { noisePicture } from '../support/picture.ts';
import { facsimile } from './capture.ts';

let folder: string;
let encoder: string;
const inFolder = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'facsimile-inspect-cli-'));
  mkdirSync(inFolder('photos/below'), { recursive: true });
  for (let i = 0; i < 10; i++)
    writeFileSync(inFolder(`photos/p${i}.png`), await encodePng(noisePicture(20, 16, i + 1)));
  writeFileSync(inFolder('photos/below/last.png'), await encodePng(noisePicture(16, 16, 99)));
  writeFileSync(inFolder('photos/torn.png'), (await encodePng(noisePicture(9, 9, 1))).slice(0, 40));
  const options = { size: 16, channels: 3, filters: [8, 8], embedding: 4 };
  const parameters = convEncoder(options).initialise(3);
  encoder = inFolder('encoder.safetensors');
  writeFileSync(encoder, writeEncoder({ options, pixels: { channels: 3, mean: 127.5, divisor: 127.5 }, parameters }));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('inspect', () => {
  it('finds patches for a trained encoder, draws them and writes a report', async () => {
    const [sheet, report] = [inFolder('sheet.png'), inFolder('report.html')];
    const words = ['inspect', encoder, '--images', inFolder('photos'), '--units', '0-2,5', '--cell', '24'];
    const { code, stdout, stderr } = await facsimile(
      ...words,
      '--layers',
      'block1/relu,block2/relu',
      '--sheet',
      sheet,
      '--report',
      report,
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const value = JSON.parse(stdout);
    expect(value).toMatchObject({ model: 'encoder', images: 11, sheet, report });
    expect(value.skipped).toEqual([
      { name: 'torn.png', reason: expect.stringMatching(/torn\.png: png: the file is truncated/) },
    ]);
    expect(value.layers.map(({ layer, channels }: { layer: string; channels: number }) => [layer, channels])).toEqual([
      ['block1/relu', 8],
      ['block2/relu', 8],
    ]);
    const [layer] = value.layers;
    expect(layer.field[0]).toEqual({ size: 3, stride: 1, padding: 1 });
    expect(layer.units.map(({ unit }: { unit: number }) => unit)).toEqual([0, 1, 2, 5]);
    for (const { patches } of layer.units) {
      expect(patches.length).toBe(9);
      expect(patches[0]).toEqual({
        image: expect.stringMatching(/^(p\d|below\/last)\.png$/),
        activation: expect.any(Number),
        position: [expect.any(Number), expect.any(Number)],
        box: expect.objectContaining({ width: 3, height: 3 }),
        seesAll: false,
      });
    }
    const picture = await decodeImage(readFileSync(sheet));
    expect([picture.width, picture.height > 200]).toEqual([1080, true]);
    const html = readFileSync(report, 'utf8');
    expect(html.match(/class="unit"/g)!.length).toBe(8);
    expect(html).toContain('below/last.png');
  });

  it('says for people what it found, and that there are fewer pictures than patches', async () => {
    const few = inFolder('few');
    mkdirSync(few);
    for (let i = 0; i < 3; i++) writeFileSync(join(few, `p${i}.png`), await encodePng(noisePicture(20, 16, i + 1)));
    const { code, stdout, stderr } = await facsimile('inspect', encoder, '--images', few);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^looked at 3 pictures in \d/);
    expect(stdout).toContain('block1/relu: 8 units, each sees 3 × 3 pixels in steps of 1');
    expect(stdout).toContain('embedding: 4 units, each sees the whole picture');
    expect(stdout).toMatch(/unit 7 +\d\.\d+ +p\d\.png +at \(\d+, \d+\)\n/);
    expect(stdout).toMatch(/unit 4 +never active\n/);
    expect(stdout).toContain('only 3 pictures: a unit has as many patches, not 9');
  });

  it.each([
    [
      'an unknown model',
      ['nonet'],
      /no model is called "nonet", and there is no such file; there are faces, squeezenet, vgg19/,
    ],
    [
      'an unknown layer',
      ['ENCODER', '--layers', 'conv9'],
      /encoder: no layer is called "conv9"; there are block1\/relu, block2\/relu, embedding/,
    ],
    ['an unknown unit', ['ENCODER', '--layers', 'block1/relu', '--units', '8'], /block1\/relu has units 0 to 7, got 8/],
    ['units that are none', ['ENCODER', '--units', '3-1'], /It must be all, or numbers and ranges of units/],
    ['another size', ['ENCODER', '--size', '20'], /encoder: pictures must have 16×16 pixels, got 20×20/],
    ['a sheet that is no PNG', ['ENCODER', '--sheet', '/tmp/x.jpg'], /must end in \.png/],
    ['zoom without a rule', ['ENCODER', '--zoom', '--rule', 'none'], /--zoom cuts patches to what drives the unit/],
    ['weights of a file', ['ENCODER', '--weights', 'w'], /--weights belongs to faces, squeezenet, vgg19/],
  ])('refuses %s', async (_, words, message) => {
    const [model, ...rest] = words.map((word) => (word === 'ENCODER' ? encoder : word));
    const { code, stderr } = await facsimile('inspect', model!, '--images', inFolder('photos'), ...rest);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('refuses a folder that is empty, not there, or holds only what cannot be read', async () => {
    const empty = inFolder('empty');
    mkdirSync(empty);
    const of = (images: string) => facsimile('inspect', encoder, '--images', images);
    expect(await of(empty)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`there are no pictures in ${empty}`),
    });
    expect(await of(inFolder('nowhere'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read the folder'),
    });
    const broken = inFolder('broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'a.jpg'), 'no picture');
    expect(await of(broken)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/none of 1 pictures can be read.*a\.jpg/),
    });
    const encoderFile = await facsimile('inspect', join(broken, 'a.jpg'), '--images', inFolder('photos'));
    expect(encoderFile).toMatchObject({ code: 2, stderr: expect.stringContaining('a.jpg') });
  });

  it.skipIf(!hasData)('looks into a tfjs layers model', async () => {
    const { code, stdout } = await facsimile(
      'inspect',
      dataPath('darknet-tiny/darknettiny/model.json'),
      '--images',
      inFolder('few'),
      '--units',
      '0-1',
      '--json',
    );
    expect(code).toBe(0);
    const { layers } = JSON.parse(stdout);
    expect(layers.length).toBe(4);
    expect(layers[0].field[0].size).toBe(3);
  });
});

describe('options of inspect', () => {
  it('reads units', () => {
    expect(parseUnits('all')).toBe('all');
    expect(parseUnits('4, 0-2,1')).toEqual([4, 0, 1, 2]);
  });

  it('spreads layers from the first to the last', () => {
    expect(spread(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 4)).toEqual(['a', 'c', 'e', 'g']);
    expect(spread(['a', 'b'], 4)).toEqual(['a', 'b']);
    expect(spread(['a'], 4)).toEqual(['a']);
  });

  it('keeps photos that were read lately', async () => {
    const cache = new PhotoCache();
    const side = 2048;
    const reads: string[] = [];
    const get = (name: string) =>
      cache.get(name, async () => {
        reads.push(name);
        return {
          data: new Uint8Array(side * side * 4),
          width: side,
          height: side,
          sourceWidth: side,
          sourceHeight: side,
        };
      });
    // Six of 16 MB fit.
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'a', 'g', 'a', 'b']) await get(name);
    expect(reads).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'b']);
  });
});

describe('receptive-field', () => {
  it.each([
    ['alexnet_v2', 'pool5', 195, 32, 64],
    ['vgg_16', 'pool5', 212, 32, 90],
    ['resnet_v1_50', 'block4', 483, 32, 239],
    ['vgg19', 'conv5_1', 156, 16, 70],
  ])('prints a line a layer of %s', async (model, layer, size, stride, padding) => {
    const { code, stdout } = await facsimile('receptive-field', model, '--json');
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(7);
    expect(lines.find((line) => line.layer === layer)).toMatchObject({
      model,
      size: [size, size],
      stride: [stride, stride],
      padding: [padding, padding],
    });
  });

  it('prints a table for people, of chosen layers and sizes, and of an encoder', async () => {
    const { stdout } = await facsimile('receptive-field', 'faces', '--layers', 'conv32_1,descriptor');
    expect(stdout).toContain('faces for an input of 150 × 150 × 3');
    expect(stdout).toMatch(/conv32_1 +35 × 35 × 32 +27 +4 +8/);
    expect(stdout).toMatch(/descriptor +128 +150 +0 +0/);
    const squeezed = await facsimile('receptive-field', 'squeezenet', '--size', '64', '--layers', 'conv1');
    expect(squeezed.stdout).toMatch(/conv1 +29 × 29 × 96 +7 +2 +0/);
    const own = await facsimile('receptive-field', encoder);
    expect(own.stdout).toMatch(/block2\/relu +8 × 8 × 8 +8 +2 +3/);
  });

  it('refuses what it does not know', async () => {
    expect(await facsimile('receptive-field', 'resnet')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'no model is called "resnet", and there is no such file; there are vgg_16, alexnet_v2',
      ),
    });
    expect(await facsimile('receptive-field', 'vgg_16', '--layers', 'conv9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no node is called "conv9"'),
    });
    const small = await facsimile('receptive-field', 'alexnet_v2', '--size', '20', '--json');
    expect(small.code).toBe(2);
    expect(JSON.parse(small.stdout).error.message).toMatch(/does not fit/);
  });
});
