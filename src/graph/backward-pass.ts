import { InputError } from '../core/errors.ts';
import { elementsOf, formatShape, type Shape } from '../core/shape.ts';
import type { Engine } from '../runtime/engine.ts';
import { binary as learning } from '../runtime/generated/learning.wasm.ts';
import type { Arena, Lifetime } from './arena.ts';
import type { Targets } from './gradients.ts';
import type { Node } from './graph.ts';
import type { Holdings } from './holdings.ts';
import type { Layout } from './layout.ts';
import { isIdentity, packScratch, type Rule, ruleCode, type Wanted } from './op.ts';
import type { HeldFilters } from './packed.ts';
import { type PlannedStep, runForward } from './planned-step.ts';

/** The gradients that were asked for, by the names of nodes and of parameters. */
export interface Gradients {
  readonly nodes: Record<string, Float32Array>;
  readonly parameters: Record<string, Float32Array>;
}

/** The gradient in one value: several readers of the value each add their part. */
class Gradient {
  address = 0;
  /** True once a part of it is there. */
  live = false;
  /** Parts that it may get. */
  parts = 0;
  readonly elements: number;

  constructor(elements: number) {
    this.elements = elements;
  }
}

/** A place where an op leaves a gradient: straight in the value's, or beside it to be added. */
interface Part {
  readonly of: Gradient;
  beside: number;
}

interface BackwardStep {
  readonly step: PlannedStep;
  /** Steps whose forward pass runs again before it. */
  readonly again: readonly PlannedStep[];
  readonly output: Gradient;
  /** Where the output's gradient goes behind the activation, where it may not be overwritten. */
  masked: number;
  readonly inputs: readonly (Part | undefined)[];
  readonly parameters: readonly (readonly [role: string, part: Part])[];
  readonly filters: HeldFilters | undefined;
}

/** The backward pass of a plan: what runs in which order, and where gradients lie in the plan's workspace. */
export class BackwardPass {
  readonly #steps: BackwardStep[] = [];
  readonly #values = new Map<Node, Gradient>();
  readonly #parameters = new Map<string, Gradient>();
  readonly #targets: Targets;
  readonly #outputs: ReadonlySet<Node>;
  readonly #shapes: ReadonlyMap<Node, Shape>;
  readonly #engine: Engine;

  constructor({ later: steps, routes, timeline, targets, outputNodes: outputs, shapes, holdings, arena }: Layout) {
    this.#targets = targets;
    this.#outputs = outputs;
    this.#shapes = shapes;
    this.#engine = holdings.engine;
    this.#engine.need(learning);
    const { end } = timeline;
    const since = new Map<Node, number>();
    for (const node of outputs) this.#value(node, since, timeline.turn);
    const again = [...timeline.again].sort(([, a], [, b]) => a - b);
    /** Blocks of gradients that lie where another one was. */
    const taken = new Map<Node, Lifetime>();
    const blockOf = (node: Node, { elements }: Gradient, until: number): Lifetime => {
      const block = taken.get(node) ?? arena.block(elements * 4, since.get(node)!, until);
      block.to = until;
      return block;
    };
    for (const [index, step] of [...steps.entries()].reverse()) {
      const wanted = routes[index];
      if (!wanted) continue;
      const time = timeline.backward[index]!;
      const output = this.#value(step.last, since, time);
      output.parts--;
      const isTarget = targets.nodes.has(step.last);
      const block = blockOf(step.last, output, isTarget ? end : time);
      arena.use(block, (address) => (output.address = address));
      const [input] = step.node.inputs;
      const first = wanted.inputs[0] && !this.#values.has(input!);
      if (first && step.node.op.backward!.inPlace && !isTarget) taken.set(input!, block);
      const filters = this.#hold(step, wanted, holdings);
      const due = again.filter(([, when]) => when < time).length;
      const backward: BackwardStep = {
        step,
        again: again.splice(0, due).map(([index]) => steps[index]!),
        output,
        masked: 0,
        inputs: step.node.inputs.map((input, i) =>
          wanted.inputs[i] ? { of: this.#value(input, since, time), beside: 0 } : undefined,
        ),
        parameters: Object.entries(step.node.parameters)
          .filter(([role]) => wanted.parameters[role])
          .map(([role, name]) => [
            role,
            { of: this.#parameter(name, step.site.parameters[role]!, arena, time, end), beside: 0 },
          ]),
        filters,
      };
      this.#lay(backward, wanted, arena, time);
      this.#steps.push(backward);
    }
    const laid = new Set(this.#steps.map(({ step }) => step.last));
    for (const node of targets.nodes) {
      if (laid.has(node)) continue;
      const gradient = this.#value(node, since, end);
      arena.use(blockOf(node, gradient, end), (address) => (gradient.address = address));
    }
  }

  /** The gradient in a node's value, which gets a part at `time`. */
  #value(node: Node, since: Map<Node, number>, time: number): Gradient {
    const gradient = this.#values.get(node) ?? new Gradient(elementsOf(this.#shapes.get(node)!));
    this.#values.set(node, gradient);
    gradient.parts++;
    since.set(node, Math.min(since.get(node) ?? time, time));
    return gradient;
  }

  #parameter(name: string, shape: Shape, arena: Arena, time: number, end: number): Gradient {
    let gradient = this.#parameters.get(name);
    if (!gradient) {
      const made = (gradient = new Gradient(elementsOf(shape)));
      this.#parameters.set(name, made);
      arena.use(arena.block(made.elements * 4, time, end), (address) => (made.address = address));
    }
    gradient.parts++;
    return gradient;
  }

  #hold(step: PlannedStep, wanted: Wanted, holdings: Holdings): HeldFilters | undefined {
    const form = step.node.op.backward!.weights;
    if (!form || !wanted.inputs[0]) return undefined;
    const held = holdings.filters(step, step.site, `backward ${step.site.kernel}`, form);
    if (!held.plain) step.at.backwardWeights = held.address;
    return held;
  }

  #lay(backward: BackwardStep, wanted: Wanted, arena: Arena, time: number): void {
    const { step, output, filters } = backward;
    const { at, site } = step;
    const op = step.node.op.backward!;
    const temporary = (bytes: number, tell: (address: number) => void): void => {
      if (bytes > 0) arena.use(arena.block(bytes, time, time), tell);
    };
    if (!isIdentity(step.activation) && this.#targets.nodes.has(step.last))
      temporary(output.elements * 4, (address) => (backward.masked = address));
    for (const part of [...backward.inputs, ...backward.parameters.map(([, part]) => part)])
      if (part && part.of.parts > 1) temporary(part.of.elements * 4, (address) => (part.beside = address));
    temporary(op.scratch?.(site, wanted, this.#engine.threads) ?? 0, (address) => (at.backwardScratch = address));
    if (filters?.plain) {
      const beside = packScratch(op.weights!, site);
      temporary(beside + op.weights!.packedBytes(site), (address) => (at.backwardWeights = address + beside));
    }
  }

  /** Runs from `seeds`, the gradients in outputs by name. @throws InputError naming a seed that does not fit. */
  run(seeds: Readonly<Record<string, Float32Array>>, rule: Rule): void {
    for (const gradient of [...this.#values.values(), ...this.#parameters.values()]) gradient.live = false;
    const { memory } = this.#engine;
    const byName = new Map([...this.#outputs].map((node) => [node.name, node]));
    for (const [name, seed] of Object.entries(seeds)) {
      const node = byName.get(name);
      if (!node) throw new InputError(`backward: seed "${name}" must name an output: ${[...byName.keys()].join(', ')}`);
      const gradient = this.#values.get(node)!;
      if (!(seed instanceof Float32Array) || seed.length !== gradient.elements)
        throw new InputError(
          `backward: seed "${name}" must be a Float32Array of ${gradient.elements} ${formatShape(this.#shapes.get(node)!)}, got ${seed?.constructor?.name} of ${seed?.length}`,
        );
      if (gradient.address === 0)
        throw new InputError(
          `backward: nothing that was asked for lies before output "${name}", so a seed there gives no gradient`,
        );
      memory.f32(gradient.address, gradient.elements).set(seed);
      gradient.live = true;
    }
    for (const step of this.#steps) {
      for (const again of step.again) runForward(again, this.#engine);
      if (step.output.live) this.#runStep(step, rule);
    }
  }

  /** Copies of the gradients of the last run. @throws InputError naming an array that does not fit. */
  read(into: Gradients): Gradients {
    for (const node of this.#targets.nodes) this.#read(this.#values.get(node)!, node.name, into.nodes);
    for (const [name, gradient] of this.#parameters) this.#read(gradient, name, into.parameters);
    return into;
  }

  /** Where the gradient in a parameter lies between a run and the next one. */
  addressOf(parameter: string): number {
    return this.#parameters.get(parameter)!.address;
  }

  #read(gradient: Gradient, name: string, into: Record<string, Float32Array>): void {
    const to = (into[name] ??= new Float32Array(gradient.elements));
    if (!(to instanceof Float32Array) || to.length !== gradient.elements)
      throw new InputError(
        `backward: the gradient of "${name}" needs a Float32Array of ${gradient.elements}, got ${to.length}`,
      );
    if (gradient.live) to.set(this.#engine.memory.f32(gradient.address, gradient.elements));
    else to.fill(0);
  }

  #runStep({ step, output, masked, inputs, parameters, filters }: BackwardStep, rule: Rule): void {
    const { kernels } = this.#engine;
    const { node, site, at, activation } = step;
    const op = node.op.backward!;
    at.rule = rule;
    at.outputGradient = output.address;
    if (!isIdentity(activation)) {
      at.outputGradient = masked || output.address;
      const { slope, lo, hi } = activation;
      kernels.f32_activate_backward(
        at.outputGradient,
        output.address,
        at.output,
        output.elements,
        slope,
        lo,
        hi,
        ruleCode[rule],
      );
    }
    const added: Part[] = [];
    const place = (part: Part | undefined): number => {
      if (!part) return 0;
      if (part.of.live) added.push(part);
      const address = part.of.live ? part.beside : part.of.address;
      part.of.live = true;
      return address;
    };
    for (const [i, part] of inputs.entries()) at.inputGradients[i] = place(part);
    for (const [role, part] of parameters) at.parameterGradients[role] = place(part);
    if (filters?.plain)
      op.weights!.pack(
        kernels,
        site,
        at.backwardWeights,
        filters.address,
        at.backwardWeights - packScratch(op.weights!, site),
        this.#engine,
      );
    op.run(kernels, site, at, this.#engine);
    for (const { of, beside } of added)
      kernels.f32_add(
        of.address,
        of.address,
        beside,
        of.elements,
        1,
        Number.NEGATIVE_INFINITY,
        Number.POSITIVE_INFINITY,
      );
  }
}
