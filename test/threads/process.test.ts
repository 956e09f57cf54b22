import { describe, expect, it } from 'vitest';
import { hasOtherNodes, otherNodes, runInNode } from '../support/runtimes.ts';

describe.skipIf(!hasOtherNodes)('a process with threads', () => {
  it.each(otherNodes)('ends by itself in Node %i, though nobody closes them', (version) => {
    const answer = runInNode(version, new URL('ends.ts', import.meta.url));
    expect(answer).toEqual({ threads: 3, done: true });
  });
});
