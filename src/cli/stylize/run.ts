import type { RgbaImage } from '../../image/image.ts';
import { stylizeHere } from '../../style/here.ts';
import type { StylizeOptions } from '../../style/options.ts';
import type { StyleStep } from '../../style/step.ts';
import { writeWhole } from '../files.ts';
import { Film, frameSteps } from '../film/film.ts';
import { uninterrupted, whenStopped } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';
import { styleBar } from './bar.ts';
import { progressPath, writePainting } from './files.ts';

/** Where a painting goes. */
export interface PaintingFiles {
  readonly out: string;
  /** What `--resume` goes on from. */
  readonly checkpoint: string;
  /** Write the checkpoint behind the last step too, to go on with more. */
  readonly keeps: boolean;
  readonly film?: { readonly path: string; readonly width: number; readonly height: number };
  /** Pictures on the way, every so many steps, and the checkpoint with them. */
  readonly every?: number;
}

/** What a painting came to. */
export interface Painted {
  readonly steps: readonly StyleStep[];
  readonly last: StyleStep;
  readonly picture: RgbaImage;
  /** Files of the pictures on the way. */
  readonly progress: readonly string[];
  readonly seconds: number;
}

/** A painting as a signal found it. */
interface Stopped {
  readonly picture: RgbaImage;
  readonly state: Uint8Array;
}

/**
 * Paints, with a bar, and writes the files. At Ctrl-C the picture so far and a state to go on from are written, and the
 * process ends behind that.
 * @param counts Steps of each level
 */
export const paint = (
  options: StylizeOptions,
  counts: readonly number[],
  files: PaintingFiles,
  terminal: Terminal,
): Promise<Painted> => uninterrupted(() => new Painter(options, counts, files, terminal).run());

class Painter {
  readonly #options: StylizeOptions;
  readonly #counts: readonly number[];
  readonly #files: PaintingFiles;
  readonly #terminal: Terminal;
  readonly #steps: StyleStep[] = [];
  readonly #progress: string[] = [];
  #film: Film | undefined;
  #stopped: Stopped | undefined;

  constructor(options: StylizeOptions, counts: readonly number[], files: PaintingFiles, terminal: Terminal) {
    this.#options = options;
    this.#counts = counts;
    this.#files = files;
    this.#terminal = terminal;
  }

  async run(): Promise<Painted> {
    const { film } = this.#files;
    if (film) this.#film = await Film.open(film.path, film);
    const start = performance.now();
    await this.#paint();
    const seconds = (performance.now() - start) / 1000;
    const last = this.#steps.at(-1)!;
    const picture = this.#stopped?.picture ?? last.image();
    await writePainting(this.#files.out, picture);
    if (film) writeWhole(film.path, await this.#film!.finish());
    if (this.#stopped) {
      const { out, checkpoint } = this.#files;
      writeWhole(checkpoint, this.#stopped.state);
      this.#terminal.err(
        `\nstopped after step ${last.iteration} of ${last.of}: ${out} is the picture so far, --resume goes on from ${checkpoint}\n`,
      );
    }
    return { steps: this.#steps, last, picture, progress: this.#progress, seconds };
  }

  async #paint(): Promise<void> {
    const stop = new AbortController();
    const bar = styleBar(this.#terminal, this.#counts);
    // A signal comes between steps: the painting is as the last one left it.
    const forget = whenStopped(() => {
      const last = this.#steps.at(-1);
      if (last) this.#stopped ??= { picture: last.image(), state: last.state() };
      stop.abort();
    });
    try {
      for await (const step of stylizeHere({ ...this.#options, signal: stop.signal })) {
        this.#steps.push(step);
        bar.step(step);
        await this.#keep(step);
      }
    } catch (error) {
      if (!this.#stopped) throw error;
    } finally {
      bar.done();
      forget();
    }
  }

  /** Takes from a step what is wanted of it on the way. */
  async #keep(step: StyleStep): Promise<void> {
    const { iteration, of } = step;
    const { out, checkpoint, every, keeps } = this.#files;
    if (keeps && iteration === of) writeWhole(checkpoint, step.state());
    const onTheWay = every !== undefined && iteration % every === 0 && iteration < of;
    const filmed = this.#film && (iteration === of || frameSteps(of).has(iteration));
    if (!onTheWay && !filmed) return;
    const picture = step.image();
    if (onTheWay) {
      writeWhole(checkpoint, step.state());
      const path = progressPath(out, iteration);
      this.#progress.push(path);
      await writePainting(path, picture);
    }
    if (filmed) await this.#film!.add(picture);
  }
}
