import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { InputError, WeightsError } from '../../src/core/errors.ts';
import type { FeatureNetwork } from '../../src/models/feature-network.ts';
import { adam } from '../../src/optimize/adam.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import type { StylizeOptions } from '../../src/style/options.ts';
import { stylize } from '../../src/style/stylize.ts';
import type { WorkerLike } from '../../src/style/worker/options.ts';
import { serveStylize } from '../../src/style/worker/serve.ts';
import { randomArray } from '../support/random.ts';
import { seededVgg19 } from '../support/seeded-vgg19.ts';
import { tileNetwork } from './tiling-networks.ts';

const noise = (width: number, height: number, seed: number) => ({
  data: Uint8Array.from(randomArray(width * height * 4, seed), (v, i) => (i % 4 === 3 ? 255 : 128 + 90 * v)),
  width,
  height,
});

const network = seededVgg19(1, 'conv2_2');
const options: StylizeOptions = {
  content: noise(32, 24, 1),
  styles: [{ image: noise(20, 20, 2) }, { image: noise(24, 20, 3), mask: noise(8, 8, 4) }],
  network,
  contentLayers: ['conv2_2'],
  styleLayers: ['conv1_1', 'conv2_1'],
  start: { image: noise(16, 16, 5) },
  levels: 1,
  steps: 4,
  history: 3,
};

/** A worker in this thread: all that is said goes through a channel, cloned as between threads. */
function ownWorker(known: Record<string, FeatureNetwork> = {}, spoil?: (tell: (code: number) => void) => void) {
  const seen = { ended: 0 };
  const createWorker = (): WorkerLike => {
    const { port1, port2 } = new MessageChannel();
    const networks = Object.fromEntries(
      Object.entries(known).map(([name, made]) => [
        name,
        (parameters: FeatureNetwork['parameters']) => ({ ...made, parameters }),
      ]),
    );
    serveStylize({
      networks,
      port: {
        post: (message, transfer = []) => port2.postMessage(message, transfer as ArrayBuffer[]),
        listen: (receive) => port2.on('message', receive),
      },
    });
    const on = (event: string, listener: (value: unknown) => void) => {
      if (event === 'message') port1.on('message', listener);
      if (event === 'exit' && spoil) spoil(listener);
    };
    const terminate = (): void => {
      seen.ended++;
      port1.close();
    };
    return { postMessage: (message: unknown) => port1.postMessage(message), terminate, on };
  };
  return { createWorker, seen };
}

/** As texts, which are compared in no time. */
const hex = (bytes: Uint8Array | Uint8ClampedArray): string => Buffer.from(bytes).toString('hex');

/** Every step as it was, with its picture and its state. */
async function runOf(more: Partial<StylizeOptions>) {
  const steps = [];
  for await (const step of stylize({ ...options, ...more } as StylizeOptions)) {
    const { image, state, ...plain } = step;
    const { data, width, height } = image();
    steps.push({ ...plain, width, height, pixels: hex(data), state: hex(await state()) });
  }
  return steps;
}

describe('stylize in a worker', () => {
  it('gives the same steps, pictures and states, and ends its worker', async () => {
    const here = await runOf({});
    const { createWorker, seen } = ownWorker();
    expect(await runOf({ worker: createWorker })).toEqual(here);
    expect(seen.ended).toBe(1);
    expect(here).toHaveLength(4);
  });

  it('goes on from a state', async () => {
    const whole = await runOf({});
    const rest = await runOf({ worker: ownWorker(), resume: Buffer.from(whole[1]!.state, 'hex') });
    expect(rest).toEqual(whole.slice(2));
  });

  it('paints here where the build holds no worker', async () => {
    expect(await runOf({ worker: true })).toEqual(await runOf({}));
  });

  it('knows networks of its own, and says when it does not', async () => {
    const own = tileNetwork('vggLike');
    const more = { network: own, contentLayers: ['b1'], styleLayers: ['a1'] };
    expect(await runOf({ ...more, worker: ownWorker({ vggLike: own }) })).toEqual(await runOf(more));
    await expect(runOf({ ...more, worker: ownWorker() })).rejects.toThrow(
      'stylize: a worker cannot be sent the network "vggLike", which is made of functions; let serveStylize({ networks })',
    );
    const other = { ...own, layers: ['a1', 'b1'] };
    await expect(runOf({ ...more, worker: ownWorker({ vggLike: other }) })).rejects.toThrow(
      'has other layers in the worker',
    );
  });

  it('leaves the loop at once when it is aborted, and keeps the last picture at hand', async () => {
    const stop = new AbortController();
    const { createWorker, seen } = ownWorker();
    let last: { image(): unknown } | undefined;
    const run = async () => {
      for await (const step of stylize({ ...options, steps: 1000, signal: stop.signal, worker: createWorker })) {
        last = step;
        if (step.iteration === 2) setTimeout(() => stop.abort(new Error('enough')), 0);
      }
    };
    await expect(run()).rejects.toThrow('enough');
    expect(seen.ended).toBe(1);
    expect(last!.image()).toMatchObject({ width: 32, height: 24 });
  });

  it('ends its worker when the loop is left, and has no state of a step that is over', async () => {
    const { createWorker, seen } = ownWorker();
    const kept = [];
    for await (const step of stylize({ ...options, worker: createWorker })) {
      kept.push(step);
      if (step.iteration === 2) break;
    }
    expect(seen.ended).toBe(1);
    await expect(kept[0]!.state()).rejects.toThrow(
      'stylize: state() of iteration 1 must be asked for before the next one',
    );
    await expect(kept[1]!.state()).rejects.toThrow(InputError);
  });

  it('throws what the worker throws, by its class, and says when the worker dies', async () => {
    await expect(runOf({ worker: ownWorker(), resume: new Uint8Array(9) })).rejects.toThrow(WeightsError);
    await expect(runOf({ worker: ownWorker(), styleLayers: ['conv9_9'] })).rejects.toThrow('has no layer "conv9_9"');
    const dying = ownWorker({}, (tell) => setTimeout(() => tell(7), 0));
    await expect(runOf({ worker: dying })).rejects.toThrow('stylize: the worker cannot be used: it ended with code 7');
  });

  it('refuses what cannot be sent', async () => {
    const { createWorker } = ownWorker();
    await expect(runOf({ worker: createWorker, engine: createEngine() })).rejects.toThrow(
      'stylize: an engine cannot be sent to a worker; it makes its own, of `worker.threads`',
    );
    await expect(runOf({ worker: createWorker, optimizer: adam({ learningRate: 1 }) })).rejects.toThrow(
      'stylize: an optimizer of functions cannot be sent to a worker; give one by name',
    );
  });

  it('is served from inside a worker only', () => {
    expect(() => serveStylize()).toThrow('serveStylize: this is no worker');
  });
});
