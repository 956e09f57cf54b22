import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stopOnSignals } from '../../src/cli/interrupt.ts';
import { encodePng } from '../../src/image/encode.ts';
import { readEncoder } from '../../src/models/encoder-file.ts';
import { strokeDataset } from '../support/shapes-dataset.ts';
import { facsimile } from './capture.ts';

let folder: string;
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'facsimile-cli-train-'));
  const dataset = strokeDataset({ classes: 10, each: 4 });
  const values = new Float32Array(144);
  for (const { name, examples } of dataset.classes) {
    mkdirSync(path(`letters/${name}`), { recursive: true });
    for (const [i, example] of examples.entries()) {
      dataset.read(example, values);
      const data = new Uint8Array(144 * 4).fill(255);
      for (const [p, v] of values.entries()) data.fill(255 * (1 - v), 4 * p, 4 * p + 3);
      writeFileSync(path(`letters/${name}/${i}.png`), await encodePng({ data, width: 12, height: 12 }));
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = [
  '--size',
  '8',
  '--grey',
  '--filters',
  '8,8',
  '--embedding',
  '8',
  '--classes',
  '4',
  '--each',
  '2',
  '--every',
  '4',
];
const train = (out: string, ...more: string[]) =>
  facsimile('train', path('letters'), '--out', path(out), ...small, ...more);

describe('train', () => {
  it('writes an encoder that can be read, and says what it came to', async () => {
    const { code, stdout, stderr } = await train('a.safetensors', '--steps', '10', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      model: path('a.safetensors'),
      classes: 8,
      heldOut: 2,
      images: 40,
      steps: 10,
      unreadable: [],
      collapsed: false,
      loss: expect.any(Number),
      oneShotAccuracy: expect.any(Number),
      weights: expect.stringMatching(/^[\da-f]{64}$/),
    });
    const { encoder, pixels, parameters } = readEncoder(readFileSync(path('a.safetensors')));
    expect(encoder.shape).toEqual([8, 8, 1]);
    expect(pixels).toEqual({ channels: 1, mean: 127.5, divisor: 127.5 });
    expect(parameters.has('head/filters')).toBe(true);

    const text = await train('a2.safetensors', '--steps', '10', '--report', path('a2.html'));
    expect(text.stdout).toMatch(/^trained 10 steps on 40 pictures of 8 classes in [\d.]+ s; wrote/);
    expect(text.stdout).toContain('of 2 classes that it never saw');
    expect(readFileSync(path('a2.safetensors'))).toEqual(readFileSync(path('a.safetensors')));
    const report = readFileSync(path('a2.html'), 'utf8');
    for (const title of [
      'Loss',
      'Active triplets',
      'Held-out classes',
      'Mean distances',
      'First two principal components',
    ])
      expect(report).toContain(`>${title}</text>`);
    expect(report).not.toMatch(/NaN|undefined/);
  });

  it('leaves a checkpoint at Ctrl-C, and goes on from it to the same bits', async () => {
    const words = ['--steps', '60', '--held-out', '0', '--every', '20'];
    const checkpoint = path('whole.safetensors.checkpoint');
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
    stopOnSignals();
    let stopped: Buffer | undefined;
    const watch = setInterval(() => {
      if (stopped || !existsSync(checkpoint)) return;
      rmSync(checkpoint);
      process.emit('SIGINT');
      stopped = readFileSync(checkpoint);
    }, 1);
    const whole = await train('whole.safetensors', ...words);
    clearInterval(watch);
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    expect(exit).toHaveBeenCalledWith(130);
    exit.mockRestore();
    expect(whole.stderr).toMatch(/stopped after step \d+; --resume goes on from/);

    writeFileSync(path('cut.checkpoint'), stopped!);
    const rest = await train('rest.safetensors', ...words, '--checkpoint', path('cut.checkpoint'), '--resume');
    expect(rest.stdout).toMatch(/^trained [1-5]?\d steps/);
    expect(readFileSync(path('rest.safetensors'))).toEqual(readFileSync(path('whole.safetensors')));
  });

  it.each(['episodes', 'classifier', 'contrastive', 'binary'])('trains with --loss %s', async (loss) => {
    const { code, stderr } = await train(
      `${loss}.safetensors`,
      '--steps',
      '3',
      '--loss',
      loss,
      '--augment',
      'strong',
      '--turns',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(existsSync(path(`${loss}.safetensors`))).toBe(true);
  });

  it.each([
    [['--mining', 'hard', '--loss', 'classifier'], '--mining belongs to --loss triplets, not to classifier'],
    [['--classes', '40'], 'a batch of 40 classes needs as many, got 8'],
    [['--steps', '0'], 'whole number of at least 1'],
    [['--loss', 'magic'], 'Allowed choices are triplets, episodes'],
    [['--resume'], 'ENOENT'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await train('refused.safetensors', ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(path('refused.safetensors'))).toBe(false);
  });

  it('says what is wrong with the folder', async () => {
    mkdirSync(path('one/a'), { recursive: true });
    writeFileSync(path('one/a/1.png'), readFileSync(path('letters/kind000/0.png')));
    writeFileSync(path('one/a/2.png'), readFileSync(path('letters/kind000/1.png')));
    const one = await facsimile('train', path('one'), '--out', path('x.safetensors'), ...small);
    expect(one.code).toBe(2);
    expect(one.stderr).toContain('one class only ("a")');
    mkdirSync(path('one/b'));
    writeFileSync(path('one/b/1.png'), readFileSync(path('letters/kind001/0.png')));
    const lone = await facsimile('train', path('one'), '--out', path('x.safetensors'), ...small, '--classes', '2');
    expect(lone.stderr).toContain('class "b" has one example');
    writeFileSync(path('one/b/2.png'), 'no picture');
    const bad = await facsimile('train', path('one'), '--out', path('x.safetensors'), ...small, '--classes', '2');
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining(path('one/b/2.png')) });
    writeFileSync(path('one/b/3.png'), readFileSync(path('letters/kind001/1.png')));
    const skipped = await facsimile(
      'train',
      path('one'),
      '--out',
      path('x.safetensors'),
      ...small,
      '--classes',
      '2',
      '--steps',
      '2',
      '--skip-unreadable',
    );
    expect(skipped.stdout).toContain(`left out: ${path('one/b/2.png')}`);
  });
});
