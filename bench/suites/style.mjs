import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from '../lib/measure.mjs';

export const peers = ['@tensorflow/tfjs-backend-wasm'];

const PEER = 'tfjs-wasm';
const child = fileURLToPath(new URL('../lib/style-child.mjs', import.meta.url));
/** Of J before the second step: as large as it is, the first gradient was right. */
const TOLERANCE = 1e-3;

/**
 * Neural style transfer with VGG-19's shape, content conv4_2 and style conv1_1 … conv5_1: one iteration (J, its gradient
 * and the update of the picture), the forward part alone, and the peak memory of a process that does it, the optimiser's
 * state included. Each side in processes of its own, one after the other.
 */
export async function* run() {
  const [ours, theirs] = [inChild('ours', 256, 'descent', 6), inChild('theirs', 256, 'descent', 2)];
  assertSameDescent(ours.values, theirs.values);
  yield {
    case: 'vgg19 256²',
    ours: median(ours.times),
    peer: PEER,
    theirs: median(theirs.times),
    note: 'value, gradient and update',
  };
  const forward = (who, count) => median(inChild(who, 256, 'forward', count).times.slice(1));
  yield {
    case: 'vgg19 256² forward',
    ours: forward('ours', 6),
    peer: PEER,
    theirs: forward('theirs', 3),
    note: 'activations of conv4_2 and Gram matrices',
  };
  yield memory(256, inChild('ours', 256, 'lbfgs', 4).peakMB, theirs.peakMB);
  // Two minutes: the peer takes four times as long for four times the pixels.
  yield memory(512, inChild('ours', 512, 'lbfgs', 4).peakMB, inChild('theirs', 512, 'descent', 1).peakMB);
}

const memory = (side, ours, theirs) => ({
  case: `vgg19 ${side}² memory`,
  ours,
  peer: PEER,
  theirs,
  unit: 'MB',
  note: 'peak of the process; ours with the history of L-BFGS',
});

function inChild(who, side, what, count) {
  const args = [child, who, side, what, count].map(String);
  const stdio = ['ignore', 'pipe', process.stderr];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio }).trim());
}

/** Throws where two descents differ, or where the first step changed too little to tell. */
function assertSameDescent(ours, theirs) {
  for (const [i, value] of theirs.entries())
    if (!(Math.abs(ours[i] - value) <= TOLERANCE * value))
      throw new Error(`style: J before step ${i + 1} differs: ${ours[i]} and ${value}`);
  if (!(Math.abs(theirs[1] - theirs[0]) > 10 * TOLERANCE * theirs[0]))
    throw new Error(`style: the first step changed J from ${theirs[0]} to ${theirs[1]} only`);
}
