import type { BatchNormAttributes } from '../../src/graph/ops/batch-norm.ts';
import type { NormalizationAttributes } from '../../src/graph/ops/own-moments.ts';
import type { OpOracle } from '../support/op-oracle.ts';
import type { Tensor } from '../support/run-op.ts';

/** Each run of `c` values divided by its length; zeros stay zeros, and their gradient is 0. */
export const l2NormalizeOracle: OpOracle = {
  forward({ x0 }) {
    const c = x0!.shape.at(-1)!;
    const values = Float64Array.from(x0!.values);
    for (let row = 0; row < values.length; row += c) {
      const norm = Math.hypot(...values.subarray(row, row + c));
      for (let i = row; i < row + c; i++) values[i] = norm === 0 ? 0 : values[i]! / norm;
    }
    return values;
  },
  gradients({ x0 }, attributes, gradient) {
    const c = x0!.shape.at(-1)!;
    const y = l2NormalizeOracle.forward({ x0: x0! }, attributes);
    const dx = new Float64Array(y.length);
    for (let row = 0; row < y.length; row += c) {
      const norm = Math.hypot(...Array.from(x0!.values).slice(row, row + c));
      let along = 0;
      for (let i = row; i < row + c; i++) along += y[i]! * gradient[i]!;
      for (let i = row; i < row + c; i++) dx[i] = norm === 0 ? 0 : (gradient[i]! - y[i]! * along) / norm;
    }
    return { x0: dx };
  },
};

/** Mean and biased variance of each channel within each group of rows, and where a value's are: [group, c]. */
function momentsOf(x: Tensor, groups: number) {
  const c = x.shape.at(-1)!;
  const size = x.values.length / groups;
  const rows = size / c;
  const placeOf = (i: number): number => Math.floor(i / size) * c + (i % c);
  const mean = new Float64Array(groups * c);
  const variance = new Float64Array(groups * c);
  for (let i = 0; i < x.values.length; i++) mean[placeOf(i)]! += x.values[i]! / rows;
  for (let i = 0; i < x.values.length; i++) variance[placeOf(i)]! += (x.values[i]! - mean[placeOf(i)]!) ** 2 / rows;
  return { c, rows, placeOf, mean, variance };
}

type Normalization = NormalizationAttributes & { readonly groups: number };

/** Values normalised by their own moments, with the gradient through those. */
const ownMomentsOracle: OpOracle<Normalization> = {
  forward({ x0, scale, shift }, { groups, epsilon = 1e-5 }) {
    const { c, placeOf, mean, variance } = momentsOf(x0!, groups);
    return Float64Array.from(x0!.values, (value, i) => {
      const y = (value - mean[placeOf(i)]!) / Math.sqrt(variance[placeOf(i)]! + epsilon);
      return y * (scale?.values[i % c] ?? 1) + (shift?.values[i % c] ?? 0);
    });
  },
  gradients({ x0, scale, shift }, { groups, epsilon = 1e-5 }, gradient) {
    const { c, rows, placeOf, mean, variance } = momentsOf(x0!, groups);
    const [sums, dots] = [new Float64Array(groups * c), new Float64Array(groups * c)];
    const deviation = (i: number): number => Math.sqrt(variance[placeOf(i)]! + epsilon);
    const apart = (i: number): number => (x0!.values[i]! - mean[placeOf(i)]!) / deviation(i);
    for (let i = 0; i < gradient.length; i++) {
      sums[placeOf(i)]! += gradient[i]!;
      dots[placeOf(i)]! += gradient[i]! * apart(i);
    }
    const overGroups = (values: Float64Array): Float64Array =>
      Float64Array.from({ length: c }, (_, i) =>
        values.filter((_value, at) => at % c === i).reduce((a, b) => a + b, 0),
      );
    return {
      x0: Float64Array.from(x0!.values, (_, i) => {
        const common = (sums[placeOf(i)]! + apart(i) * dots[placeOf(i)]!) / rows;
        return ((scale?.values[i % c] ?? 1) / deviation(i)) * (gradient[i]! - common);
      }),
      ...(scale && { scale: overGroups(dots) }),
      ...(shift && { shift: overGroups(sums) }),
    };
  },
};

const frozenOracle: OpOracle<NormalizationAttributes> = {
  forward({ x0, scale, shift, mean, variance }, { epsilon = 1e-5 }) {
    const c = x0!.shape.at(-1)!;
    return Float64Array.from(x0!.values, (value, i) => {
      const y = (value - mean!.values[i % c]!) / Math.sqrt(variance!.values[i % c]! + epsilon);
      return y * (scale?.values[i % c] ?? 1) + (shift?.values[i % c] ?? 0);
    });
  },
  gradients({ x0, scale, shift, mean, variance }, { epsilon = 1e-5 }, gradient) {
    const c = x0!.shape.at(-1)!;
    const [dx, dScale, dShift, dMean, dVariance] = [x0!.values.length, c, c, c, c].map((n) => new Float64Array(n));
    for (let i = 0; i < gradient.length; i++) {
      const deviation = Math.sqrt(variance!.values[i % c]! + epsilon);
      const apart = (x0!.values[i]! - mean!.values[i % c]!) / deviation;
      const factor = (scale?.values[i % c] ?? 1) / deviation;
      dx![i] = gradient[i]! * factor;
      dScale![i % c]! += gradient[i]! * apart;
      dShift![i % c]! += gradient[i]!;
      dMean![i % c]! -= gradient[i]! * factor;
      dVariance![i % c]! -= (gradient[i]! * factor * apart) / deviation / 2;
    }
    const own = { x0: dx!, mean: dMean!, variance: dVariance! };
    return { ...own, ...(scale && { scale: dScale! }), ...(shift && { shift: dShift! }) };
  },
};

export const batchNormOracle: OpOracle<BatchNormAttributes> = {
  forward: (tensors, attributes) =>
    attributes.mode === 'frozen'
      ? frozenOracle.forward(tensors, attributes)
      : ownMomentsOracle.forward(tensors, { ...attributes, groups: 1 }),
  gradients(tensors, attributes, gradient) {
    if (attributes.mode === 'frozen') return frozenOracle.gradients(tensors, attributes, gradient);
    const unread = Object.fromEntries(
      (['mean', 'variance'] as const).flatMap((role) => {
        const t = tensors[role];
        return t ? [[role, new Float64Array(t.values.length)] as const] : [];
      }),
    );
    return { ...ownMomentsOracle.gradients(tensors, { ...attributes, groups: 1 }, gradient), ...unread };
  },
};

export const instanceNormOracle: OpOracle<NormalizationAttributes> = {
  forward: (tensors, attributes) => ownMomentsOracle.forward(tensors, { ...attributes, groups: tensors.x0!.shape[0]! }),
  gradients: (tensors, attributes, gradient) =>
    ownMomentsOracle.gradients(tensors, { ...attributes, groups: tensors.x0!.shape[0]! }, gradient),
};

/** Mean, then biased variance, of each channel. */
export const channelMomentsOracle: OpOracle = {
  forward({ x0 }) {
    const { mean, variance } = momentsOf(x0!, 1);
    return Float64Array.of(...mean, ...variance);
  },
  gradients({ x0 }, _, gradient) {
    const { c, rows, mean } = momentsOf(x0!, 1);
    return {
      x0: Float64Array.from(x0!.values, (value, i) => {
        const [ofMean, ofVariance] = [gradient[i % c]!, gradient[c + (i % c)]!];
        return (ofMean + 2 * (value - mean[i % c]!) * ofVariance) / rows;
      }),
    };
  },
};
