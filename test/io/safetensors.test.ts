import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../src/core/errors.ts';
import { bytesPerNumber, type NumberType, type StoredTensor, valuesOf } from '../../src/core/stored-tensor.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { fileOf } from './safetensors-file.ts';

const f32 = (shape: number[], ...values: number[]): StoredTensor => ({
  type: 'F32',
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

describe('readSafetensors', () => {
  it('reads a file byte by byte as the format says', () => {
    const data = Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 192, 7);
    const header = {
      __metadata__: { format: 'pt' },
      'layer.weight': { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
      count: { dtype: 'U8', shape: [], data_offsets: [8, 9] },
    };
    const { tensors, metadata } = readSafetensors(fileOf(header, data));
    expect(metadata).toEqual({ format: 'pt' });
    expect([...tensors.keys()]).toEqual(['layer.weight', 'count']);
    expect(tensors.get('layer.weight')!.shape).toEqual([1, 2]);
    expect([...valuesOf(tensors.get('layer.weight')!)]).toEqual([1, -2]);
    expect([...valuesOf(tensors.get('count')!)]).toEqual([7]);
  });

  it('takes tensors in any order of the header, empty ones, and a padded header', () => {
    const header = `${JSON.stringify({
      b: { dtype: 'F16', shape: [2], data_offsets: [4, 8] },
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      none: { dtype: 'F32', shape: [0, 3], data_offsets: [4, 4] },
    })}   `;
    const { tensors } = readSafetensors(fileOf(header, 8));
    expect([...tensors.keys()]).toEqual(['a', 'none', 'b']);
  });

  it('reads from the middle of a larger buffer', () => {
    const file = writeSafetensors(new Map([['w', f32([2], 1.5, -2)]]));
    const larger = new Uint8Array(file.length + 7);
    larger.set(file, 3);
    const { tensors } = readSafetensors(larger.subarray(3, 3 + file.length));
    expect([...valuesOf(tensors.get('w')!)]).toEqual([1.5, -2]);
  });
});

describe('writeSafetensors', () => {
  const types = Object.keys(bytesPerNumber) as NumberType[];
  const tensor = fc
    .record({
      type: fc.constantFrom(...types.filter((type) => !/^B?F/.test(type))),
      shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      seed: fc.integer({ min: 0, max: 255 }),
      quantization: fc.option(
        fc.record({
          scale: fc.double({ min: 1e-9, max: 10, noNaN: true }),
          // JSON has no −0, and added to a product it is 0.
          min: fc.double({ min: -10, max: 10, noNaN: true }).map((value) => value + 0),
        }),
      ),
    })
    .map(({ type, shape, seed, quantization }): StoredTensor => {
      const length = shape.reduce((a, b) => a * b, 1) * bytesPerNumber[type];
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + seed) % 256);
      return { type, shape, bytes, ...(quantization && (type === 'U8' || type === 'U16') && { quantization }) };
    });

  it('gives back what it was given, whatever the names', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), tensor),
        fc.dictionary(fc.string(), fc.string()),
        (tensors, metadata) => {
          fc.pre(!Object.hasOwn(tensors, '__metadata__'));
          const read = readSafetensors(writeSafetensors(new Map(Object.entries(tensors)), metadata));
          expect({ ...read.metadata }).toEqual({ ...metadata });
          expect(read.tensors.size).toBe(Object.keys(tensors).length);
          for (const [name, expected] of Object.entries(tensors)) {
            const { bytes, ...rest } = read.tensors.get(name)!;
            expect({ ...rest, bytes: [...bytes] }).toEqual({ ...expected, bytes: [...expected.bytes] });
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('aligns each tensor to its numbers and does not depend on the order it is given', () => {
    const byte: StoredTensor = { type: 'U8', shape: [3], bytes: Uint8Array.of(1, 2, 3) };
    const entries: [string, StoredTensor][] = [
      ['z', byte],
      ['b', f32([1], 1)],
      ['a', f32([2], 2, 3)],
      ['é', byte],
    ];
    const file = writeSafetensors(new Map(entries));
    expect(writeSafetensors(new Map([...entries].reverse()))).toEqual(file);
    for (const [name, { bytes, type }] of readSafetensors(file).tensors)
      expect(bytes.byteOffset % bytesPerNumber[type], name).toBe(0);
  });

  it.each([
    ['NaN', f32([2], 1, Number.NaN), 'tensor "w" [2] is not finite: value 1 is NaN'],
    ['an infinity', f32([1], Number.NEGATIVE_INFINITY), 'value 0 is -Infinity'],
    ['too few bytes', { ...f32([2], 1, 2), shape: [3] }, 'tensor "w" F32 [3] needs 12 bytes, got 8'],
    ['a shape that is none', { ...f32([1], 1), shape: [-1] }, 'tensor "w" has no usable shape: [-1]'],
    ['quantised floats', { ...f32([1], 1), quantization: { scale: 1, min: 0 } }, 'must be U8 or U16, got F32'],
  ])('refuses %s', (_, tensor, message) => {
    const write = () => writeSafetensors(new Map([['w', tensor]]));
    expect(write).toThrow(WeightsError);
    expect(write).toThrow(message);
  });

  it('refuses the name that the format keeps for itself', () => {
    expect(() => writeSafetensors(new Map([['__metadata__', f32([1], 1)]]))).toThrow(WeightsError);
  });
});
