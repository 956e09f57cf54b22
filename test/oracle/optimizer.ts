// Update rules in float64, one value at a time, as their authors write them. Each returns the new value and changes `state`.

export interface SgdOptions {
  readonly rate: number;
  readonly momentum: number;
  readonly l2: number;
  readonly nesterov: boolean;
}

export function sgdOracle(x: number, gradient: number, state: { velocity: number }, o: SgdOptions): number {
  const g = gradient + o.l2 * x;
  state.velocity = o.momentum * state.velocity + g;
  return x - o.rate * (o.nesterov ? g + o.momentum * state.velocity : state.velocity);
}

export interface AdamOptions {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly l2: number;
  readonly decay: number;
}

/** Step `t` counts from 1. */
export function adamOracle(
  x: number,
  gradient: number,
  state: { m: number; v: number },
  t: number,
  o: AdamOptions,
): number {
  const g = gradient + o.l2 * x;
  state.m = o.beta1 * state.m + (1 - o.beta1) * g;
  state.v = o.beta2 * state.v + (1 - o.beta2) * g ** 2;
  const [first, second] = [state.m / (1 - o.beta1 ** t), state.v / (1 - o.beta2 ** t)];
  return x - o.rate * o.decay * x - (o.rate * first) / (Math.sqrt(second) + o.epsilon);
}

export interface RmspropOptions {
  readonly rate: number;
  readonly rho: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly l2: number;
}

export function rmspropOracle(
  x: number,
  gradient: number,
  state: { s: number; velocity: number },
  o: RmspropOptions,
): number {
  const g = gradient + o.l2 * x;
  state.s = o.rho * state.s + (1 - o.rho) * g ** 2;
  state.velocity = o.momentum * state.velocity + g / (Math.sqrt(state.s) + o.epsilon);
  return x - o.rate * state.velocity;
}
