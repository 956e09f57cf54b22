import type { StoredTensor } from '../core/stored-tensor.ts';
import type { Parameters } from '../graph/parameters.ts';
import { writeSafetensors } from '../io/safetensors.ts';
import { storedTensors } from '../io/tensors.ts';
import { catalogue, type NetworkName } from './catalogue.ts';

/**
 * Several networks as one safetensors file to serve: only tensors that they need, called `network/tensor`, as they are
 * stored, so quantised ones stay at one byte a number. `loadParameters` reads it.
 *
 * @param parameters A store that holds the networks, as `loadParameters` gives it.
 * @throws WeightsError naming the tensor that is missing or has another shape.
 */
export function bundleNetworks(parameters: Parameters, names: readonly NetworkName[]): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  const metadata: Record<string, string> = {};
  for (const name of names) {
    const architecture = catalogue[name].build();
    const bound = architecture.bind(parameters);
    for (const [tensor, stored] of storedTensors(bound, architecture.tensors.keys()))
      tensors.set(`${name}/${tensor}`, stored);
    metadata[`${name}.licence`] = catalogue[name].licence;
    metadata[`${name}.source`] = catalogue[name].source;
  }
  return writeSafetensors(tensors, metadata);
}
