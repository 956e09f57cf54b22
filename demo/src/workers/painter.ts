import { encodePng, type RgbaImage } from 'facsimile/image';
import { type FeatureNetwork, loadFeatures } from 'facsimile/models';
import { type PreserveColors, type StyleStep, stylize } from 'facsimile/style';
import { forget, keep, kept } from './database.ts';
import { openPhoto } from './open-photo.ts';
import { serve, tell } from './serve.ts';
import { fetchWeights } from './weights.ts';

/** What is painted and how. */
export interface Order {
  readonly content: Blob;
  readonly style: Blob;
  /** The longer side in pixels. */
  readonly size: number;
  readonly steps: number;
  /** How much more than usual the style counts. */
  readonly strength: number;
  /** Keep the content's colours. */
  readonly colors: boolean;
}

/** A painting that was paused. */
export interface Unfinished {
  readonly order: Order;
  readonly iteration: number;
  readonly state: Uint8Array;
}

/** How a painting stands after an iteration. */
export interface PaintNews {
  readonly iteration: number;
  readonly of: number;
  readonly loss: number;
  /** The picture, if somebody may want to see it already. */
  readonly picture: ImageBitmap | undefined;
}

/** Pictures are sent no more often than this, in milliseconds. */
const BETWEEN_PICTURES = 100;
const STYLE_WEIGHT = 1000;
const KEY = 'paused';

let loading: Promise<FeatureNetwork> | undefined;
const load = (): Promise<FeatureNetwork> => {
  loading ??= fetchWeights()
    .then((weights) => loadFeatures('faces', { weights }))
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
};

/** A pause that was asked for: the painting tells when it has come to rest, and waits to be let go on. */
interface Pause {
  readonly atRest: () => void;
  readonly over: Promise<void>;
}

let pause: Pause | undefined;
let goOn: () => void = () => {};
let stopping: AbortController | undefined;
/** The picture as it was last seen. */
let latest: RgbaImage | undefined;

function bitmapOf({ data, width, height }: RgbaImage): Promise<ImageBitmap> {
  const pixels = new ImageData(width, height);
  pixels.data.set(data);
  return createImageBitmap(pixels);
}

async function* steps(order: Order, resume: Uint8Array | undefined, signal: AbortSignal): AsyncGenerator<StyleStep> {
  const [network, content, style] = await Promise.all([load(), openPhoto(order.content), openPhoto(order.style)]);
  yield* stylize({
    network,
    content,
    style,
    size: order.size,
    steps: order.steps,
    styleWeight: STYLE_WEIGHT * order.strength,
    signal,
    ...(order.colors && { preserveColors: 'luminance' satisfies PreserveColors }),
    ...(resume && { resume }),
  });
}

/** Keeps a painting until it may go on. */
async function rest({ atRest, over }: Pause, unfinished: Unfinished): Promise<void> {
  await keep('painting', KEY, unfinished);
  atRest();
  await over;
}

const service = {
  /** Paints to the end, or until `stop`: true where the end was reached. */
  async paint(order: Order, resume?: Uint8Array): Promise<boolean> {
    stopping = new AbortController();
    const { signal } = stopping;
    let shown = 0;
    latest = undefined;
    try {
      for await (const step of steps(order, resume, signal)) {
        const { iteration, of, losses } = step;
        let picture: ImageBitmap | undefined;
        if (pause || iteration === of || performance.now() - shown >= BETWEEN_PICTURES) {
          latest = step.image();
          picture = await bitmapOf(latest);
          shown = performance.now();
        }
        const news: PaintNews = { iteration, of, loss: losses.total, picture };
        tell({ step: news }, picture && [picture]);
        if (pause) await rest(pause, { order, iteration, state: step.state() });
      }
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    } finally {
      service.resume();
      await forget('painting', KEY);
    }
  },

  /** Holds the brush after this iteration, and keeps the painting so that it can go on another day. */
  pause: (): Promise<void> =>
    new Promise((atRest) => {
      const over = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      pause = { atRest, over };
    }),

  resume(): void {
    pause?.atRest();
    pause = undefined;
    goOn();
  },

  stop(): void {
    stopping?.abort();
    service.resume();
  },

  /** The painting that was paused when the page was left. */
  unfinished: (): Promise<Unfinished | undefined> => kept<Unfinished>('painting', KEY),

  /** The picture as it is now, as a PNG file. */
  async save(): Promise<Blob> {
    if (!latest) throw new Error('There is nothing to save yet.');
    return new Blob([(await encodePng(latest)) as Uint8Array<ArrayBuffer>], { type: 'image/png' });
  },
};

export type PainterService = typeof service;
serve(service);
