import { elementsOf, type Shape } from '../core/shape.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Step } from './fuse.ts';
import type { Node } from './graph.ts';
import type { Holdings } from './holdings.ts';
import { type GradientAddresses, isIdentity, noAddresses, packScratch, type Site, type Wanted } from './op.ts';
import type { HeldFilters } from './packed.ts';
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

/** Chooses the kernel of a step and brings its parameters into memory. */
export function planStep(step: Step, shapes: ReadonlyMap<Node, Shape>, holdings: Holdings): PlannedStep {
  const { op } = step.node;
  const { threads } = holdings.engine;
  const site = siteOf(step, shapes, holdings.parameters);
  const at = noAddresses(site.inputs.length);
  let weightBytes = 0;
  let filters: HeldFilters | undefined;
  if (op.weights) {
    filters = holdings.filters(step, site, site.kernel, op.weights);
    const bias = holdings.bias(step, site);
    at.bias = bias.address;
    if (!filters.plain) at.weights = filters.address;
    weightBytes = filters.bytes + bias.bytes;
  } else {
    for (const [role, name] of Object.entries(step.node.parameters)) {
      const region = holdings.raw(name);
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
    scratchBytes: op.scratch?.(site, threads) ?? 0,
    weightBytes,
    filters,
  };
}

/** The forward pass of a step, with its filters brought into the kernel's form where only plain ones are held. */
export function runForward({ node, site, at, filters }: PlannedStep, engine: Engine): void {
  const { weights } = node.op;
  if (filters?.plain)
    weights!.pack(engine.kernels, site, at.weights, filters.address, at.weights - packScratch(weights!, site), engine);
  node.op.forward(engine.kernels, site, at, engine);
}

/** What the backward pass of a step needs of its forward pass. */
export interface Needs {
  readonly inputs: boolean;
  readonly output: boolean;
  readonly stateBytes: number;
}

export function needsOf({ node, site, activation }: PlannedStep, wanted: Wanted): Needs {
  const { reads, state } = node.op.backward!;
  const read = reads?.(site, wanted) ?? [];
  return {
    inputs: read.includes('inputs'),
    output: read.includes('output') || !isIdentity(activation),
    stateBytes: state?.(site) ?? 0,
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
