import { powerAxis } from './axis.ts';
import { lineChart } from './line-chart.ts';
import type { Markup } from './markup.ts';

/** The parts of an objective after a step. */
export interface LossPoint {
  readonly step: number;
  readonly losses: Readonly<Record<string, number>>;
}

/** A figure with its power of ten: 1e+6 as 10⁶. */
const power = (value: number): string => {
  const digits = String(Number(value.toExponential().split('e')[1]));
  const raised = [...digits].map((digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])).join('');
  return `10${raised}`;
};

/** The parts of a loss over the steps, on an axis of powers of ten. A part that is 0 throughout is not drawn. */
export function lossPlot(points: readonly LossPoint[], title = 'Losses'): Markup {
  const names = Object.keys(points[0]?.losses ?? {});
  const lines = names
    .map((name) => ({
      name,
      points: points
        .map(({ step, losses }): [number, number] => [step, losses[name]!])
        .filter(([, value]) => Number.isFinite(value) && value > 0),
    }))
    .filter(({ points: drawn }) => drawn.length > 0);
  const values = lines.flatMap(({ points: drawn }) => drawn.map(([, value]) => value));
  const most = values.reduce((a, b) => Math.max(a, b), 1e-30);
  const least = values.reduce((a, b) => Math.min(a, b), most);
  const [low, high] = [powerBelow(least), powerBelow(most) * 10];
  return lineChart(lines, { title, x: 'step', y: powerAxis('loss', low, high, power) });
}

/** The largest power of ten that is at most `value`, a positive number. */
const powerBelow = (value: number): number => Number(`1e${value.toExponential().split('e')[1]}`);
