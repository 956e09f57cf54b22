import { describe, expect, it } from 'vitest';
import { activate, activations } from '../oracle/activation.ts';
import { preluOp, sigmoidOp } from '../oracle/elementwise.ts';
import { softmaxOracle } from '../oracle/softmax.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { tensor } from '../support/op-oracle.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

const rules = [0, 1, 2] as const;

/** What a rule lets through of a gradient whose derivative is given. */
const through = (g: number, derivative: number, rule: number): number => {
  if (rule === 2) return Math.max(g, 0);
  return rule === 1 && g <= 0 ? 0 : g * derivative;
};

describe.each(activations)('f32_activate_backward with %s', (_, { slope, lo, hi }) => {
  it.each(combinations([0, ...lengths], rules))('%i values, rule %i', (n, rule) => {
    const sandbox = new Sandbox();
    // Values of y on both bounds, at 0 and between.
    const y = randomArray(n, n).map((value, i) => [Math.max(lo, -3), Math.min(hi, 3), 0, value][i % 4]!);
    const gradient = randomArray(n, 99);
    const out = sandbox.output(n);
    sandbox.kernels.f32_activate_backward(out, sandbox.input(gradient), sandbox.input(y), n, slope, lo, hi, rule);
    sandbox.check();
    const derivative = (v: number): number => {
      if (v <= lo || v >= hi) return 0;
      return v <= 0 ? slope : 1;
    };
    const expected = gradient.map((g, i) => through(g, derivative(y[i]!), rule));
    expect(relativeError(sandbox.read(out, n), expected)).toBe(0);
  });

  it.each(rules)('lets the gradient of NaN through, and NaN in the gradient, under rule %i', (rule) => {
    const sandbox = new Sandbox();
    const [out, y] = [sandbox.output(5), sandbox.input([Number.NaN, 0.1, 0.1, 0.1, Number.NaN])];
    const gradient = sandbox.input([2, Number.NaN, 2, 2, Number.NaN]);
    sandbox.kernels.f32_activate_backward(out, gradient, y, 5, slope, lo, hi, rule);
    expect([...sandbox.read(out, 5)]).toEqual([2, Number.NaN, 2, 2, Number.NaN]);
  });
});

describe.each(activations)('f32_bias_activate with %s', (_, activation) => {
  it.each(combinations([0, 1, 3], lengths))('%i rows of %i', (rows, c) => {
    const sandbox = new Sandbox();
    const [x, bias] = [randomArray(rows * c, c), randomArray(c, 2)];
    const { slope, lo, hi } = activation;
    const out = sandbox.output(rows * c);
    sandbox.kernels.f32_bias_activate(out, sandbox.input(x), sandbox.input(bias), rows, c, slope, lo, hi);
    sandbox.check();
    const expected = x.map((value, i) => activate(Math.fround(value + bias[i % c]!), activation));
    expect(relativeError(sandbox.read(out, rows * c), expected)).toBe(0);
  });
});

describe('f32_sigmoid_backward', () => {
  it.each([0, ...lengths])('%i values', (n) => {
    const sandbox = new Sandbox();
    const x0 = tensor([n], n);
    const gradient = randomArray(n, 99);
    const y = sandbox.input(sigmoidOp.forward({ x0 }, {}));
    const out = sandbox.output(n);
    sandbox.kernels.f32_sigmoid_backward(out, sandbox.input(gradient), y, n);
    sandbox.check();
    const expected = sigmoidOp.gradients({ x0 }, {}, gradient).x0!;
    expect(relativeError(sandbox.read(out, n), expected)).toBeLessThan(tolerance.elementwise);
  });
});

describe('f32_prelu, f32_prelu_backward and f32_prelu_slope_gradient', () => {
  it.each(combinations([0, 1, 5], lengths, rules))('%i rows of %i, rule %i', (rows, c, rule) => {
    const sandbox = new Sandbox();
    const tensors = { x0: tensor([rows, c], c), slope: tensor([c], 2) };
    const gradient = randomArray(rows * c, 99);
    const [out, dx, dSlope] = [sandbox.output(rows * c), sandbox.output(rows * c), sandbox.output(c)];
    const [x, g, slope] = [tensors.x0.values, gradient, tensors.slope.values].map((values) => sandbox.input(values));
    sandbox.kernels.f32_prelu(out, x!, slope!, rows, c);
    sandbox.kernels.f32_prelu_backward(dx, g!, x!, slope!, rows, c, rule);
    sandbox.kernels.f32_prelu_slope_gradient(dSlope, g!, x!, rows, c);
    sandbox.check();
    const expected = preluOp.forward(tensors, {});
    expect(relativeError(sandbox.read(out, rows * c), expected)).toBeLessThan(tolerance.elementwise);
    const back = preluOp.gradients(tensors, {}, gradient);
    const derivatives = gradient.map((g, i) => back.x0![i]! / g);
    const ruled = gradient.map((g, i) => through(g, derivatives[i]!, rule));
    expect(relativeError(sandbox.read(dx, rows * c), ruled)).toBeLessThan(tolerance.elementwise);
    expect(relativeError(sandbox.read(dSlope, c), back.slope!)).toBeLessThan(tolerance.elementwise);
  });
});

describe('f32_softmax and f32_softmax_backward', () => {
  it.each(combinations([0, 1, 3], lengths))('%i rows of %i', (rows, c) => {
    const sandbox = new Sandbox();
    const x0 = tensor([rows, c], c);
    const gradient = randomArray(rows * c, 99);
    const [out, dx] = [sandbox.output(rows * c), sandbox.output(rows * c)];
    sandbox.kernels.f32_softmax(out, sandbox.input(x0.values), rows, c);
    sandbox.kernels.f32_softmax_backward(dx, sandbox.input(gradient), out, rows, c);
    sandbox.check();
    const expected = softmaxOracle.forward({ x0 }, {});
    expect(relativeError(sandbox.read(out, rows * c), expected)).toBeLessThan(tolerance.elementwise);
    // Of one class nothing is left but rounding.
    if (c === 1) return;
    const back = softmaxOracle.gradients({ x0 }, {}, gradient).x0!;
    expect(relativeError(sandbox.read(dx, rows * c), back)).toBeLessThan(tolerance.elementwise);
  });

  it.each(lengths)('in place, %i', (c) => {
    const sandbox = new Sandbox();
    const x0 = tensor([1, c], c);
    const at = sandbox.output(c);
    sandbox.engine.memory.f32(at, c).set(x0.values);
    sandbox.kernels.f32_softmax(at, at, 1, c);
    sandbox.check();
    const expected = softmaxOracle.forward({ x0 }, {});
    expect(relativeError(sandbox.read(at, c), expected)).toBeLessThan(tolerance.elementwise);
  });
});
