import { defineConfig } from 'vitest/config';

/** `npm run test:demo`: the built page in real browsers, apart from `npm test`, which needs none. */
export default defineConfig({
  test: {
    include: ['test/demo/*.page.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
