import { exit } from './exit.ts';

let pending = 0;
let stopped = false;
const cleanups = new Set<() => void>();
const listeners = new Set<() => void>();

function stop(): void {
  for (const cleanup of cleanups) cleanup();
  process.exit(exit.interrupted);
}

/** Makes Ctrl-C (and a polite kill) end the process at once, unless something is being saved: then right after it. */
export function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stopped = true;
      for (const tell of listeners) tell();
      if (pending === 0) stop();
    });
}

/** Runs work that must not be cut off, such as putting a new file in an old one's place. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  pending++;
  try {
    return await work();
  } finally {
    if (--pending === 0 && stopped) stop();
  }
}

/** Registers what to tidy before a signal ends the process; the result takes it back. */
export function beforeStop(cleanup: () => void): () => void {
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

/** Tells uninterrupted work of a signal, so that it can come to an end by itself; the result takes it back. */
export function whenStopped(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
