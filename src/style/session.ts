import { InputError, WeightsError } from '../core/errors.ts';
import { Pace } from '../core/pace.ts';
import type { RgbaImage } from '../image/image.ts';
import type { PictureSize } from '../models/feature-network.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import { withColorsOf } from './colors.ts';
import { hasSettled, RECENT } from './convergence.ts';
import { goalOf } from './goal.ts';
import { type Method, methodOf } from './method.ts';
import type { Losses, Objective } from './objective.ts';
import type { StylizeOptions } from './options.ts';
import { Painting } from './painting.ts';
import { toRgba } from './picture.ts';
import type { Scene } from './scene.ts';
import type { Settings } from './settings.ts';
import { levelSizes } from './sizes.ts';
import { paintImage, paintNoise } from './start.ts';
import { checkState, fingerprintOf, type Place, readState, type State, writeState } from './state.ts';
import type { StyleStep } from './step.ts';
import { objectiveFor } from './tiling/choice.ts';

/** What is asked of a step's picture once the next step was taken. */
interface Moment {
  kept?: RgbaImage;
}

/** One run of `stylize`: sizes from small to large, at each of them an objective, and a method that makes it small. */
export class Session {
  readonly #options: StylizeOptions;
  readonly #settings: Settings;
  readonly #scene: Scene;
  readonly #engine: Engine;
  readonly #sizes: readonly PictureSize[];
  readonly #state: State | undefined;
  #place: Place = { level: 0, done: 0, iteration: 0, recent: [], settled: false };
  #fingerprint = '';
  #painting: Painting | undefined;
  #objective: Objective | undefined;
  #method: Method | undefined;
  #moment: Moment = {};

  constructor(options: StylizeOptions, settings: Settings, scene: Scene) {
    this.#options = options;
    this.#settings = settings;
    this.#scene = scene;
    this.#engine = options.engine ?? defaultEngine();
    this.#sizes = levelSizes(scene.size, settings.steps.length);
    if (options.resume) this.#state = readState(options.resume);
  }

  async *run(): AsyncGenerator<StyleStep, void, undefined> {
    const { steps } = this.#settings;
    const pace = new Pace();
    if (this.#state) this.#place = this.#state.place;
    const { level: first } = this.#place;
    if (first >= steps.length)
      throw new WeightsError(`stylize: the state is at level ${first + 1}, there are ${steps.length}`);
    for (let level = first; level < steps.length; level++) {
      if (level > first) this.#place = { ...this.#place, level, done: 0, recent: [], settled: false };
      this.#open(level);
      while (!this.#isOver) {
        this.#options.signal?.throwIfAborted();
        yield this.#advance();
        await pace.breathe();
      }
    }
    if (this.#method === undefined)
      throw new InputError('stylize: all iterations of the state to resume from are done; ask for more steps');
  }

  get #isOver(): boolean {
    return this.#place.settled || this.#place.done >= this.#settings.steps[this.#place.level]!;
  }

  /** Makes everything for a level. */
  #open(level: number): void {
    const size = this.#sizes[level]!;
    const network = this.#options.network;
    this.#closeLevel();
    const goal = goalOf(this.#scene, this.#settings, network, size, this.#engine);
    this.#fingerprint = fingerprintOf(goal, this.#settings);
    const resumed = this.#state?.place.level === level ? this.#state : undefined;
    const painting = new Painting(this.#engine, size, network.input.channels, this.#settings.margin);
    if (resumed) checkState(resumed, this.#fingerprint, painting.shape);
    if (resumed) painting.values.set(resumed.picture.values);
    else if (this.#painting) painting.enlarge(this.#painting);
    else this.#begin(painting);
    this.#painting?.close();
    this.#painting = painting;
    if (this.#isOver) return;
    this.#objective = objectiveFor(goal, this.#settings.tiles);
    this.#method = methodOf(this.#objective, this.#settings);
    if (resumed) this.#method.restore(resumed.method);
  }

  #begin(painting: Painting): void {
    const { start, seed } = this.#settings;
    if (start === 'normal' || start === 'uniform') paintNoise(painting, start, seed);
    else paintImage(painting, this.#scene.start ?? this.#scene.content);
  }

  #advance(): StyleStep {
    const { clamp, steps, tolerance } = this.#settings;
    const [painting, method] = [this.#painting!, this.#method!];
    const { losses, moved } = method.step(painting.address);
    if (clamp === 'step') {
      painting.clamp();
      method.moved();
    }
    const { level, done, iteration, recent: before } = this.#place;
    const recent = [...before, losses.total].slice(-RECENT);
    const settled = !moved || hasSettled(recent, tolerance);
    this.#place = { level, done: done + 1, iteration: iteration + 1, recent, settled };
    const left = settled ? 0 : steps[level]! - done - 1;
    const of = iteration + 1 + left + steps.slice(level + 1).reduce((sum, count) => sum + count, 0);
    return this.#stepOf(losses, of);
  }

  #stepOf(losses: Losses, of: number): StyleStep {
    const moment: Moment = (this.#moment = {});
    const { level, iteration, settled } = this.#place;
    const check = (what: string): void => {
      if (moment !== this.#moment || !this.#painting)
        throw new InputError(`stylize: ${what} of iteration ${iteration} must be asked for before the next one`);
    };
    return {
      iteration,
      of,
      level: level + 1,
      levels: this.#sizes.length,
      size: this.#sizes[level]!,
      optimizer: this.#method!.description,
      losses,
      settled,
      image: () => {
        if (moment.kept) return moment.kept;
        check('image()');
        return this.#image();
      },
      state: () => {
        check('state()');
        return this.#write();
      },
    };
  }

  #image(): RgbaImage {
    const { picture, size, channels } = this.#painting!;
    const image = toRgba(picture, size, channels);
    return this.#settings.preserveColors === 'luminance' ? withColorsOf(image, this.#scene.original) : image;
  }

  #write(): Uint8Array {
    const { values, shape } = this.#painting!;
    return writeState({
      place: this.#place,
      fingerprint: this.#fingerprint,
      picture: { shape, values: values.slice() },
      method: this.#method!.state(),
    });
  }

  #closeLevel(): void {
    this.#method?.close();
    this.#objective?.close();
    this.#method = undefined;
    this.#objective = undefined;
  }

  /** Gives all memory back; the picture of the last step is kept for whoever holds the step. */
  close(): void {
    if (this.#painting && this.#place.iteration > 0) this.#moment.kept = this.#image();
    this.#closeLevel();
    this.#painting?.close();
    this.#painting = undefined;
  }
}
