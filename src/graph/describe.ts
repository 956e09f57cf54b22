import { formatShape } from '../core/shape.ts';
import type { PlannedStep } from './planned-step.ts';

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(2);

/** A plan as a table for people: one line a step, then the sums and the peak. */
export function describePlan(plan: {
  readonly steps: readonly PlannedStep[];
  readonly workspaceBytes: number;
  readonly parameterBytes: number;
  readonly optimizerBytes?: number;
}): string {
  const rows = plan.steps.map((step) => [
    step.last.name,
    [
      step.site.kernel,
      ...step.affines.map(({ op }) => op!.name),
      step.residual && 'add',
      step.activationName,
      step.linear && `and ${step.linear.name}`,
    ]
      .filter(Boolean)
      .join(' + '),
    step.site.inputs.map(formatShape).join(' '),
    formatShape(step.site.output),
    (step.macs / 1e6).toFixed(2),
    megabytes(step.outputBytes),
    megabytes(step.scratchBytes),
    megabytes(step.weightBytes),
  ]);
  const table = [['node', 'kernel', 'inputs', 'output', 'MMAC', 'out MB', 'scratch MB', 'weights MB'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => (i < 4 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  const macs = plan.steps.reduce((sum, step) => sum + step.macs, 0);
  const { workspaceBytes, parameterBytes, optimizerBytes = 0 } = plan;
  const parts = [`workspace ${megabytes(workspaceBytes)} MB`, `parameters ${megabytes(parameterBytes)} MB`];
  if (optimizerBytes > 0) parts.push(`optimizer ${megabytes(optimizerBytes)} MB`);
  const peak = megabytes(workspaceBytes + parameterBytes + optimizerBytes);
  return [
    ...lines,
    `${plan.steps.length} steps, ${(macs / 1e6).toFixed(1)} MMAC; ${parts.join(' + ')} = peak ${peak} MB`,
  ].join('\n');
}
