import { Presets, SingleBar } from 'cli-progress';
import type { StyleStep } from '../../style/step.ts';
import { beforeStop } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';
import { duration } from '../text.ts';

/** Shows how a painting goes. */
export interface StyleBar {
  step(step: StyleStep): void;
  done(): void;
}

/** Weight of a new step in the mean time of one. */
const NEW = 0.2;

/**
 * Estimates how long the rest takes. A step's time grows with its pixels; each level has four times those of the one
 * before.
 * @param steps of each level, from the smallest
 */
export class TimeLeft {
  readonly #steps: readonly number[];
  #level = 0;
  /** Steps seen of this level, and the mean time of one. */
  #seen = 0;
  #seconds = 0;
  #last: number;

  constructor(steps: readonly number[], now = performance.now()) {
    this.#steps = steps;
    this.#last = now;
  }

  /** Seconds that are left after a step. */
  after({ iteration, of, level }: Pick<StyleStep, 'iteration' | 'of' | 'level'>, now = performance.now()): number {
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    if (level !== this.#level) {
      // The first step of a level has prepared it too: it says little where something is known.
      this.#seconds = this.#level === 0 ? seconds : this.#seconds * 4;
      this.#seen = 0;
      this.#level = level;
    } else this.#seconds = this.#seen === 1 ? seconds : this.#seconds + NEW * (seconds - this.#seconds);
    this.#seen++;
    const later = this.#steps.slice(level);
    const here = of - iteration - later.reduce((sum, count) => sum + count, 0);
    return this.#seconds * (here + later.reduce((sum, count, i) => sum + count * 4 ** (i + 1), 0));
  }
}

const figure = (loss: number): string => loss.toPrecision(3);

/** The losses of a step. */
export function lossText({ losses: { content, style, variation, total } }: Pick<StyleStep, 'losses'>): string {
  const parts = [`content ${figure(content)}`, `style ${figure(style)}`];
  if (variation > 0) parts.push(`variation ${figure(variation)}`);
  return `loss ${figure(total)} (${parts.join(', ')})`;
}

/** A bar with losses and the time left where a person watches the error stream; nothing in a pipe or a log. */
export function styleBar(terminal: Terminal, steps: readonly number[]): StyleBar {
  if (!terminal.watched) return { step: () => {}, done: () => {} };
  const bar = new SingleBar(
    { format: 'Painting {bar} {value}/{total}  {figures}', hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  const left = new TimeLeft(steps);
  bar.start(
    steps.reduce((sum, count) => sum + count, 0),
    0,
    { figures: '' },
  );
  const forget = beforeStop(() => bar.stop());
  return {
    step(step) {
      bar.setTotal(step.of);
      bar.update(step.iteration, { figures: `${lossText(step)}  ${duration(left.after(step))} left` });
    },
    done() {
      bar.stop();
      forget();
    },
  };
}
