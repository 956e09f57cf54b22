import { Presets, SingleBar } from 'cli-progress';
import { beforeStop } from './interrupt.ts';
import type { Terminal } from './terminal.ts';

/** Tells how far a long command has come. */
export interface Progress {
  step(): void;
  done(): void;
}

const silent: Progress = { step: () => {}, done: () => {} };

/** A bar on the error stream where a person watches it; nothing in a pipe or a log. */
export function progressOf(terminal: Terminal, what: string, total: number): Progress {
  if (!terminal.watched) return silent;
  const bar = new SingleBar(
    { format: `${what} {bar} {value}/{total}  {eta_formatted} left`, hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  // The bar hides the cursor: a terminal must get it back, however this ends.
  const forget = beforeStop(() => bar.stop());
  return {
    step: () => bar.increment(),
    done: () => {
      bar.stop();
      forget();
    },
  };
}
