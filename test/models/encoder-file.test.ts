import { describe, expect, it } from 'vitest';
import { weightsHash } from '../../src/io/identity.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { convEncoder } from '../../src/models/conv-encoder.ts';
import { readEncoder, writeEncoder } from '../../src/models/encoder-file.ts';

const options = { size: 8, filters: [8], embedding: 4 } as const;
const parameters = convEncoder(options).initialise(3);
const pixels = { channels: 1, mean: 0, divisor: 255 } as const;
const file = writeEncoder({ options, pixels, parameters });

describe('encoder file', () => {
  it('holds the encoder, how it is built and what it reads', () => {
    const read = readEncoder(file);
    expect(read.options).toEqual(options);
    expect(read.pixels).toEqual(pixels);
    expect(read.encoder.output).toBe('embedding');
    expect(weightsHash(read.parameters)).toBe(weightsHash(parameters));
  });

  it('refuses what is no encoder, is cut off, or lacks a tensor', () => {
    const { tensors, metadata } = readSafetensors(file);
    expect(() => readEncoder(writeSafetensors(tensors))).toThrow('does not say of which encoder');
    expect(() => readEncoder(file.slice(0, -4))).toThrow('safetensors');
    const without = new Map([...tensors].filter(([name]) => name !== 'head/bias'));
    expect(() => readEncoder(writeSafetensors(without, metadata))).toThrow('tensor "head/bias" is missing');
    const wrong = JSON.stringify({ version: 1, options: { ...options, embedding: 5 }, pixels });
    expect(() => readEncoder(writeSafetensors(tensors, { 'facsimile.encoder': wrong }))).toThrow(
      'tensor "head/filters" must be [128,5]',
    );
    for (const text of ['{', '{}', JSON.stringify({ version: 2, options, pixels })])
      expect(() => readEncoder(writeSafetensors(tensors, { 'facsimile.encoder': text }))).toThrow(
        'its description is not',
      );
  });
});
