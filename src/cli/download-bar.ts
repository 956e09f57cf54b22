import { Presets, SingleBar } from 'cli-progress';
import { beforeStop } from './interrupt.ts';
import type { Terminal } from './terminal.ts';

/** Tells how much of a file has come. */
export interface DownloadBar {
  at(received: number, total: number): void;
  done(): void;
}

const inMegabytes = (value: unknown): string => (Number(value) / 1e6).toFixed(1);

/** A bar of megabytes on the error stream where a person watches it; nothing in a pipe or a log. */
export function downloadBar(terminal: Terminal, what: string): DownloadBar {
  if (!terminal.watched) return { at: () => {}, done: () => {} };
  const bar = new SingleBar(
    {
      format: `${what} {bar} {value}/{total} MB  {eta_formatted} left`,
      formatValue: (value, _, type) => (type === 'value' || type === 'total' ? inMegabytes(value) : String(value)),
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  const forget = beforeStop(() => bar.stop());
  return {
    at: (received, total) => (bar.isActive ? bar.update(received) : bar.start(total, received)),
    done: () => {
      bar.stop();
      forget();
    },
  };
}
