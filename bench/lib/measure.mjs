/** Milliseconds on the wall while `run` runs: the only clock in which threads can win. */
export async function wallMilliseconds(run) {
  const before = performance.now();
  await run();
  return performance.now() - before;
}

/** CPU milliseconds, user and system, of all threads of this process while `run` runs. */
export async function cpuMilliseconds(run) {
  const before = process.cpuUsage();
  await run();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Milliseconds that each contestant runs before it counts: V8 compiles a hot kernel anew meanwhile. */
const WARM_UP = 300;

/**
 * Median milliseconds of one call of each contestant by `clock`, CPU time unless told otherwise, by name. All are warmed up; then each round measures every one
 * of them, starting with another each time, so that what else the machine does falls on all alike. Short calls are
 * repeated until a sample lasts `sample` milliseconds.
 */
export async function interleave(
  contestants,
  { seconds = 6, least = 7, most = 101, sample = 20, clock = cpuMilliseconds } = {},
) {
  const entries = [];
  for (const [name, run] of Object.entries(contestants)) {
    const warm = performance.now() + WARM_UP;
    for (let i = 0; i < 3 || performance.now() < warm; i++) await run();
    const once = await clock(run);
    entries.push({ name, run, repeats: Math.max(1, Math.ceil(sample / Math.max(once, 0.001))), times: [] });
  }
  const start = performance.now();
  for (let round = 0; round < most; round++) {
    if (round >= least && performance.now() - start > seconds * 1000) break;
    for (let i = 0; i < entries.length; i++) {
      const { run, repeats, times } = entries[(round + i) % entries.length];
      const spent = await clock(async () => {
        for (let r = 0; r < repeats; r++) await run();
      });
      times.push(spent / repeats);
    }
  }
  return Object.fromEntries(entries.map(({ name, times }) => [name, median(times)]));
}
