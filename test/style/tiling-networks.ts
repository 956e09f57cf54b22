import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { Graph, type Node } from '../../src/graph/graph.ts';
import { concat } from '../../src/graph/ops/concat.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { type FeatureNetwork, ownFeatures, type PictureSize } from '../../src/models/feature-network.ts';
import { randomArray } from '../support/random.ts';

type Attributes = Parameters<NonNullable<typeof conv.kernel>>[0]['attributes'];

/** Builds graphs of seeded convolutions, each with its ReLU. */
class Sketch {
  readonly graph = new Graph();
  readonly tensors = new Map<string, Shape>();

  conv(x: Node, name: string, [side, from, to]: readonly [number, number, number], attributes: Attributes): Node {
    this.tensors.set(`${name}/filters`, [side, side, from, to]);
    this.tensors.set(`${name}/bias`, [to]);
    const parameters = { filters: `${name}/filters`, bias: `${name}/bias` };
    const linear = this.graph.apply(conv, [x], { name: `${name}/linear`, attributes, parameters });
    return this.graph.apply(relu, [linear], { name });
  }
}

const same = { padding: 'same' } as const;

/** Pairs of 3×3 convolutions and pools that round down, as VGG. */
function vggLike(sketch: Sketch): void {
  let x = sketch.conv(sketch.graph.input('image'), 'a1', [3, 3, 8], same);
  x = sketch.graph.apply(maxPool, [x], { name: 'pool1', attributes: { size: 2 } });
  x = sketch.conv(x, 'b1', [3, 8, 9], same);
  x = sketch.graph.apply(maxPool, [x], { name: 'pool2', attributes: { size: 2 } });
  sketch.conv(x, 'c1', [3, 9, 12], same);
}

/** A large stride without padding, pools that round up by the size of the picture, branches that meet: as SqueezeNet. */
function squeezeLike(sketch: Sketch, size: PictureSize): void {
  let sides = [size.height, size.width].map((side) => Math.floor((side - 5) / 2) + 1);
  const pool = (x: Node, name: string): Node => {
    const to = sides.map((side) => Math.ceil((side - 3) / 2) + 1);
    const padding = sides.map((side, i) => [0, (to[i]! - 1) * 2 + 3 - side] as const);
    sides = to;
    return sketch.graph.apply(maxPool, [x], { name, attributes: { size: 3, stride: 2, padding } });
  };
  let x = sketch.conv(sketch.graph.input('image'), 'a1', [5, 3, 8], { stride: 2 });
  x = pool(x, 'pool1');
  const branches = [1, 3].map((side) => sketch.conv(x, `part${side}`, [side, 8, 6], same));
  x = sketch.graph.apply(concat, branches, { name: 'b1' });
  sketch.conv(pool(x, 'pool2'), 'c1', [3, 12, 8], same);
}

/** TensorFlow's 'same' with strides, whose padding depends on the size; a dilated window. */
function strideLike(sketch: Sketch): void {
  let x = sketch.conv(sketch.graph.input('image'), 'a1', [3, 3, 8], { padding: 'same', stride: 2 });
  x = sketch.conv(x, 'b1', [3, 8, 8], { padding: 'same', dilation: 2 });
  sketch.conv(x, 'c1', [4, 8, 8], { padding: 'same-before', stride: 3 });
}

const kinds = { vggLike, squeezeLike, strideLike };
export type Kind = keyof typeof kinds;
export const networkKinds = Object.keys(kinds) as Kind[];

/** A small seeded network with layers `a1`, `b1` and `c1` that is like one that people use. */
export function tileNetwork(kind: Kind): FeatureNetwork {
  const build = (size: PictureSize): Sketch => {
    const sketch = new Sketch();
    kinds[kind](sketch, size);
    return sketch;
  };
  const { tensors } = build({ height: 32, width: 32 });
  const parameters = parametersOf(
    Object.fromEntries(
      [...tensors].map(([name, shape], i) => {
        const scale = shape.length > 1 ? 1.5 / Math.sqrt(elementsOf(shape.slice(0, 3))) : 0.3;
        return [name, { shape, values: randomArray(elementsOf(shape), i + 1).map((v) => v * scale) }];
      }),
    ),
  );
  return ownFeatures({
    name: kind,
    graph: (size) => build(size).graph,
    parameters,
    layers: ['a1', 'b1', 'c1'],
    input: { leastSize: 13 },
    mean: 127.5,
    divisor: 64,
  });
}
