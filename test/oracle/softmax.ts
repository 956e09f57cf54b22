import type { OpOracle } from '../support/op-oracle.ts';

/** Rows of c values. */
const rowsOf = (values: ArrayLike<number>, c: number): number[][] =>
  Array.from({ length: values.length / c }, (_, row) => Array.from(values).slice(row * c, (row + 1) * c));

const softmaxOf = (x: readonly number[]): number[] => {
  const largest = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
};

export const softmaxOracle: OpOracle = {
  forward: ({ x0 }) => Float64Array.from(rowsOf(x0!.values, x0!.shape.at(-1)!).flatMap(softmaxOf)),
  gradients({ x0 }, _, gradient) {
    const c = x0!.shape.at(-1)!;
    const gradients = rowsOf(gradient, c);
    const dx = rowsOf(x0!.values, c).flatMap((x, row) => {
      const y = softmaxOf(x);
      const along = y.reduce((sum, value, j) => sum + value * gradients[row]![j]!, 0);
      return y.map((value, j) => value * (gradients[row]![j]! - along));
    });
    return { x0: Float64Array.from(dx) };
  },
};

/** Mean of −ln softmax at the label, and the share of rows whose first largest logit is there. */
export const softmaxCrossEntropyOracle: OpOracle = {
  forward({ x0, x1 }) {
    const rows = rowsOf(x0!.values, x0!.shape[1]!);
    let [loss, right] = [0, 0];
    for (const [i, x] of rows.entries()) {
      const largest = Math.max(...x);
      const label = x1!.values[i]!;
      loss += Math.log(x.reduce((sum, value) => sum + Math.exp(value - largest), 0)) + largest - x[label]!;
      right += x.indexOf(largest) === label ? 1 : 0;
    }
    return Float64Array.of(loss / rows.length, right / rows.length);
  },
  gradients({ x0, x1 }, _, gradient) {
    const rows = rowsOf(x0!.values, x0!.shape[1]!);
    const dx = rows.flatMap((x, i) =>
      softmaxOf(x).map((p, j) => (gradient[0]! * (p - (j === x1!.values[i] ? 1 : 0))) / rows.length),
    );
    return { x0: Float64Array.from(dx) };
  },
};

/** Mean of −t·ln σ(x) − (1 − t)·ln(1 − σ(x)), and the share of logits on their label's side. */
export const sigmoidCrossEntropyOracle: OpOracle = {
  forward({ x0, x1 }) {
    const n = x0!.values.length;
    let [loss, right] = [0, 0];
    for (let i = 0; i < n; i++) {
      const [x, t] = [x0!.values[i]!, x1!.values[i]!];
      loss += Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x)));
      right += (t === 1 ? x > 0 : x <= 0) ? 1 : 0;
    }
    return Float64Array.of(loss / n, right / n);
  },
  gradients({ x0, x1 }, _, gradient) {
    const n = x0!.values.length;
    const dx = Float64Array.from(x0!.values, (x, i) => (gradient[0]! * (1 / (1 + Math.exp(-x)) - x1!.values[i]!)) / n);
    return { x0: dx };
  },
};
