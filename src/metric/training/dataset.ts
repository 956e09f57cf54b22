import { InputError } from '../../core/errors.ts';
import type { Rng } from '../../core/rng.ts';
import { elementsOf, formatShape, type Shape } from '../../core/shape.ts';

/** A class and the numbers of its examples in the dataset. */
export interface ExampleClass {
  readonly name: string;
  readonly examples: readonly number[];
}

/** Examples of classes, all of one shape: what an encoder is trained on. */
export interface Dataset {
  /** Shape of one example, channels last: [28, 28, 1]. */
  readonly shape: Shape;
  readonly classes: readonly ExampleClass[];
  /** How many examples there are, over all classes. */
  readonly size: number;
  /** Writes the values of an example, all of them finite. */
  read(example: number, into: Float32Array): void;
  /** Writes the example changed at random, by `rng` alone: what a training with `augment: 'own'` sees of it. */
  vary?(example: number, into: Float32Array, rng: Rng): void;
}

/** One example as a caller hands it in. */
export interface Example {
  /** Name of its class. */
  readonly class: string;
  readonly values: ArrayLike<number>;
}

/** Numbers of examples by the names of their classes, which come out sorted by name. */
export function classesOf(names: readonly string[]): ExampleClass[] {
  const classes = new Map<string, number[]>();
  for (const [example, name] of names.entries()) {
    const known = classes.get(name);
    if (known) known.push(example);
    else classes.set(name, [example]);
  }
  return [...classes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, examples]) => ({ name, examples }));
}

/** Gathers examples one after another. */
class Collector {
  readonly #shape: Shape;
  readonly #names: string[] = [];
  readonly #rows: Float32Array[] = [];

  constructor(shape: Shape) {
    this.#shape = shape;
  }

  add({ class: name, values }: Example): void {
    const number = this.#rows.length;
    if (typeof name !== 'string' || name === '')
      throw new InputError(`dataset: example ${number} has no class, got ${JSON.stringify(name)}`);
    const expected = elementsOf(this.#shape);
    if (values.length !== expected)
      throw new InputError(
        `dataset: example ${number} ("${name}") must be ${formatShape(this.#shape)}, ${expected} values, got ${values.length}`,
      );
    const row = Float32Array.from(values);
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new InputError(`dataset: example ${number} ("${name}") is not finite: value ${wrong} is ${row[wrong]}`);
    this.#names.push(name);
    this.#rows.push(row);
  }

  finish(): Dataset {
    const rows = this.#rows;
    if (rows.length === 0) throw new InputError('dataset: there are no examples');
    return {
      shape: this.#shape,
      classes: classesOf(this.#names),
      size: rows.length,
      read: (example, into) => into.set(rows[example]!),
    };
  }
}

/**
 * A dataset of arrays in memory, which are copied.
 *
 * @throws InputError naming the example that has no class, does not fill the shape or holds NaN or an infinity.
 *
 * @example
 * arrayDataset([{ class: 'ada', values: embedding1 }, { class: 'bob', values: embedding2 }], [128]);
 */
export function arrayDataset(examples: Iterable<Example>, shape: Shape): Dataset {
  const collector = new Collector(shape);
  for (const example of examples) collector.add(example);
  return collector.finish();
}

/**
 * A dataset of what an iterator gives, such as the rows of a stream. They are read once and kept.
 *
 * @throws InputError as `arrayDataset` does.
 */
export async function collectDataset(
  examples: AsyncIterable<Example> | Iterable<Example>,
  shape: Shape,
): Promise<Dataset> {
  const collector = new Collector(shape);
  for await (const example of examples) collector.add(example);
  return collector.finish();
}

/** The classes of a dataset whose names pass; examples keep their numbers. @throws InputError where none does. */
export function selectClasses(dataset: Dataset, keep: (name: string) => boolean): Dataset {
  const classes = dataset.classes.filter(({ name }) => keep(name));
  if (classes.length === 0)
    throw new InputError(
      `selectClasses: none of ${dataset.classes.length} classes passes, the first is "${dataset.classes[0]!.name}"`,
    );
  return {
    shape: dataset.shape,
    classes,
    size: classes.reduce((sum, { examples }) => sum + examples.length, 0),
    read: (example, into) => dataset.read(example, into),
    ...(dataset.vary && { vary: dataset.vary.bind(dataset) }),
  };
}
