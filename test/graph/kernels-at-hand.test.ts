import { describe, expect, it } from 'vitest';
import { opCases } from '../../src/digest/op-cases.ts';
import { runOp } from '../../src/digest/run-op.ts';
import { Engine } from '../../src/runtime/engine.ts';

// Ops state what holds their kernels where the core does not, and the backward pass brings its own: an engine has no others.
describe('a new engine', () => {
  it.each(opCases().map((entry) => [entry.name, entry] as const))('runs %s forward', (_, entry) => {
    const [output] = runOp(entry, new Engine(), false);
    expect(output!.some((value) => value !== 0)).toBe(true);
  });
});
