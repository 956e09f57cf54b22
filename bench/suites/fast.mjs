import { assertAgree } from '../lib/agree.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { workOn } from '../lib/race-engines.mjs';

export const peers = [];

/** `precision: 'fast'`, relaxed SIMD, against the default build. */
export async function* run() {
  const { createEngine } = await library('./graph');
  const fast = await createEngine({ precision: 'fast' });
  for await (const { name, flops, inARow, runs } of workOn([fast, createEngine()])) {
    const [ours, theirs] = runs;
    assertAgree(name, ours(), theirs().slice(), 1e-4);
    const times = await interleave({ ours, theirs });
    const once = times.ours / inARow;
    const note = `${(flops / once / 1e6).toFixed(0)} effective GFLOP/s${inARow > 1 ? `, one of ${inARow} in a row` : ''}`;
    yield { case: name, ours: once, peer: 'default', theirs: times.theirs / inARow, note };
  }
}
