import { elementsOf, type Shape } from '../core/shape.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Step } from './fuse.ts';
import type { Node } from './graph.ts';
import type { Addresses, Site } from './op.ts';
import { packWeights, rawParameter } from './packed.ts';
import type { Parameters } from './parameters.ts';
import { parameterShapes } from './schedule.ts';

/** One scheduled kernel call, for `Plan.steps` and the table of `describe()`. */
export interface PlannedStep extends Step {
  readonly site: Site;
  readonly at: Addresses;
  /** Multiply-accumulates of one run. */
  readonly macs: number;
  readonly outputBytes: number;
  readonly scratchBytes: number;
  /** Bytes of its filters, bias and other parameters, shared with every plan of the engine that reads them. */
  readonly weightBytes: number;
  /** Address of the plain filters, where the kernel's form of them is made anew at each run. */
  readonly plainFilters: number | undefined;
}

/** A form of the filters up to this much larger than the plain ones is always kept. */
const KEEP_FACTOR = 1.5;

/**
 * Chooses the kernel of a step and brings its parameters into memory: in the form that the kernel reads, unless that is
 * larger than the plain one and than `room`, the bytes that are left for such forms.
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
  const at: Addresses = {
    inputs: site.inputs.map(() => 0),
    output: 0,
    scratch: 0,
    weights: 0,
    bias: 0,
    parameters: {},
  };
  let weightBytes = 0;
  let plainFilters: number | undefined;
  if (op.weights) {
    const formBytes = op.weights.packedBytes(site);
    const keep = formBytes <= elementsOf(site.parameters.filters!) * 4 * KEEP_FACTOR || formBytes <= room;
    const { filters, bias } = packWeights(engine, parameters, step, site, keep ? site.kernel : 'plain');
    at.bias = bias.address;
    weightBytes = filters.bytes + bias.bytes;
    if (keep) at.weights = filters.address;
    else plainFilters = filters.address;
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
    scratchBytes: op.scratch?.(site) ?? 0,
    weightBytes,
    plainFilters,
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
