import { InputError } from '../core/errors.ts';
import type { Op } from './op.ts';

/** One step of a model: an op applied to earlier nodes, with attributes and the names of its parameters by role. */
export interface Node {
  readonly id: number;
  readonly name: string;
  /** Absent for an input. */
  readonly op?: Op<object>;
  readonly inputs: readonly Node[];
  readonly attributes: object;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ApplyOptions<A> {
  readonly name?: string;
  readonly attributes?: A;
  /** Names in the parameter store, by role: `{ filters: 'conv1/filters' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * A model: nodes in the order they were made, so every node stands behind its inputs.
 *
 * @example
 * const graph = new Graph();
 * const x = graph.input('image');
 * const y = graph.apply(conv, [x], { name: 'conv1', attributes: { padding: 'same' }, parameters: { filters: 'w' } });
 * graph.apply(relu, [y], { name: 'relu1' });
 */
export class Graph {
  readonly nodes: Node[] = [];
  readonly #names = new Map<string, Node>();

  input(name: string): Node {
    return this.#add({ id: this.nodes.length, name, inputs: [], attributes: {}, parameters: {} });
  }

  /** Adds an op behind `inputs`. Without a name it is called by its op and number. */
  apply<A extends object>(op: Op<A>, inputs: readonly Node[], options: ApplyOptions<A> = {}): Node {
    const id = this.nodes.length;
    const name = options.name ?? `${op.name}_${id}`;
    for (const input of inputs)
      if (this.nodes[input.id] !== input)
        throw new InputError(`${name}: its input "${input.name}" belongs to another graph`);
    return this.#add({
      id,
      name,
      op: op as unknown as Op<object>,
      inputs,
      attributes: options.attributes ?? {},
      parameters: options.parameters ?? {},
    });
  }

  /** @throws InputError where no node has that name. */
  node(name: string): Node {
    const node = this.#names.get(name);
    if (!node)
      throw new InputError(`graph: no node is called "${name}"; there are ${[...this.#names.keys()].join(', ')}`);
    return node;
  }

  #add(node: Node): Node {
    if (this.#names.has(node.name)) throw new InputError(`graph: two nodes are called "${node.name}"`);
    this.#names.set(node.name, node);
    this.nodes.push(node);
    return node;
  }
}
