import { InputError, WeightsError } from '../../core/errors.ts';
import { readTfjsModel } from '../../io/tfjs-model.ts';
import type { WeightsSource } from '../../io/weights.ts';
import { importLayers, type LayersModel, type LayersModelOptions } from './tfjs-layers.ts';

/**
 * Loads a tfjs layers model: its `model.json` and the files of weights beside it.
 *
 * @param source A URL or a path of `model.json`, or of the folder that holds it; or { manifest, files }.
 * @throws InputError naming the layer that is not supported; WeightsError naming the tensor or the file.
 *
 * @example
 * const model = await loadLayersModel('crepe/model.json', { dropUnitAxis: true });
 * const planned = plan(model.graph, { parameters: model.parameters, inputs: { crepe_input: [1, 1024, 1] }, outputs: model.outputs });
 */
export async function loadLayersModel(source: WeightsSource, options: LayersModelOptions = {}): Promise<LayersModel> {
  try {
    const { json, parameters } = await readTfjsModel(source);
    return importLayers(json, parameters, options);
  } catch (error) {
    if (error instanceof InputError && error.constructor === InputError && !error.message.startsWith('tfjs layers'))
      throw new WeightsError(`tfjs layers: ${error.message}`, { cause: error });
    throw error;
  }
}
