import { InputError, WeightsError } from '../core/errors.ts';
import { type Parameter, Parameters } from '../graph/parameters.ts';
import type { HttpOptions } from '../io/http-ranges.ts';
import { loadTensors } from '../io/some-tensors.ts';
import type { WeightsSource } from '../io/weights.ts';
import type { FeatureNetwork } from './feature-network.ts';
import { filtersOf } from './filters.ts';
import { vgg19 } from './vgg19.ts';
import { type Vgg19Pixels, vgg19Features } from './vgg19-features.ts';
import { vgg19TensorOf } from './vgg19-names.ts';

export interface Vgg19WeightsOptions extends HttpOptions {
  /** The deepest layer that is wanted; no weights behind it are read. Default: `conv5_1`, as style transfer needs. */
  readonly to?: string;
  /** For which pixels the weights are. Default: as weights of such names usually are. */
  readonly pixels?: Vgg19Pixels;
}

/**
 * Loads VGG-19 from a safetensors file or a tfjs manifest, wherever it lies: only the convolutions that are needed are
 * read, by range requests (52 MB of the 548 MB of timm's file up to `conv5_1`).
 *
 * Names may be torchvision's and timm's (`features.0.weight`), those of Caffe's layers (`conv1_1…`) or Keras's
 * (`block1_conv1/kernel`); filters [O,I,3,3] or [3,3,I,O]. Where weights are for blue, green, red, the first layer's
 * filters are turned round.
 *
 * @throws WeightsError naming the tensor that is missing, of another shape, truncated or not finite.
 */
export async function loadVgg19(source: WeightsSource, options: Vgg19WeightsOptions = {}): Promise<FeatureNetwork> {
  const { to = 'conv5_1', pixels, ...http } = options;
  const { tensors } = vgg19({ to });
  const ours = new Map<string, string>();
  const stored = await loadTensors(
    source,
    (names) => {
      for (const name of names) {
        const found = vgg19TensorOf(name);
        if (found && tensors.has(`${found.layer}/${found.role}`)) ours.set(`${found.layer}/${found.role}`, name);
      }
      requireAll(names, [...tensors.keys()], ours);
      return [...ours.values()];
    },
    http,
  );
  const first = vgg19TensorOf(ours.get('conv1_1/filters')!)!;
  const entries = Array.from(tensors, ([name, shape]): [string, Parameter] => {
    const source = ours.get(name)!;
    if (shape.length === 1) return [name, stored.get(source)];
    const reversed = first.reversed && name === 'conv1_1/filters';
    return [name, filtersOf(source, stored.get(source), shape as [number, number, number, number], { reversed })];
  });
  return vgg19Features(new Parameters(entries), pixels ?? first.pixels);
}

function requireAll(names: readonly string[], needed: readonly string[], found: ReadonlyMap<string, string>): void {
  const missing = needed.filter((name) => !found.has(name));
  if (missing.length === 0) return;
  const all = missing.length === needed.length;
  const some = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
  throw new WeightsError(
    all
      ? `vgg19: these are not its weights: of ${names.length} tensors (${some}) none is called as a convolution of it`
      : `vgg19: the weights of ${missing[0]} are missing${missing.length > 1 ? `, and ${missing.length - 1} tensors more` : ''}; there are ${some}`,
  );
}

/**
 * The deepest of some layers, by the name that `vgg19` builds up to.
 * @throws InputError where one of them is none of VGG-19, or there is none.
 */
export function deepestLayer(layers: readonly string[]): string {
  const names = vgg19().graph.nodes.flatMap(({ op, name }) => (op && !name.endsWith('/linear') ? [name] : []));
  const places = layers.map((layer) => names.indexOf(layer.replace(/\/linear$/, '')));
  const unknown = layers[places.indexOf(-1)];
  if (layers.length === 0 || unknown !== undefined)
    throw new InputError(`vgg19: no layer is called "${unknown ?? ''}"; there are ${names.join(', ')}`);
  return names[Math.max(...places)]!;
}
