import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../src/core/errors.ts';
import { type StoredTensor, valuesOf } from '../../src/core/stored-tensor.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { readTfjsWeights } from '../../src/io/tfjs-weights.ts';
import { loadParameters } from '../../src/io/weights.ts';
import { faceApiPath } from '../data.ts';
import { fileOf } from './safetensors-file.ts';

const w = (entry: unknown, data = 4) => fileOf({ w: entry }, data);
const good = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };

describe('safetensors that must be refused', () => {
  const cases: [string, Uint8Array, string][] = [
    ['nothing', new Uint8Array(0), '0 bytes, too few'],
    ['half a length', new Uint8Array(4), '4 bytes, too few'],
    ['only a length', fileOf('', 0, 100n), 'too few'],
    ['a length beyond the file', fileOf('{}', 0, 3n), 'truncated'],
    ['a length of 2⁶³', fileOf('{}', 0, 2n ** 63n), 'at most 100000000'],
    ['a length of 2⁶⁴ − 1', fileOf('{}', 0, 2n ** 64n - 1n), 'at most 100000000'],
    ['no JSON', fileOf('{"w":'), 'not JSON'],
    ['a list', fileOf('[]  '), 'must be an object'],
    ['null', fileOf('null'), 'must be an object'],
    ['a number', fileOf('12'), 'must be an object'],
    ['broken UTF-8', new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0x28]), 'not JSON'],
    ['a byte order mark', fileOf('\ufeff{}'), 'not JSON'],
    ['a name twice', fileOf(`{"w":${JSON.stringify(good)},"w":${JSON.stringify(good)}}`, 4), '"w" is there twice'],
    ['an escaped name twice', fileOf(`{"w":${JSON.stringify(good)},"\\u0077":${JSON.stringify(good)}}`, 4), 'twice'],
    [
      'a dtype twice',
      fileOf('{"w":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}}', 4),
      '"dtype" is there twice',
    ],
    ['metadata that is a list', fileOf({ __metadata__: [] }), '__metadata__'],
    ['metadata that is no text', fileOf({ __metadata__: { a: 1 } }), '__metadata__'],
    ['metadata that is null', fileOf({ __metadata__: null }), '__metadata__'],
    ['an entry that is null', w(null), 'tensor "w" must be an object'],
    ['an entry that is a list', w([1]), 'tensor "w" must be an object'],
    ['no dtype', w({ ...good, dtype: undefined }), 'tensor "w" has dtype undefined'],
    ['an unknown dtype', w({ ...good, dtype: 'F8_E4M3' }), 'tensor "w" has dtype "F8_E4M3"'],
    ['a dtype that every object has', w({ ...good, dtype: 'toString' }), 'tensor "w" has dtype "toString"'],
    ['a dtype that is a number', w({ ...good, dtype: 4 }), 'tensor "w" has dtype 4'],
    ['no shape', w({ ...good, shape: undefined }), 'tensor "w" has no usable shape'],
    ['a shape that is a number', w({ ...good, shape: 1 }), 'tensor "w" has no usable shape: 1'],
    ['a negative size', w({ ...good, shape: [-1] }), 'tensor "w" has no usable shape: [-1]'],
    ['a broken size', w({ ...good, shape: [0.5, 2] }), 'tensor "w" has no usable shape'],
    ['a size that is a text', w({ ...good, shape: ['1'] }), 'tensor "w" has no usable shape'],
    ['a size that is null', w({ ...good, shape: [null] }), 'tensor "w" has no usable shape'],
    ['a shape too large to count', w({ ...good, shape: [2 ** 40, 2 ** 40] }), 'tensor "w" has no usable shape'],
    ['a shape of another size', w({ ...good, shape: [2] }), 'needs 8 bytes, its data_offsets span 4'],
    ['a dtype of another size', w({ ...good, dtype: 'F16' }), 'needs 2 bytes, its data_offsets span 4'],
    ['no offsets', w({ ...good, data_offsets: undefined }), 'data_offsets undefined'],
    ['one offset', w({ ...good, data_offsets: [0] }), 'data_offsets [0]'],
    ['three offsets', w({ ...good, data_offsets: [0, 4, 8] }), 'data_offsets [0,4,8]'],
    ['offsets backwards', w({ ...good, data_offsets: [4, 0] }), 'data_offsets [4,0]'],
    ['negative offsets', w({ ...good, data_offsets: [-4, 0] }), 'data_offsets [-4,0]'],
    ['broken offsets', w({ ...good, data_offsets: [0.5, 4.5] }), 'data_offsets [0.5,4.5]'],
    ['offsets that are texts', w({ ...good, data_offsets: ['0', '4'] }), 'data_offsets'],
    ['offsets beyond the file', w({ ...good, data_offsets: [0, 4] }, 3), 'tensor "w" ends at byte 4, but only 3'],
    ['bytes that nobody owns', w(good, 5), 'fill 4 bytes, but 5'],
    ['bytes without tensors', fileOf({}, 1), 'fill 0 bytes, but 1'],
    ['a gap', fileOf({ a: good, b: { ...good, data_offsets: [5, 9] } }, 9), 'tensor "b" starts at byte 5, apart from'],
    ['a gap at the start', w({ ...good, data_offsets: [1, 5] }, 5), 'tensor "w" starts at byte 1'],
    [
      'tensors that overlap',
      fileOf({ a: good, b: { ...good, data_offsets: [2, 6] } }, 6),
      'tensor "b" starts at byte 2, inside',
    ],
    ['tensors that share their bytes', fileOf({ a: good, b: good }, 4), 'tensor "b" starts at byte 0, inside'],
    ['quantisation that is no JSON', fileOf({ __metadata__: { 'facsimile.quantization': '{' } }), 'not JSON'],
    ['quantisation that is a list', fileOf({ __metadata__: { 'facsimile.quantization': '[]' } }), 'must be an object'],
    [
      'quantisation of no tensor',
      fileOf({ __metadata__: { 'facsimile.quantization': '{"v":{"scale":1,"min":0}}' } }),
      'tensor "v"',
    ],
    [
      'quantisation without a scale',
      fileOf({ __metadata__: { 'facsimile.quantization': '{"v":{"min":0}}' } }),
      'tensor "v" is quantised without',
    ],
    [
      'quantisation that is infinite',
      fileOf({ __metadata__: { 'facsimile.quantization': '{"v":{"min":0,"scale":1e999}}' } }),
      'tensor "v"',
    ],
    [
      'quantised floats',
      fileOf({ __metadata__: { 'facsimile.quantization': '{"w":{"scale":1,"min":0}}' }, w: good }, 4),
      'must be U8 or U16',
    ],
  ];
  it.each(cases)('%s', (_, file, message) => {
    expect(() => readSafetensors(file)).toThrow(WeightsError);
    expect(() => readSafetensors(file)).toThrow(message);
  });

  const tensors = new Map<string, StoredTensor>([
    ['a', { type: 'F32', shape: [3], bytes: new Uint8Array(12) }],
    ['b', { type: 'U8', shape: [2, 2], bytes: Uint8Array.of(1, 2, 3, 4), quantization: { scale: 0.5, min: -1 } }],
  ]);

  it('cut short anywhere', () => {
    const file = writeSafetensors(tensors);
    for (let length = 0; length < file.length; length++)
      expect(() => readSafetensors(file.subarray(0, length)), `${length} bytes`).toThrow(WeightsError);
  });

  it('with any byte of the header changed: refused or complete, never another error', () => {
    const file = writeSafetensors(tensors);
    const headerEnd = file.length - 16;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: headerEnd - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = file.slice();
        changed[at] = byte;
        try {
          for (const tensor of readSafetensors(changed).tensors.values())
            expect(valuesOf(tensor).length).toBe(tensor.shape.reduce((a, b) => a * b, 1));
        } catch (error) {
          expect(error).toBeInstanceOf(WeightsError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('tfjs manifests that must be refused', () => {
  const tensor = { name: 'w', shape: [2], dtype: 'float32' };
  const quantization = { dtype: 'uint8', scale: 0.5, min: -1 };
  const group = (...weights: unknown[]) => [{ paths: ['w.bin'], weights }];
  const files = (bytes: number) => new Map([['w.bin', new Uint8Array(bytes)]]);
  const cases: [string, unknown, number, string][] = [
    ['null', null, 8, 'expected a list of groups'],
    ['a text', 'weights', 8, 'expected a list of groups'],
    ['no groups', [], 8, 'expected a list of groups'],
    ['a model without weights', { modelTopology: {} }, 8, 'expected a list of groups'],
    ['a group that is null', [null], 8, 'group 0 must have'],
    ['a group without paths', [{ weights: [tensor] }], 8, 'group 0 must have'],
    ['a group without weights', [{ paths: ['w.bin'] }], 8, 'group 0 must have'],
    ['a path above', [{ paths: ['../w.bin'], weights: [tensor] }], 8, '"../w.bin" is not the name of a file'],
    ['a path above, hidden', [{ paths: ['a/../../w.bin'], weights: [tensor] }], 8, 'is not the name of a file'],
    ['a path above, encoded', [{ paths: ['%2E./w.bin'], weights: [tensor] }], 8, 'is not the name of a file'],
    ['a path from the root', [{ paths: ['/etc/passwd'], weights: [tensor] }], 8, 'is not the name of a file'],
    ['a path of Windows', [{ paths: ['C:\\w.bin'], weights: [tensor] }], 8, 'is not the name of a file'],
    ['a path with a backslash', [{ paths: ['..\\w.bin'], weights: [tensor] }], 8, 'is not the name of a file'],
    [
      'a path to elsewhere',
      [{ paths: ['https://example.org/w.bin'], weights: [tensor] }],
      8,
      'is not the name of a file',
    ],
    ['a path that is a number', [{ paths: [1], weights: [tensor] }], 8, 'is not the name of a file'],
    ['an empty path', [{ paths: [''], weights: [tensor] }], 8, 'is not the name of a file'],
    [
      'a file that is missing',
      [{ paths: ['v.bin'], weights: [tensor] }],
      8,
      'file "v.bin" is missing, it holds tensor "w"',
    ],
    ['a tensor that is null', group(null), 8, 'a tensor has no name'],
    ['a tensor without a name', group({ ...tensor, name: undefined }), 8, 'a tensor has no name'],
    ['a tensor without a shape', group({ ...tensor, shape: undefined }), 8, 'tensor "w" has no shape'],
    ['a negative size', group({ ...tensor, shape: [-2] }), 8, 'tensor "w" has no usable shape'],
    ['a broken size', group({ ...tensor, shape: [1.5] }), 8, 'tensor "w" has no usable shape'],
    [
      'a shape too large to count',
      group({ ...tensor, shape: [2 ** 50, 2 ** 50] }),
      8,
      'tensor "w" has no usable shape',
    ],
    ['an unknown dtype', group({ ...tensor, dtype: 'complex64' }), 8, 'tensor "w" has dtype "complex64"'],
    ['no dtype', group({ ...tensor, dtype: undefined }), 8, 'tensor "w" has dtype undefined'],
    ['texts', group({ ...tensor, dtype: 'string' }), 8, 'tensor "w" has dtype "string"'],
    ['a name twice', group(tensor, tensor), 16, 'tensor "w" is there twice'],
    ['a name in two groups', [...group(tensor), ...group(tensor)], 8, 'tensor "w" is there twice'],
    ['too few bytes', group(tensor), 7, 'tensor "w" [2] is bytes 0–8 of w.bin, which has 7: truncated?'],
    ['no bytes', group(tensor), 0, 'which has 0: truncated?'],
    ['too many bytes', group(tensor), 9, 'w.bin has 9 bytes, its tensors fill 8 (the last is "w")'],
    ['too few for the second', group(tensor, { ...tensor, name: 'v' }), 15, 'tensor "v" [2] is bytes 8–16'],
    [
      'quantised to the bytes of floats',
      group({ ...tensor, quantization }),
      8,
      'w.bin has 8 bytes, its tensors fill 2',
    ],
    [
      'an unknown quantisation',
      group({ ...tensor, quantization: { ...quantization, dtype: 'uint4' } }),
      2,
      'quantised as "uint4"',
    ],
    ['a quantisation that is null', group({ ...tensor, quantization: null }), 2, 'quantised as undefined'],
    [
      'a quantisation without a scale',
      group({ ...tensor, quantization: { dtype: 'uint8', min: 0 } }),
      2,
      'tensor "w" is quantised without',
    ],
    [
      'a quantisation whose scale is a text',
      group({ ...tensor, quantization: { ...quantization, scale: '1' } }),
      2,
      'tensor "w" is quantised without',
    ],
    [
      'a quantisation whose least is NaN',
      group({ ...tensor, quantization: { ...quantization, min: Number.NaN } }),
      2,
      'tensor "w" is quantised without',
    ],
    [
      'whole numbers as float16',
      group({ ...tensor, dtype: 'int32', quantization: { dtype: 'float16' } }),
      4,
      'which is unknown',
    ],
  ];
  it.each(cases)('%s', (_, manifest, bytes, message) => {
    const read = () => readTfjsWeights(manifest, files(bytes));
    expect(read).toThrow(WeightsError);
    expect(read).toThrow(message);
  });

  it.each([
    ['float32', [0, 0, 0, 0, 0, 0, 192, 127], undefined, 'value 1 is NaN'],
    ['float32', [0, 0, 128, 255, 0, 0, 0, 0], undefined, 'value 0 is -Infinity'],
    ['float16', [0, 0, 0, 124], { dtype: 'float16' }, 'value 1 is Infinity'],
    ['uint8', [0, 255], { dtype: 'uint8', scale: 1e38, min: 0 }, 'value 1 is Infinity'],
  ])('%s that is not finite', (_, bytes, how, message) => {
    const manifest = group({ ...tensor, ...(how && { quantization: how }) });
    const read = () => readTfjsWeights(manifest, new Map([['w.bin', Uint8Array.from(bytes)]]));
    expect(read).toThrow(WeightsError);
    expect(read).toThrow(message);
  });

  it('published weights cut short anywhere: named by the tensor that is cut', async () => {
    const name = 'model/tiny_face_detector_model';
    const manifest = JSON.parse(readFileSync(faceApiPath(`${name}-weights_manifest.json`), 'utf8'));
    const bytes = new Uint8Array(readFileSync(faceApiPath(`${name}.bin`)));
    const cut = (length: number) =>
      loadParameters({ manifest, files: { 'tiny_face_detector_model.bin': bytes.subarray(0, length) } });
    const lengths = [0, 1, 431, 432, 447, 448, 50_000, 180_495, 180_496, 193_295, 193_296, 193_320];
    for (const length of lengths) await expect(cut(length), `${length} bytes`).rejects.toThrow(WeightsError);
    await expect(cut(431)).rejects.toThrow('tensor "conv0/filters" [3,3,3,16] is bytes 0–432');
    await expect(cut(193_320)).rejects.toThrow('tensor "conv8/bias" [25] is bytes 193296–193321');
    expect((await cut(193_321)).names.length).toBe(19);
  });
});
