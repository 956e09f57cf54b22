import { assertAgree } from '../lib/agree.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { peakContestants } from '../lib/peak.mjs';
import { randomFloats } from '../lib/random.mjs';
import { loadTfjs } from '../lib/tfjs.mjs';

export const peers = ['@tensorflow/tfjs-backend-wasm'];

/** Square matrix products: against the register-only peak of the same engine, and against tfjs. */
export async function* run() {
  const tf = await loadTfjs();
  const { createEngine } = await library('./graph');
  for (const size of [512, 1024]) {
    const a = randomFloats(size * size, 1);
    const b = randomFloats(size * size, 2);
    const ours = product(await createEngine(), size, a, b);
    const [ta, tb] = [tf.tensor2d(a, [size, size]), tf.tensor2d(b, [size, size])];
    assertAgree(
      `gemm ${size}`,
      ours.multiply(),
      tf.tidy(() => tf.matMul(ta, tb).dataSync()),
      1e-4,
    );

    const times = await interleave({
      ours: ours.run,
      ...peakContestants(2 * size ** 3),
      tfjs: () => tf.matMul(ta, tb).dispose(),
    });
    const peak = Math.min(
      ...Object.keys(times)
        .filter((name) => name.startsWith('peak'))
        .map((name) => times[name]),
    );
    const row = { case: `${size}³`, ours: times.ours };
    const rate = `${((2 * size ** 3) / times.ours / 1e6).toFixed(1)} GFLOP/s, packing of B included`;
    yield { ...row, peer: 'peak', theirs: peak, note: rate };
    yield { ...row, peer: 'tfjs-wasm', theirs: times.tfjs, note: `${rate}; operands in wasm memory on both sides` };
    tf.dispose([ta, tb]);
  }
}

/** a · b with the kernel that every matrix product of the library ends in, on an engine of its own. */
function product(engine, size, a, b) {
  const { kernels, memory, regions } = engine;
  const bytes = size * size * 4;
  const [out, left, right, panels] = [0, 1, 2, 3].map(() => regions.allocate(bytes).address);
  const bias = regions.allocate(size * 4).address;
  const tile = regions.allocate(128).address;
  memory.f32(left, a.length).set(a);
  memory.f32(right, b.length).set(b);
  memory.f32(bias, size).fill(0);
  const row = size * 4;
  const run = () => {
    kernels.f32_gemm_pack(panels, right, size, size, row);
    kernels.f32_gemm_4x8(out, left, panels, bias, 0, 0, tile, size, size, size, row, row, 1, -Infinity, Infinity);
  };
  const multiply = () => {
    run();
    return memory.f32(out, size * size).slice();
  };
  return { run, multiply };
}
