import { describe, expect, it } from 'vitest';
import { readTfjsWeights } from '../../src/io/tfjs-weights.ts';

const f32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const bytesOf = (...parts: (Uint8Array | number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('readTfjsWeights', () => {
  it('reads tensors of every storage one after another, at any offset', () => {
    const weights = [
      { name: 'byte', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.1, min: -1 } },
      { name: 'float', shape: [1, 2], dtype: 'float32' },
      { name: 'word', shape: [2], dtype: 'float32', quantization: { dtype: 'uint16', scale: 0.5, min: 2 } },
      { name: 'half', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
      { name: 'whole', shape: [], dtype: 'int32', quantization: { dtype: 'uint8', scale: 1, min: 3072 } },
      { name: 'rounded', shape: [2], dtype: 'int32', quantization: { dtype: 'uint8', scale: 1 / 255, min: 0 } },
      { name: 'int', shape: [1], dtype: 'int32' },
      { name: 'flag', shape: [2], dtype: 'bool' },
      { name: 'none', shape: [0, 4], dtype: 'float32' },
    ];
    const file = bytesOf(
      [0, 1, 255],
      f32(1.5, -2),
      [3, 0, 255, 255],
      [0, 0x3e, 0, 0xc0],
      [0],
      [100, 255],
      [254, 255, 255, 255],
      [0, 1],
    );
    const parameters = readTfjsWeights([{ paths: ['w.bin'], weights }], new Map([['w.bin', file]]));
    expect(parameters.names).toEqual(weights.map(({ name }) => name));
    expect(parameters.get('whole').shape).toEqual([]);
    const values = Object.fromEntries(parameters.names.map((name) => [name, [...parameters.read(name)]]));
    expect(values).toEqual({
      byte: [-1, Math.fround(1 * 0.1 - 1), Math.fround(255 * 0.1 - 1)],
      float: [1.5, -2],
      word: [3.5, 32769.5],
      half: [1.5, -2],
      whole: [3072],
      rounded: [0, 1],
      int: [-2],
      flag: [0, 1],
      none: [],
    });
  });

  it('reads tensors that run from one file into the next, and several groups', () => {
    const all = f32(1, 2, 3, 4);
    const manifest = {
      modelTopology: {},
      weightsManifest: [
        { paths: ['a.bin', 'b.bin'], weights: [{ name: 'w', shape: [4], dtype: 'float32' }] },
        { paths: ['c.bin'], weights: [{ name: 'v', shape: [], dtype: 'float32' }] },
      ],
    };
    const files = new Map([
      ['a.bin', all.subarray(0, 7)],
      ['b.bin', all.subarray(7)],
      ['c.bin', f32(5)],
    ]);
    const parameters = readTfjsWeights(manifest, files);
    expect([...parameters.read('w')]).toEqual([1, 2, 3, 4]);
    expect([...parameters.read('v')]).toEqual([5]);
  });

  it('gives new values at each read', () => {
    const weights = [{ name: 'w', shape: [2], dtype: 'float32' }];
    const parameters = readTfjsWeights([{ paths: ['w'], weights }], new Map([['w', f32(1, 2)]]));
    parameters.read('w').fill(9);
    expect([...parameters.read('w')]).toEqual([1, 2]);
  });
});
