import { WeightsError } from '../core/errors.ts';
import type { Parameters } from '../graph/parameters.ts';
import { isRecord } from '../io/json.ts';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import { parametersFrom, storedTensors } from '../io/tensors.ts';
import { checkSoundInput, type SoundInput } from '../signal/sound-input.ts';
import { type ConvEncoderOptions, convEncoder, type Encoder } from './conv-encoder.ts';
import { checkTensors } from './encoder-file.ts';

/** A trained encoder of sounds with all that it takes to use it. */
export interface SoundEncoder {
  readonly encoder: Encoder;
  readonly options: ConvEncoderOptions;
  readonly input: SoundInput;
  readonly parameters: Parameters;
  /** Two sounds are of one voice where their embeddings are at most so far apart, by Euclid. */
  readonly threshold: number;
}

const KEY = 'facsimile.sound-encoder';

/** A trained encoder of sounds as one safetensors file. */
export function writeSoundEncoder(trained: Omit<SoundEncoder, 'encoder'>): Uint8Array {
  const { options, input, parameters, threshold } = trained;
  const { tensors } = convEncoder(options);
  return writeSafetensors(storedTensors(parameters, tensors.keys()), {
    [KEY]: JSON.stringify({ version: 1, options, input, threshold }),
  });
}

/**
 * Reads what `writeSoundEncoder` wrote.
 * @throws WeightsError where the file is damaged, says nothing of an encoder of sounds, or a tensor is missing or misshapen.
 */
export function readSoundEncoder(bytes: Uint8Array): SoundEncoder {
  const { tensors, metadata } = readSafetensors(bytes);
  const described = parse(metadata[KEY]);
  const encoder = convEncoder(described.options);
  checkTensors(encoder, tensors);
  return { encoder, ...described, parameters: parametersFrom(tensors) };
}

function parse(text: string | undefined): Pick<SoundEncoder, 'options' | 'input' | 'threshold'> {
  if (text === undefined) throw new WeightsError('encoder: this file does not hold an encoder of sounds');
  try {
    const value: unknown = JSON.parse(text);
    const { version, options, input, threshold } = isRecord(value) ? value : {};
    if (version === 1 && isRecord(options) && isRecord(input) && typeof threshold === 'number' && threshold > 0) {
      checkSoundInput('encoder', input as unknown as SoundInput);
      return { options: options as ConvEncoderOptions, input: input as unknown as SoundInput, threshold };
    }
  } catch (error) {
    throw new WeightsError(`encoder: its description cannot be used: ${(error as Error).message}`, { cause: error });
  }
  throw new WeightsError(`encoder: its description is not one of version 1: ${text.slice(0, 200)}`);
}
