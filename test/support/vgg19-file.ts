import { initialValues } from '../../src/models/initialise.ts';
import { vgg19, vgg19Layers } from '../../src/models/vgg19.ts';
import type { ServedFile } from './range-server.ts';

/** Places of the convolutions among torchvision's `features`. */
const places = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34];

/** Filters [3,3,I,O] as PyTorch stores them, [O,I,3,3]. */
function outputsFirst(values: Float32Array, i: number, o: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let cell = 0; cell < 9; cell++)
    for (let a = 0; a < i; a++)
      for (let b = 0; b < o; b++) out[(b * i + a) * 9 + cell] = values[(cell * i + a) * o + b]!;
  return out;
}

const made = new Map<string, Float32Array>();

/** Values of a seeded VGG-19, [3,3,I,O] or [O]; biases are no zeros. */
export function seededTensor(name: string, shape: readonly number[]): Float32Array {
  const make = (): Float32Array =>
    shape.length === 1
      ? Float32Array.from({ length: shape[0]! }, (_, i) => ((i * 37) % 11) / 100)
      : initialValues(name, { shape, initialiser: 'glorot' }, 19);
  const values = made.get(name) ?? make();
  made.set(name, values);
  return values;
}

/**
 * A safetensors file as timm's `vgg19.tv_in1k`: 548 MB with its fully connected layers, of which only the convolutions up
 * to `to` hold seeded values; the rest is zeros that take no memory.
 */
export function vgg19File(
  to: string,
  change: (header: Record<string, { shape: number[] }>) => void = () => {},
): ServedFile {
  const { tensors } = vgg19();
  const seeded = vgg19({ to }).tensors;
  const shapes: Record<string, number[]> = { 'head.fc.bias': [1000], 'head.fc.weight': [1000, 4096] };
  Object.assign(shapes, { 'pre_logits.fc1.weight': [4096, 512, 7, 7], 'pre_logits.fc2.weight': [4096, 4096, 1, 1] });
  const values = new Map<string, Float32Array>();
  for (const [i, layer] of vgg19Layers().entries()) {
    const [, , from, width] = tensors.get(`${layer}/filters`) as [number, number, number, number];
    const [weight, bias] = [`features.${places[i]}.weight`, `features.${places[i]}.bias`];
    shapes[weight] = [width, from, 3, 3];
    shapes[bias] = [width];
    if (!seeded.has(`${layer}/bias`)) continue;
    values.set(weight, outputsFirst(seededTensor(`${layer}/filters`, [3, 3, from, width]), from, width));
    values.set(bias, seededTensor(`${layer}/bias`, [width]));
  }
  const header: Record<string, { dtype: string; shape: number[]; data_offsets: number[] }> = {};
  const parts: { start: number; bytes: Uint8Array }[] = [];
  let end = 0;
  for (const name of Object.keys(shapes).sort()) {
    const start = end;
    end += shapes[name]!.reduce((a, b) => a * b) * 4;
    header[name] = { dtype: 'F32', shape: shapes[name]!, data_offsets: [start, end] };
    const held = values.get(name);
    if (held) parts.push({ start, bytes: new Uint8Array(held.buffer) });
  }
  change(header);
  const json = new TextEncoder().encode(JSON.stringify(header));
  const front = new Uint8Array(8 + json.length);
  new DataView(front.buffer).setUint32(0, json.length, true);
  front.set(json, 8);
  for (const part of parts) part.start += front.length;
  parts.push({ start: 0, bytes: front });
  return {
    size: front.length + end,
    read(start, stop) {
      const out = new Uint8Array(stop - start);
      for (const { start: at, bytes } of parts) {
        const [first, last] = [Math.max(start, at), Math.min(stop, at + bytes.length)];
        if (first < last) out.set(bytes.subarray(first - at, last - at), first - start);
      }
      return out;
    },
  };
}
