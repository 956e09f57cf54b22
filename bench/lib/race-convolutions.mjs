import { assertAgree } from './agree.mjs';
import { library } from './library.mjs';
import { interleave } from './measure.mjs';
import { randomFloats } from './random.mjs';
import { loadTfjs } from './tfjs.mjs';

const elements = (shape) => shape.reduce((product, size) => product * size, 1);

/** Convolutions with stride 1 and padding 'same' against tfjs-wasm: { name, input, filters, tfjs(tf, x, w) }. */
export async function* raceConvolutions(cases) {
  const tf = await loadTfjs();
  const { Graph, conv, createEngine, parametersOf, plan } = await library('./graph');
  for (const { name, input, filters, tfjs } of cases) {
    const [x, w] = [randomFloats(elements(input), 1), randomFloats(elements(filters), 2)];
    const graph = new Graph();
    graph.apply(conv, [graph.input('x')], { name: 'y', attributes: { padding: 'same' }, parameters: { filters: 'w' } });
    const made = plan(graph, {
      engine: await createEngine(),
      parameters: parametersOf({ w: { shape: filters, values: w } }),
      inputs: { x: input },
    });
    const y = new Float32Array((elements(input) / input.at(-1)) * filters.at(-1));
    const ours = () => made.run({ x }, { y }).y;
    const [tx, tw] = [tf.tensor(x, input), tf.tensor(w, filters)];
    assertAgree(
      name,
      ours(),
      tf.tidy(() => tfjs(tf, tx, tw).dataSync()),
      1e-4,
    );
    const times = await interleave({ ours, tfjs: () => tfjs(tf, tx, tw).dispose() });
    const flops = 2 * elements(filters) * (elements(input) / input.at(-1));
    const note = `${(flops / times.ours / 1e6).toFixed(0)} GFLOP/s, arrays in and out; tensors of tfjs stay in wasm memory`;
    yield { case: name, ours: times.ours, peer: 'tfjs-wasm', theirs: times.tfjs, note };
    tf.dispose([tx, tw]);
  }
}
