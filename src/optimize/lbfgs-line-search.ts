/** A point of a line: how far along it, and the function there with its slope along the line. */
export interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

export interface WolfeOptions {
  /** c₁ of the sufficient decrease, φ(t) ≤ φ(0) + c₁·t·φ′(0). */
  readonly decrease: number;
  /** c₂ of the curvature condition, |φ′(t)| ≤ c₂·|φ′(0)|. */
  readonly curvature: number;
  /** The most points that are tried. */
  readonly evaluations: number;
}

/** How many times farther the next step may be while no minimum is bracketed. */
const GROWTH = 10;
/** The least share of an interval that a step keeps from its ends. */
const MARGIN = 0.1;

/**
 * A step that meets the strong Wolfe conditions, by bracketing and zooming (Nocedal & Wright 2006, algorithms 3.5 and 3.6)
 * with cubic interpolation (equation 3.59). Where a value is NaN or infinite the step was too long.
 *
 * @param along The function at a step; the last point that it was asked for is the one that is returned.
 * @param start The line at step 0, where it falls: slope < 0.
 * @returns undefined where no lower point was found. Where tries run out, the lowest point so far.
 */
export function strongWolfe(
  along: (step: number) => LinePoint,
  start: LinePoint,
  first: number,
  options: WolfeOptions,
): LinePoint | undefined {
  return new LineSearch(along, start, options).run(first);
}

class LineSearch {
  readonly #along: (step: number) => LinePoint;
  readonly #start: LinePoint;
  readonly #options: WolfeOptions;
  #left: number;
  #last: LinePoint;

  constructor(along: (step: number) => LinePoint, start: LinePoint, options: WolfeOptions) {
    this.#along = along;
    this.#start = start;
    this.#options = options;
    this.#left = options.evaluations;
    this.#last = start;
  }

  run(first: number): LinePoint | undefined {
    let before = this.#start;
    let step = first;
    while (this.#left > 0) {
      const at = this.#try(step);
      if (!this.#falls(at) || (before !== this.#start && at.value >= before.value)) return this.#zoom(before, at);
      if (this.#isFlat(at)) return at;
      if (at.slope >= 0) return this.#zoom(at, before);
      step = within(cubicMinimum(before, at), at.step + (at.step - before.step) * MARGIN, at.step * GROWTH);
      before = at;
    }
    return before === this.#start ? undefined : before;
  }

  /** `low` is the lowest point so far that falls enough; the minimum lies between it and `high`. */
  #zoom(low: LinePoint, high: LinePoint): LinePoint | undefined {
    while (this.#left > 0) {
      const [from, to] = low.step < high.step ? [low.step, high.step] : [high.step, low.step];
      const margin = (to - from) * MARGIN;
      const step = within(cubicMinimum(low, high), from + margin, to - margin);
      if (step === low.step || step === high.step) break;
      const at = this.#try(step);
      if (!this.#falls(at) || at.value >= low.value) {
        high = at;
        continue;
      }
      if (this.#isFlat(at)) return at;
      if (at.slope * (high.step - low.step) >= 0) high = low;
      low = at;
    }
    if (!(low.value < this.#start.value)) return undefined;
    return low === this.#last ? low : this.#along(low.step);
  }

  #try(step: number): LinePoint {
    this.#left--;
    return (this.#last = this.#along(step));
  }

  #falls({ step, value }: LinePoint): boolean {
    return value <= this.#start.value + this.#options.decrease * step * this.#start.slope;
  }

  #isFlat({ slope }: LinePoint): boolean {
    return Math.abs(slope) <= -this.#options.curvature * this.#start.slope;
  }
}

/** The step kept between two others; halfway where it is no number. */
const within = (step: number, low: number, high: number): number =>
  Number.isNaN(step) ? (low + high) / 2 : Math.min(Math.max(step, low), high);

/** Where the cubic through two points with their slopes has its minimum; NaN where it has none. */
function cubicMinimum(a: LinePoint, b: LinePoint): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step);
  const root = Math.sqrt(d1 * d1 - a.slope * b.slope);
  const d2 = b.step > a.step ? root : -root;
  return b.step - ((b.step - a.step) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
}
