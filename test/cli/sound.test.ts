import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/image/decode.ts';
import { convEncoder } from '../../src/models/conv-encoder.ts';
import { writeSoundEncoder } from '../../src/models/sound-encoder-file.ts';
import { decodeWav, encodeWav } from '../../src/signal/wav.ts';
import { sine, testSound } from '../signal/sound.ts';
import { facsimile } from './capture.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const options = { size: [8], channels: 12, filters: [8], average: true, embedding: 4 };
const input = { sampleRate: 8000, size: 256, hop: 80, bands: 12, frames: 8, fit: 'loop', evenLoudness: true } as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'facsimile-sound-'));
  const write = async (name: string, samples: Float32Array, sampleRate = 8000) =>
    writeFileSync(at(name), await encodeWav({ channels: [samples], sampleRate }));
  await write(
    'voice.wav',
    testSound(4000).map((value) => value / 2),
  );
  await write(
    'louder.wav',
    testSound(4000).map((value) => value / 1.5),
  );
  await write('tone.wav', sine(3000, 8000, 4000));
  await write('silence.wav', new Float32Array(4000));
  const parameters = convEncoder(options).initialise(1);
  writeFileSync(at('voices.safetensors'), writeSoundEncoder({ options, input, parameters, threshold: 0.05 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('verify with an encoder of sounds', () => {
  const verify = (a: string, b: string, ...more: string[]) =>
    facsimile('verify', at(a), at(b), '--model', at('voices.safetensors'), ...more);

  it('says whether one voice speaks in both', async () => {
    const same = await verify('voice.wav', 'louder.wav', '--json');
    expect(JSON.parse(same.stdout)).toMatchObject({ same: true, threshold: 0.05 });
    expect(same.code).toBe(0);
    const other = await verify('voice.wav', 'tone.wav');
    expect(other.code).toBe(1);
    expect(other.stdout).toMatch(/^Different voices: distance [\d.]+ is above the threshold of 0\.05\.\n$/);
  });

  it('takes a threshold of its own', async () => {
    expect(await verify('voice.wav', 'tone.wav', '--threshold', '2')).toMatchObject({ code: 0 });
  });

  it('names the file that it cannot use', async () => {
    const silent = await verify('voice.wav', 'silence.wav');
    expect(silent).toMatchObject({ code: 2 });
    expect(silent.stderr).toContain(`${at('silence.wav')}: soundFeatures: the sound is silent (4000 samples)`);
    writeFileSync(at('short.wav'), readFileSync(at('voice.wav')).subarray(0, 100));
    expect((await verify('voice.wav', 'short.wav')).stderr).toMatch(/short\.wav: wav: it ends early/);
    const wrong = await facsimile('verify', at('voice.wav'), at('tone.wav'), '--model', at('voice.wav'));
    expect(wrong.code).toBe(2);
  });

  it('has no faces to annotate', async () => {
    expect(await verify('voice.wav', 'tone.wav', '--annotate', at('x.png'))).toMatchObject({ code: 2 });
  });
});

describe('stylize with sounds', () => {
  const stylize = (...words: string[]) => facsimile('stylize', at('voice.wav'), ...words);

  it('writes a sound and draws the spectrograms', async () => {
    const { code, stdout } = await stylize(
      at('tone.wav'),
      '-o',
      at('out.wav'),
      '--steps',
      '2',
      '--plot',
      at('out.png'),
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ sampleRate: 8000, steps: 2, losses: { total: expect.any(Number) } });
    const { channels } = await decodeWav(readFileSync(at('out.wav')));
    expect(channels[0]).toHaveLength(4000);
    const { width, height } = await decodeImage(readFileSync(at('out.png')));
    expect([width, height]).toEqual([1520, 1812]);
  });

  it.each([
    [['night.jpg', '-o', 'out.wav'], 'a sound takes one other WAV file as its style, got night.jpg'],
    [['tone.wav', '-o', 'out.png'], '--out: out.png must end in .wav'],
    [['tone.wav', '-o', 'out.wav', '--style-scale', '2'], 'stylize: --style-scale is for pictures'],
    [['tone.wav', '-o', 'out.wav', '--steps', '3,4'], '--steps: a sound has one level, got 3,4'],
    [['tone.wav', '-o', 'out.wav', '--plot', 'out.gif'], '--plot: out.gif must end in .svg or .png'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await stylize(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
