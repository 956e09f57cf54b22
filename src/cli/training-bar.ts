import { Presets, SingleBar } from 'cli-progress';
import type { TrainingStep } from '../metric/training/trainer.ts';
import { beforeStop } from './interrupt.ts';
import type { Terminal } from './terminal.ts';
import { duration } from './text.ts';

/** Shows how a training goes. */
export interface TrainingBar {
  step(step: TrainingStep): void;
  done(): void;
}

/** The figures of a step behind the bar. */
function figures({ loss, activeFraction, accuracy, imagesPerSecond, secondsLeft }: TrainingStep): string {
  const parts = [`loss ${loss.toFixed(4)}`];
  if (activeFraction !== undefined) parts.push(`${(activeFraction * 100).toFixed(0)} % active`);
  if (accuracy !== undefined) parts.push(`${(accuracy * 100).toFixed(0)} % right`);
  parts.push(`${imagesPerSecond.toFixed(0)} images/s`, `${duration(secondsLeft)} left`);
  return parts.join('  ');
}

/** A bar with losses and the time left where a person watches the error stream; nothing in a pipe or a log. */
export function trainingBar(terminal: Terminal, steps: number, from: number): TrainingBar {
  if (!terminal.watched) return { step: () => {}, done: () => {} };
  const bar = new SingleBar(
    { format: 'Training {bar} {value}/{total}  {figures}', hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(steps, from, { figures: '' });
  const forget = beforeStop(() => bar.stop());
  return {
    step: (step) => bar.update(step.step, { figures: figures(step) }),
    done: () => {
      bar.stop();
      forget();
    },
  };
}
