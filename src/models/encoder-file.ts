import { WeightsError } from '../core/errors.ts';
import { formatShape, type Shape, sameShape } from '../core/shape.ts';
import type { Parameters } from '../graph/parameters.ts';
import { isRecord } from '../io/json.ts';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import { parametersFrom, storedTensors } from '../io/tensors.ts';
import { type ConvEncoderOptions, convEncoder, type Encoder } from './conv-encoder.ts';

/** How pictures become an encoder's input: values (v − mean) / divisor of 0 … 255, of luminance or RGB. */
export interface EncoderPixels {
  readonly channels: 1 | 3;
  readonly mean: number;
  readonly divisor: number;
}

/** A trained encoder with all that it takes to use it. */
export interface TrainedEncoder {
  readonly encoder: Encoder;
  readonly options: ConvEncoderOptions;
  readonly pixels: EncoderPixels;
  readonly parameters: Parameters;
}

const KEY = 'facsimile.encoder';

/** A trained encoder as one safetensors file, its tensors and how it is built. */
export function writeEncoder(trained: Omit<TrainedEncoder, 'encoder'>): Uint8Array {
  const { options, pixels, parameters } = trained;
  const { tensors } = convEncoder(options);
  return writeSafetensors(storedTensors(parameters, tensors.keys()), {
    [KEY]: JSON.stringify({ version: 1, options, pixels }),
  });
}

/**
 * Reads what `writeEncoder` wrote.
 * @throws WeightsError where the file is damaged, says nothing of an encoder, or a tensor is missing or has another shape.
 */
export function readEncoder(bytes: Uint8Array): TrainedEncoder {
  const { tensors, metadata } = readSafetensors(bytes);
  const { options, pixels } = parse(metadata[KEY]);
  const encoder = convEncoder(options);
  checkTensors(encoder, tensors);
  return { encoder, options, pixels, parameters: parametersFrom(tensors) };
}

/** @throws WeightsError naming the tensor of the encoder that is missing or has another shape. */
export function checkTensors(encoder: Encoder, tensors: ReadonlyMap<string, { readonly shape: Shape }>): void {
  for (const [name, { shape }] of encoder.tensors) {
    const tensor = tensors.get(name);
    if (!tensor) throw new WeightsError(`encoder: tensor "${name}" is missing`);
    if (!sameShape(tensor.shape, shape))
      throw new WeightsError(
        `encoder: tensor "${name}" must be ${formatShape(shape)}, got ${formatShape(tensor.shape)}`,
      );
  }
}

function parse(text: string | undefined): { options: ConvEncoderOptions; pixels: EncoderPixels } {
  if (text === undefined) throw new WeightsError('encoder: this file holds weights, but does not say of which encoder');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WeightsError('encoder: its description is not JSON', { cause: error });
  }
  const { version, options, pixels } = isRecord(value) ? value : {};
  const { channels, mean, divisor } = isRecord(pixels) ? pixels : {};
  const usable =
    (channels === 1 || channels === 3) && Number.isFinite(mean) && Number.isFinite(divisor) && divisor !== 0;
  if (version !== 1 || !isRecord(options) || !usable)
    throw new WeightsError(`encoder: its description is not one of version 1: ${text.slice(0, 200)}`);
  return { options: options as ConvEncoderOptions, pixels: pixels as unknown as EncoderPixels };
}
