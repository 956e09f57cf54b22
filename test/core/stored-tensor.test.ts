import { describe, expect, it } from 'vitest';
import { bytesPerNumber, firstNotFinite, type NumberType, valuesOf } from '../../src/core/stored-tensor.ts';

type Put = (view: DataView, at: number, value: number) => void;

/** Numbers written by the host's own DataView, at an odd offset of a larger buffer. */
function stored(type: NumberType, numbers: readonly number[], put: Put) {
  const size = bytesPerNumber[type];
  const buffer = new ArrayBuffer(numbers.length * size + 5);
  const view = new DataView(buffer);
  numbers.forEach((value, i) => {
    put(view, 3 + i * size, value);
  });
  return { type, shape: [numbers.length], bytes: new Uint8Array(buffer, 3, numbers.length * size) };
}

const u8: Put = (view, at, value) => view.setUint8(at, value);
const u16: Put = (view, at, value) => view.setUint16(at, value, true);
const f32: Put = (view, at, value) => view.setFloat32(at, value, true);
const f64: Put = (view, at, value) => view.setFloat64(at, value, true);

/** binary16 by its definition. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

describe('valuesOf', () => {
  it('reads every binary16', () => {
    const all = Array.from({ length: 65536 }, (_, i) => i);
    const values = valuesOf(stored('F16', all, u16));
    const wrong = all.filter((bits) => !Object.is(values[bits], half(bits)));
    expect(wrong).toEqual([]);
  });

  it.each<[NumberType, number[], Put, number[]]>([
    ['F64', [1.5, -0.1, 1e-320], f64, [1.5, Math.fround(-0.1), 0]],
    ['F32', [1.5, -3.25], f32, [1.5, -3.25]],
    ['BF16', [0x3fc0, 0xc050, 0x8000], u16, [1.5, -3.25, -0]],
    ['I64', [-5, 2 ** 40], (v, at, x) => v.setBigInt64(at, BigInt(x), true), [-5, 2 ** 40]],
    ['U64', [5, 2 ** 63], (v, at, x) => v.setBigUint64(at, BigInt(x), true), [5, 2 ** 63]],
    ['I32', [-5, 65536], (v, at, x) => v.setInt32(at, x, true), [-5, 65536]],
    ['U32', [5, 4294967040], (v, at, x) => v.setUint32(at, x, true), [5, 4294967040]],
    ['I16', [-5, 300], (v, at, x) => v.setInt16(at, x, true), [-5, 300]],
    ['U16', [5, 65535], u16, [5, 65535]],
    ['I8', [-5, 100], (v, at, x) => v.setInt8(at, x), [-5, 100]],
    ['U8', [5, 255], u8, [5, 255]],
    ['BOOL', [0, 1, 7], u8, [0, 1, 1]],
  ])('reads %s', (type, numbers, put, expected) => {
    expect([...valuesOf(stored(type, numbers, put))]).toEqual(expected);
  });

  it('dequantises in float64 and rounds once', () => {
    const quantization = { scale: 0.0005260649557207145, min: -0.07101876902229645 };
    const expected = (numbers: number[]) => numbers.map((q) => Math.fround(q * quantization.scale + quantization.min));
    const bytes = [0, 1, 135, 255];
    expect([...valuesOf({ ...stored('U8', bytes, u8), quantization })]).toEqual(expected(bytes));
    const words = [0, 777, 65535];
    expect([...valuesOf({ ...stored('U16', words, u16), quantization })]).toEqual(expected(words));
  });

  it('rounds what is whole', () => {
    const quantization = { scale: 1 / 255, min: 0, whole: true };
    expect([...valuesOf({ ...stored('U8', [0, 100, 200, 255], u8), quantization })]).toEqual([0, 0, 1, 1]);
  });

  it('copies, also out of a Node Buffer', () => {
    const bytes = Buffer.from(new Float32Array([1, 2, 3]).buffer);
    const values = valuesOf({ type: 'F32', shape: [3], bytes });
    values[0] = 9;
    expect(bytes.readFloatLE(0)).toBe(1);
    expect([...values]).toEqual([9, 2, 3]);
  });
});

describe('firstNotFinite', () => {
  it('finds the first NaN or infinity', () => {
    expect(firstNotFinite(stored('F32', [1, 2, 3], f32))).toBe(-1);
    expect(firstNotFinite(stored('F32', [1, Number.NaN, Number.POSITIVE_INFINITY], f32))).toBe(1);
    expect(firstNotFinite(stored('F32', [1, 2, Number.NEGATIVE_INFINITY], f32))).toBe(2);
    expect(firstNotFinite(stored('F16', [0, 0x7c00], u16))).toBe(1);
    expect(firstNotFinite(stored('BF16', [0, 0x7fc0], u16))).toBe(1);
    expect(firstNotFinite(stored('I16', [0, 5], u16))).toBe(-1);
  });

  it('counts a float64 beyond float32 as infinite', () => {
    expect(firstNotFinite(stored('F64', [1, 1e300], f64))).toBe(1);
  });

  it('finds what a quantisation drives out of float32', () => {
    const tensor = stored('U8', [0, 255], u8);
    expect(firstNotFinite({ ...tensor, quantization: { scale: 1, min: 0 } })).toBe(-1);
    expect(firstNotFinite({ ...tensor, quantization: { scale: 1e38, min: 0 } })).toBe(1);
  });
});
