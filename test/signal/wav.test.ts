import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SoundError } from '../../src/core/errors.ts';
import { readSound } from '../../src/signal/read.ts';
import { mono, peakOf, secondsOf } from '../../src/signal/sound.ts';
import { decodeWav, encodeWav, type WavFormat } from '../../src/signal/wav.ts';
import { dataPath, hasData } from '../data.ts';
import { randomFrom } from '../support/random.ts';
import { testSound } from './sound.ts';

const text = (letters: string): number[] => [...new TextEncoder().encode(letters)];
const little = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => (value / 256 ** i) & 255);
const chunk = (id: string, body: readonly number[]): number[] => [
  ...text(id),
  ...little(body.length, 4),
  ...body,
  ...(body.length % 2 ? [0] : []),
];

/** A WAV file written byte by byte. */
function wavFile(
  format: number,
  bits: number,
  channels: number,
  data: readonly number[],
  before: readonly number[] = [],
): Uint8Array {
  const block = (bits / 8) * channels;
  const fmt = [
    ...little(format, 2),
    ...little(channels, 2),
    ...little(8000, 4),
    ...little(8000 * block, 4),
    ...little(block, 2),
    ...little(bits, 2),
  ];
  const body = [...text('WAVE'), ...chunk('fmt ', fmt), ...before, ...chunk('data', data)];
  return Uint8Array.from([...text('RIFF'), ...little(body.length, 4), ...body]);
}

const floats = (values: readonly number[], bits: 32 | 64): number[] => [
  ...new Uint8Array((bits === 32 ? Float32Array : Float64Array).from(values).buffer),
];

describe('decodeWav', () => {
  it.each([
    [8, 1, [0, 128, 255], [-1, 0, 127 / 128]],
    [16, 1, [0x00, 0x80, 0xff, 0x7f, 0xff, 0xff], [-1, 32767 / 32768, -1 / 32768]],
    [24, 1, [0x00, 0x00, 0x80, 0xff, 0xff, 0x7f, 0x01, 0, 0], [-1, 8388607 / 8388608, 1 / 8388608]],
    [32, 1, [0, 0, 0, 0x80, 0, 0, 0, 0x40], [-1, 0.5]],
    [32, 3, floats([0.25, -1.5], 32), [0.25, -1.5]],
    [64, 3, floats([0.1, -1], 64), [0.1, -1]],
  ])('of %i bits, format %i', async (bits, format, data, expected) => {
    const { channels, sampleRate } = await decodeWav(wavFile(format, bits, 1, data));
    expect(sampleRate).toBe(8000);
    expect([...channels[0]!]).toEqual([...Float32Array.from(expected)]);
  });

  it('takes channels apart', async () => {
    const { channels } = await decodeWav(wavFile(1, 8, 3, [128, 192, 64, 128, 192, 64]));
    expect(channels.map((channel) => [...channel])).toEqual([
      [0, 0],
      [0.5, 0.5],
      [-0.5, -0.5],
    ]);
  });

  it('passes over chunks that it does not know, odd ones too', async () => {
    const { channels } = await decodeWav(wavFile(1, 8, 1, [192], chunk('LIST', text('odd'))));
    expect([...channels[0]!]).toEqual([0.5]);
  });

  it('takes what is there where the size is a placeholder', async () => {
    const file = wavFile(1, 16, 1, [0, 64, 0, 64]);
    file.set([255, 255, 255, 255], 40);
    const { channels } = await decodeWav(file);
    expect([...channels[0]!]).toEqual([0.5, 0.5]);
  });

  const sixteen = wavFile(1, 16, 1, [1, 2, 3, 4, 5, 6, 7, 8]);
  it.each([
    [
      'another magic',
      Uint8Array.from([...text('OggS'), ...new Array<number>(40).fill(0)]),
      /begins with RIFF…WAVE, got 44 bytes that begin with "OggS"/,
    ],
    ['no bytes', new Uint8Array(0), /got 0 bytes that begin with ""/],
    [
      'a file that ends among its samples',
      sixteen.subarray(0, 50),
      /ends early: 8 bytes of samples are stated, 6 are there/,
    ],
    ['a file that ends within one', sixteen.subarray(0, 49), /ends early: 8 bytes of samples are stated, 5 are there/],
    ['a file that ends in its header', sixteen.subarray(0, 30), /wav: .+ \(30 bytes\)/],
    ['no samples', wavFile(1, 16, 1, []), /it holds no samples/],
    ['no channels', wavFile(1, 16, 0, [1, 2]), /it states 0 channels, expected 1 to 64/],
    ['an unknown format', wavFile(0x55, 16, 1, [1, 2]), /not supported/],
    ['NaN', wavFile(3, 32, 1, floats([0, Number.NaN], 32)), /sample 1 is NaN/],
  ])('refuses %s', async (_, bytes, message) => {
    const decoding = decodeWav(bytes);
    await expect(decoding).rejects.toThrow(message);
    await expect(decoding).rejects.toBeInstanceOf(SoundError);
  });

  it('gives samples or a SoundError, whatever a header says', async () => {
    const random = randomFrom(7);
    let refused = 0;
    for (let trial = 0; trial < 400; trial++) {
      const file = sixteen.slice();
      for (let k = 0; k < 1 + (trial % 3); k++) file[Math.floor(random() * 44)] = Math.floor(random() * 256);
      try {
        const { channels } = await decodeWav(file);
        expect(channels.every((channel) => channel.length > 0 && channel.every(Number.isFinite))).toBe(true);
      } catch (error) {
        expect(error, String([...file])).toBeInstanceOf(SoundError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it.skipIf(!hasData)('reads recorded speech', async () => {
    const sound = await readSound(dataPath('audio/fsdd/0_george_0.wav'));
    expect([sound.sampleRate, sound.channels.length, sound.channels[0]!.length]).toEqual([8000, 1, 2384]);
    expect([...sound.channels[0]!.subarray(0, 4)].map((value) => value * 32768)).toEqual([-1489, -962, -606, 163]);
  });
});

describe('encodeWav', () => {
  const sound = { channels: [testSound(333, 1), testSound(333, 2)], sampleRate: 22050 };
  it.each([
    ['8', 1 / 256],
    ['16', 1 / 65536],
    ['24', 2 ** -24],
    ['32', 2 ** -24],
    ['32f', 0],
  ] as [WavFormat, number][])('%s comes back within half a step', async (format, step) => {
    const back = await decodeWav(await encodeWav(sound, format));
    expect(back.sampleRate).toBe(22050);
    for (const [c, channel] of back.channels.entries())
      for (const [i, value] of channel.entries())
        expect(Math.abs(value - sound.channels[c]![i]!)).toBeLessThanOrEqual(step * 1.0001);
  });

  it('clips what is beyond full scale, but not floats', async () => {
    const loud = { channels: [Float32Array.of(3, -3)], sampleRate: 8000 };
    expect([...(await decodeWav(await encodeWav(loud))).channels[0]!]).toEqual([Math.fround(32767 / 32768), -1]);
    expect([...(await decodeWav(await encodeWav(loud, '32f'))).channels[0]!]).toEqual([3, -3]);
  });

  it('refuses what is no sound', async () => {
    await expect(encodeWav({ channels: [], sampleRate: 8000 })).rejects.toThrow(
      'a sound needs a channel or more, got none',
    );
    const uneven = { channels: [new Float32Array(2), new Float32Array(3)], sampleRate: 8000 };
    await expect(encodeWav(uneven)).rejects.toThrow('channels must be of one length, got 2, 3');
    await expect(encodeWav(sound, '12' as WavFormat)).rejects.toThrow(/format must be '8', '16'/);
  });
});

describe('readSound', () => {
  it('takes paths, URLs, blobs, bytes and sounds', async () => {
    const bytes = await encodeWav({ channels: [testSound(50)], sampleRate: 8000 }, '32f');
    const path = join(mkdtempSync(join(tmpdir(), 'sound-')), 'a b.wav');
    writeFileSync(path, bytes);
    for (const source of [path, pathToFileURL(path), new Blob([bytes as BlobPart]), bytes, bytes.slice().buffer]) {
      const { channels } = await readSound(source);
      expect(channels[0]).toEqual(testSound(50));
    }
    const sound = { channels: [testSound(5)], sampleRate: 1 };
    expect(await readSound(sound)).toBe(sound);
  });

  it.each([
    ['nowhere.wav', 'nowhere.wav: there is no such file'],
    [
      'https://example.com/a.wav',
      'expected a path or a file: URL, got https://example.com/a.wav: fetch it and pass its blob',
    ],
    [
      7 as never,
      'expected channels and a sample rate, an AudioBuffer, a Blob, the bytes of a file or a path, got Number',
    ],
  ])('refuses %s', async (source, message) => {
    await expect(readSound(source)).rejects.toThrow(message);
  });
});

describe('sounds', () => {
  it('of several channels become one by their mean', () => {
    const sound = { channels: [Float32Array.of(1, 0), Float32Array.of(0, -0.5)], sampleRate: 4 };
    expect([...mono(sound)]).toEqual([0.5, -0.25]);
    expect(peakOf(sound)).toBe(1);
    expect(secondsOf(sound)).toBe(0.5);
  });
});
