import { library } from '../lib/library.mjs';
import { interleave, wallMilliseconds } from '../lib/measure.mjs';
import { workOn } from '../lib/race-engines.mjs';

export const peers = [];

/** Two threads against one, on the wall; the results must be the same bits. */
export async function* run() {
  const { createEngine } = await library('./graph');
  const two = await createEngine({ threads: 2 });
  for await (const { name, inARow, runs } of workOn([two, createEngine()])) {
    const [ours, one] = runs;
    const [a, b] = [ours().slice(), one()];
    if (a.some((value, i) => !Object.is(value, b[i]))) throw new Error(`${name}: two threads give other bits than one`);
    const times = await interleave({ ours, one }, { clock: wallMilliseconds, sample: 200 });
    const note = `wall time, the same bits${inARow > 1 ? `, one of ${inARow} in a row` : ''}`;
    yield { case: name, ours: times.ours / inARow, peer: '1-thread', theirs: times.one / inARow, note };
  }
  two.close();
}
