import { plan } from 'facsimile/graph';
import { tfjsNetwork } from './tfjs.mjs';

const ROWS = 16;
const ROUNDS = 9;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Time of 16 windows through the network, ours and on tfjs's wasm backend in turns, one thread each, and that both agree. */
export async function race(model) {
  const [[input]] = model.inputs;
  const [output] = model.outputs;
  const windows = Float32Array.from({ length: ROWS * 1024 }, (_, i) => Math.sin(i * (0.05 + (i >> 10) * 0.01)) * 1.4);
  const ours = plan(model.graph, {
    parameters: model.parameters,
    inputs: { [input]: [ROWS, 1024, 1] },
    outputs: [output],
  });
  const peer = await tfjsNetwork(model);
  const runs = { ours: () => ours.run({ [input]: windows })[output], tfjs: () => peer(windows, ROWS) };
  const [a, b] = [runs.ours(), runs.tfjs()];
  const difference = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
  const times = { ours: [], tfjs: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, run] of Object.entries(runs)) {
      const start = cpuMs();
      run();
      times[name].push(cpuMs() - start);
    }
  ours.close();
  const [oursMs, tfjsMs] = [median(times.ours) / ROWS, median(times.tfjs) / ROWS];
  return { oursMs, tfjsMs, ratio: tfjsMs / oursMs, difference };
}
