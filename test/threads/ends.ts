// Run by other runtimes (process.test.ts): threads that nobody closes, idle and then at the end of the process.
import { createEngine } from '../../src/runtime/create-engine.ts';

const engine = await createEngine({ threads: 3 });
const { address } = engine.regions.allocate(4096);
engine.memory.f32(address, 1024).fill(-1);
engine.each(
  'f32_activate',
  Array.from({ length: 64 }, (_, i) => {
    const at = address + i * 64;
    return [at, at, 16, 1, 0, Number.POSITIVE_INFINITY] as const;
  }),
);
const done = engine.memory.f32(address, 1024).every((value) => value === 0);
process.stdout.write(JSON.stringify({ threads: engine.threads, done }));
