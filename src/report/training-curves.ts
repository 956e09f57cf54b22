import { linearAxis, percent } from './axis.ts';
import { type Line, lineChart } from './line-chart.ts';
import type { Markup } from './markup.ts';

/** What a step of training says of itself. What is undefined is not drawn. */
export interface TrainingPoint {
  readonly step: number;
  readonly loss: number;
  /** The share of triplets or pairs that still had a gradient, 0 … 1. */
  readonly activeFraction?: number | undefined;
  /** Mean distances of embeddings of one class, and of two. */
  readonly positiveDistance?: number | undefined;
  readonly negativeDistance?: number | undefined;
  /** A measure on classes that were held out, 0 … 1, at the steps that have one. */
  readonly validation?: number | undefined;
}

/** Points of a line: more are averaged in stretches, since no screen shows them. */
const MOST_POINTS = 240;

/** Means over stretches of about equal length. */
function averaged(points: Line['points'], most: number): Line['points'] {
  const stretch = Math.max(1, Math.ceil(points.length / most));
  return Array.from({ length: Math.ceil(points.length / stretch) }, (_, i): [number, number] => {
    const part = points.slice(i * stretch, (i + 1) * stretch);
    const mean = (at: 0 | 1): number => part.reduce((sum, point) => sum + point[at], 0) / part.length;
    return [mean(0), mean(1)];
  });
}

/** The mean of each value and of those up to `reach` before and behind it. */
function smoothed(points: Line['points'], reach: number): Line['points'] {
  return points.map(([x], i): [number, number] => {
    const near = points.slice(Math.max(0, i - reach), i + reach + 1);
    return [x, near.reduce((sum, [, value]) => sum + value, 0) / near.length];
  });
}

function linesOf(steps: readonly TrainingPoint[], names: Readonly<Record<string, keyof TrainingPoint>>): Line[] {
  return Object.entries(names).flatMap(([name, key]) => {
    const points = steps.flatMap((step): [number, number][] => {
      const value = step[key];
      return value !== undefined && Number.isFinite(value) ? [[step.step, value]] : [];
    });
    return points.length > 0 ? [{ name, points: averaged(points, MOST_POINTS) }] : [];
  });
}

/**
 * How a training went, as charts of what was recorded: the loss, the share of active triplets, the measure on held-out
 * classes, the mean distances within and between classes. Single steps are faint, their running means strong.
 */
export function trainingCurves(steps: readonly TrainingPoint[]): Markup[] {
  const reach = Math.max(1, Math.round(Math.min(steps.length, MOST_POINTS) / 40));
  const draw = (title: string, y: Parameters<typeof lineChart>[1]['y'], names: Record<string, keyof TrainingPoint>) => {
    const faint = linesOf(steps, names);
    // Few values, such as validations, are shown as they are.
    const lines = faint.map((line) =>
      line.points.length < 40 ? line : { ...line, points: smoothed(line.points, reach) },
    );
    return lines.length > 0 ? [lineChart(lines, { title, x: 'step', y, faint })] : [];
  };
  return [
    ...draw('Loss', 'loss', { loss: 'loss' }),
    ...draw('Active triplets', linearAxis('share with a gradient', 0, 1, 5, percent), { active: 'activeFraction' }),
    ...draw('Held-out classes', linearAxis('one-shot accuracy', 0, 1, 5, percent), { accuracy: 'validation' }),
    ...draw('Mean distances', 'distance', { 'same class': 'positiveDistance', 'other class': 'negativeDistance' }),
  ];
}
