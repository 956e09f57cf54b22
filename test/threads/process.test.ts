import { describe, expect, it } from 'vitest';
import { hasOtherRuntimes, otherRuntimes, runIn } from '../support/runtimes.ts';

describe.skipIf(!hasOtherRuntimes)('a process with threads', () => {
  it.each(otherRuntimes)('ends by itself in %s, though nobody closes them', (runtime) => {
    const answer = runIn(runtime, new URL('ends.ts', import.meta.url));
    expect(answer).toEqual({ threads: 3, done: true });
  });
});
