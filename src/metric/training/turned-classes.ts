import { InputError } from '../../core/errors.ts';
import { formatShape } from '../../core/shape.ts';
import type { Dataset, ExampleClass } from './dataset.ts';

export interface TurnOptions {
  /** True: each turn once more in the mirror, eight classes out of one. Default: false, four. */
  readonly mirrored?: boolean;
}

/**
 * A dataset with every class turned by 90°, 180° and 270° as new classes, called `name@90` and so on, and `name@90m` in the
 * mirror: what is one sign upright is another one lying, so that an encoder sees four or eight times as many kinds.
 * Example e of turn t is number t · size + e of the dataset; nothing is copied.
 *
 * @throws InputError where examples are not square pictures.
 */
export function turnedClasses(dataset: Dataset, { mirrored = false }: TurnOptions = {}): Dataset {
  const [side, width, channels] = dataset.shape as [number, number, number];
  if (dataset.shape.length !== 3 || side !== width)
    throw new InputError(`turnedClasses: examples must be square, [S,S,C], got ${formatShape(dataset.shape)}`);
  const turns = mirrored ? 8 : 4;
  const stride = 1 + Math.max(...dataset.classes.map(({ examples }) => Math.max(...examples)));
  const classes: ExampleClass[] = [];
  for (let turn = 0; turn < turns; turn++)
    for (const { name, examples } of dataset.classes)
      classes.push({ name: turnedName(name, turn), examples: examples.map((example) => turn * stride + example) });
  const sources = Array.from({ length: turns }, (_, turn) => sourcesOf(turn, side, channels));
  const upright = new Float32Array(side * side * channels);
  return {
    shape: dataset.shape,
    classes,
    size: dataset.size * turns,
    read(example, into) {
      const turn = Math.floor(example / stride);
      if (turn === 0) {
        dataset.read(example, into);
        return;
      }
      dataset.read(example % stride, upright);
      const from = sources[turn]!;
      for (let i = 0; i < from.length; i++) into[i] = upright[from[i]!]!;
    },
  };
}

const turnedName = (name: string, turn: number): string =>
  turn === 0 ? name : `${name}@${(turn % 4) * 90}${turn >= 4 ? 'm' : ''}`;

/**
 * Where each value of a turned picture comes from: quarter turns clockwise, turn mod 4 of them; from 4 on the picture is
 * mirrored left to right before.
 */
function sourcesOf(turn: number, side: number, channels: number): Int32Array {
  const last = side - 1;
  const sources = new Int32Array(side * side * channels);
  let at = 0;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      let [u, v] = [x, y];
      for (let quarter = turn % 4; quarter > 0; quarter--) [u, v] = [v, last - u];
      if (turn >= 4) u = last - u;
      for (let c = 0; c < channels; c++) sources[at++] = (v * side + u) * channels + c;
    }
  return sources;
}
