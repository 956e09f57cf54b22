import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { InputError } from '../../core/errors.ts';
import { encoderFeatures } from '../../models/encoder-features.ts';
import { readEncoder } from '../../models/encoder-file.ts';
import type { FeatureNetwork } from '../../models/feature-network.ts';
import { layersFeatures } from '../../models/layers-model/layers-features.ts';
import { loadLayersModel } from '../../models/layers-model/load-layers-model.ts';
import { type FeatureName, featureNames, loadFeatures } from '../../models/load-features.ts';
import { inPhoto } from '../failure.ts';

export interface ModelOptions {
  readonly weights?: string;
  /** Layers that will be asked for. */
  readonly layers?: readonly string[];
}

/** Names that MODEL may be. */
export const inspectedNames: readonly string[] = featureNames;

/**
 * The network of MODEL: one by its name, a trained encoder by its file, or a tfjs layers model by its model.json.
 * @throws InputError that says what it may be.
 */
export async function inspectedModel(model: string, { weights, layers }: ModelOptions): Promise<FeatureNetwork> {
  if (inspectedNames.includes(model))
    return loadFeatures(model as FeatureName, { ...(weights && { weights }), ...(layers && { to: layers }) });
  if (!existsSync(model)) throw unknownModel(model, inspectedNames);
  if (weights)
    throw new InputError(`inspect: --weights belongs to ${inspectedNames.join(', ')}; ${model} holds its own`);
  if (/\.json$/i.test(model)) return layersFeatures(await inPhoto(model, loadLayersModel(model)));
  return encoderFeatures(await inPhoto(model, readFile(model).then(readEncoder)));
}

export const unknownModel = (model: string, names: readonly string[]): InputError =>
  new InputError(`no model is called "${model}", and there is no such file; there are ${names.join(', ')}`);
