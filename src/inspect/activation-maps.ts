import { InputError } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import { plan } from '../graph/plan.ts';
import type { Engine } from '../runtime/engine.ts';
import { checkSample } from './layer-peaks.ts';
import type { Subject } from './subject.ts';

/** What all units of a layer say of one sample. */
export interface ActivationMaps {
  readonly layer: string;
  /** […spatial, C]. */
  readonly shape: Shape;
  readonly values: Float32Array;
  /** The map of one unit, […spatial], in a new array. @throws InputError where the layer has no such unit. */
  unit(unit: number): Float32Array;
}

/**
 * The activations of some layers for one sample, [1, …spatial, C].
 * @throws InputError where no layer has that name, or the sample does not fit
 */
export function activationMaps(
  subject: Subject,
  { values, shape }: { readonly values: Float32Array; readonly shape: Shape },
  { layers, engine }: { readonly layers: readonly string[]; readonly engine?: Engine },
): ActivationMaps[] {
  checkSample('to map', values, shape);
  const { parameters, input } = subject;
  const graph = subject.graph(shape, layers);
  const planned = plan(graph, { parameters, inputs: { [input]: shape }, outputs: layers, ...(engine && { engine }) });
  const outputs = planned.run({ [input]: values });
  return layers.map((layer) => {
    const [, ...sizes] = planned.outputs.get(layer)!;
    const channels = sizes.at(-1)!;
    const all = outputs[layer]!;
    return {
      layer,
      shape: sizes,
      values: all,
      unit(unit) {
        if (!Number.isInteger(unit) || unit < 0 || unit >= channels)
          throw new InputError(`activationMaps: ${layer} has units 0 to ${channels - 1}, got ${unit}`);
        return Float32Array.from({ length: all.length / channels }, (_, cell) => all[cell * channels + unit]!);
      },
    };
  });
}
