import { InputError } from '../core/errors.ts';
import type { Node } from './graph.ts';

/** Which parameters learn: by name, or by a test of names. */
export type Trainable = readonly string[] | ((name: string) => boolean);

const measuredIn = ({ op, parameters }: Node): string[] =>
  (op?.measured ?? []).flatMap((role) => parameters[role] ?? []);

/** Names of the parameters that nodes are there to measure. */
export const measuredBy = (nodes: readonly Node[]): string[] =>
  nodes.filter(({ op, attributes }) => op?.measures?.(attributes)).flatMap(measuredIn);

/** The parameters that learn, in the order of nodes. @throws InputError for a name that the loss does not depend on. */
export function trainableOf(nodes: readonly Node[], trainable: Trainable | undefined, loss: string): string[] {
  const known = [...new Set(nodes.flatMap((node) => Object.values(node.parameters)))];
  const measured = new Set(nodes.flatMap(measuredIn));
  const learnable = known.filter((name) => !measured.has(name));
  let chosen = learnable;
  if (typeof trainable === 'function') chosen = learnable.filter(trainable);
  else if (trainable) {
    for (const name of trainable)
      if (!known.includes(name))
        throw new InputError(
          `training: "${name}" cannot learn, "${loss}" does not depend on it; it depends on ${known.join(', ')}`,
        );
    chosen = known.filter((name) => trainable.includes(name));
  }
  if (chosen.length === 0) throw new InputError(`training: no parameter that "${loss}" depends on is to learn`);
  return chosen;
}
