import { Sandbox } from './sandbox.ts';
import { ulpError } from './ulp.ts';

const CHUNK = 1 << 15;

/** Kernels that map an array. */
export type Map1 = 'f32_exp' | 'f32_log' | 'f32_tanh' | 'f32_sin' | 'f32_cos';

/**
 * The largest error of a kernel, in units in the last place, over float32 values by their bits: every `step`-th pattern of
 * all 2³². A prime step meets every exponent, both signs and every digit.
 */
export function worstOfAll(kernel: Map1, exact: (x: number) => number, step: number) {
  const sandbox = new Sandbox();
  const [x, y] = [sandbox.output(CHUNK), sandbox.output(CHUNK)];
  const [bits, values, results] = [
    sandbox.engine.memory.i32(x, CHUNK),
    sandbox.engine.memory.f32(x, CHUNK),
    sandbox.engine.memory.f32(y, CHUNK),
  ];
  let worst = { error: 0, at: 0 };
  let count = 0;
  for (let pattern = 0; pattern < 2 ** 32; count += CHUNK) {
    for (let i = 0; i < CHUNK; i++, pattern += step) bits[i] = Math.min(pattern, 2 ** 32 - 1);
    sandbox.kernels[kernel](y, x, CHUNK);
    for (let i = 0; i < CHUNK; i++) {
      const expected = exact(values[i]!);
      if (Object.is(results[i], Math.fround(expected))) continue;
      const error = ulpError(results[i]!, expected);
      if (!(error <= worst.error)) worst = { error, at: values[i]! };
    }
  }
  sandbox.check();
  return { ...worst, count };
}
