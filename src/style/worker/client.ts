import { InputError, UnsupportedError } from '../../core/errors.ts';
import type { RgbaImage } from '../../image/image.ts';
import { type ImageSource, readImage } from '../../image/read.ts';
import { binary as core } from '../../runtime/generated/core.wasm.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { StyleImage, StylizeOptions } from '../options.ts';
import { settingsOf } from '../settings.ts';
import type { RemoteStep } from '../step.ts';
import { packNetwork } from './network.ts';
import { type Answer, type PackedOptions, type Request, receivedError, type SentStep } from './protocol.ts';
import { type Spawned, spawnWorker, type WorkerOrigin } from './spawn.ts';

/** Paints in a worker: the calling thread is free while it does. The same steps and bytes as on the calling thread. */
export async function* stylizeInWorker(
  options: StylizeOptions,
  origin: WorkerOrigin,
  threads: number,
): AsyncGenerator<RemoteStep, void, undefined> {
  const { signal, network } = options;
  signal?.throwIfAborted();
  settingsOf(options);
  const packed = await packOptions(options);
  signal?.throwIfAborted();
  const remote = new Remote(origin);
  const abort = (): void => remote.fail(signal!.reason);
  signal?.addEventListener('abort', abort);
  try {
    const binaries = { core: core.bytes(), learning: learning.bytes() };
    await remote.ask({ ask: 'start', options: packed, network: packNetwork(network), threads, binaries });
    let moment = 0;
    for (;;) {
      const { step } = await remote.ask({ ask: 'next' });
      if (!step) return;
      const own = ++moment;
      yield stepOf(step, async () => {
        if (own !== moment || remote.over)
          throw new InputError(`stylize: state() of iteration ${step.iteration} must be asked for before the next one`);
        return (await remote.ask({ ask: 'state' })).state!;
      });
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    remote.end();
  }
}

function stepOf({ picture, ...plain }: SentStep, state: () => Promise<Uint8Array>): RemoteStep {
  return { ...plain, image: () => picture, state };
}

/** Functions cannot be sent: pictures become pixels, and an optimiser must have a name. */
async function packOptions(options: StylizeOptions): Promise<PackedOptions> {
  const { content, style, styles, start, network: _, engine, signal: __, worker: ___, ...plain } = options;
  if (engine)
    throw new InputError('stylize: an engine cannot be sent to a worker; it makes its own, of `worker.threads`');
  if (typeof plain.optimizer === 'object')
    throw new InputError('stylize: an optimizer of functions cannot be sent to a worker; give one by name');
  return {
    ...plain,
    content: await pixelsOf(content),
    ...(style !== undefined && { style: await pixelsOf(style) }),
    ...(styles && { styles: await Promise.all(styles.map(packStyle)) }),
    ...(start !== undefined && { start: typeof start === 'object' ? { image: await pixelsOf(start.image) } : start }),
  };
}

async function packStyle({ image, mask, imageMask, ...plain }: StyleImage): Promise<StyleImage> {
  return {
    ...plain,
    image: await pixelsOf(image),
    ...(mask !== undefined && { mask: await pixelsOf(mask) }),
    ...(imageMask !== undefined && { imageMask: await pixelsOf(imageMask) }),
  };
}

async function pixelsOf(source: ImageSource): Promise<RgbaImage> {
  const { data, width, height } = await readImage(source);
  return { data, width, height };
}

/** A worker that answers one question after another. */
class Remote {
  readonly #worker: Spawned;
  #waiting: { resolve(answer: Answer): void; reject(error: unknown): void } | undefined;
  /** Why it cannot answer any more. */
  #failure: { readonly error: unknown } | undefined;

  constructor(origin: WorkerOrigin) {
    this.#worker = spawnWorker(origin, {
      received: (message) => this.#settle(message as Answer),
      ended: (why) => this.fail(new UnsupportedError(`stylize: the worker cannot be used: ${why}`)),
    });
  }

  get over(): boolean {
    return this.#failure !== undefined;
  }

  ask(request: Request): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.post(request);
    });
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (answer.error) waiting?.reject(receivedError(answer.error));
    else waiting?.resolve(answer);
  }

  /** Ends it: what is asked for, and what is asked for later, fails. */
  fail(error: unknown): void {
    if (this.#failure) return;
    this.#failure = { error };
    this.#worker.end();
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  end(): void {
    this.fail(new InputError('stylize: the painting is over'));
  }
}
