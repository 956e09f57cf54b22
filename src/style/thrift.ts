import type { PlannedStep } from '../graph/planned-step.ts';

/** The most of a network's arithmetic that is done twice. */
const SHARE = 0.3;

const positionsOf = (shape: readonly number[]): number =>
  shape.slice(1, -1).reduce((product, size) => product * size, 1);

/**
 * The nodes behind which activations are not kept but computed again: the first ones that make layers smaller, as long as
 * no more than a share of the arithmetic lies before them. VGG-19 up to its second pooling holds three quarters of the
 * activations and does a quarter of the arithmetic: a tenth more time for a third less memory.
 */
export function thriftyCuts(steps: readonly PlannedStep[]): string[] {
  const all = steps.reduce((sum, { macs }) => sum + macs, 0);
  const cuts: string[] = [];
  let done = 0;
  for (const { macs, site, last } of steps) {
    done += macs;
    if (done > SHARE * all) break;
    const [input] = site.inputs;
    const isLayer = site.output.length === input!.length;
    if (isLayer && positionsOf(site.output) * 2 <= positionsOf(input!)) cuts.push(last.name);
  }
  return cuts;
}
