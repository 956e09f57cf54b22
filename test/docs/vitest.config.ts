import { defineConfig } from 'vitest/config';

/** `npm run test:docs`: the code of README and guides, run as readers would. */
export default defineConfig({
  test: { include: ['test/docs/*.guide.ts'], hookTimeout: 60_000, pool: 'forks' },
});
