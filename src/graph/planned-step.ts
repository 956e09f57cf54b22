import { elementsOf, type Shape } from '../core/shape.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Step } from './fuse.ts';
import type { Node } from './graph.ts';
import type { GradientAddresses, Site } from './op.ts';
import { foldedBias, type HeldFilters, holdFilters, rawParameter } from './packed.ts';
import type { Parameters } from './parameters.ts';
import { parameterShapes } from './schedule.ts';

/** One scheduled kernel call, for `Plan.steps` and the table of `describe()`. */
export interface PlannedStep extends Step {
  readonly site: Site;
  readonly at: GradientAddresses;
  /** Multiply-accumulates of one run. */
  readonly macs: number;
  readonly outputBytes: number;
  readonly scratchBytes: number;
  /** Bytes of its filters, bias and other parameters, shared with every plan of the engine that reads them. */
  readonly weightBytes: number;
  /** Linear ops: their filters. */
  readonly filters: HeldFilters | undefined;
}

/**
 * Chooses the kernel of a step and brings its parameters into memory: filters in the form that the kernel reads, unless
 * that is larger than the plain one and than `room`, the bytes that are left for such forms.
 */
export function planStep(
  step: Step,
  shapes: ReadonlyMap<Node, Shape>,
  parameters: Parameters,
  engine: Engine,
  room: number,
): PlannedStep {
  const { op } = step.node;
  const site = siteOf(step, shapes, parameters);
  const at: GradientAddresses = {
    inputs: site.inputs.map(() => 0),
    output: 0,
    scratch: 0,
    weights: 0,
    bias: 0,
    parameters: {},
    state: 0,
    outputGradient: 0,
    inputGradients: site.inputs.map(() => 0),
    parameterGradients: {},
    backwardWeights: 0,
    backwardScratch: 0,
    rule: 'gradient',
  };
  let weightBytes = 0;
  let filters: HeldFilters | undefined;
  if (op.weights) {
    filters = holdFilters(engine, parameters, step, site, site.kernel, op.weights, room);
    const bias = foldedBias(engine, parameters, step, site);
    at.bias = bias.address;
    if (!filters.plain) at.weights = filters.address;
    weightBytes = filters.bytes + bias.bytes;
  } else {
    for (const [role, name] of Object.entries(step.node.parameters)) {
      const region = rawParameter(engine, parameters, name);
      at.parameters[role] = region.address;
      weightBytes += region.bytes;
    }
  }
  return {
    ...step,
    site,
    at,
    macs: op.macs?.(site) ?? 0,
    outputBytes: elementsOf(site.output) * 4,
    scratchBytes: op.scratch?.(site, engine.threads) ?? 0,
    weightBytes,
    filters,
  };
}

function siteOf(step: Step, shapes: ReadonlyMap<Node, Shape>, parameters: Parameters): Site {
  const { op } = step.node;
  const site: Site = {
    attributes: step.node.attributes,
    inputs: step.node.inputs.map((input) => shapes.get(input)!),
    output: shapes.get(step.last)!,
    parameters: parameterShapes(step.node, parameters),
    activation: step.activation,
    kernel: op.name,
  };
  return { ...site, kernel: op.kernel?.(site) ?? op.name };
}
