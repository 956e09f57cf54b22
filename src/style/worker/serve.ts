import { receiveBinaries } from '../../core/sent-binary.ts';
import { createEngine } from '../../runtime/create-engine.ts';
import type { Engine } from '../../runtime/engine.ts';
import { stylizeHere } from '../here.ts';
import type { StyleStep } from '../step.ts';
import { type NetworkMaker, unpackNetwork } from './network.ts';
import { ownPort, type Port } from './port.ts';
import { type Answer, type Request, type SentStep, sentError } from './protocol.ts';

export interface ServeOptions {
  /** Networks beside those of the library, by the names that they have: each made of the tensors that are sent. */
  readonly networks?: Readonly<Record<string, NetworkMaker>>;
  /** Where requests come from. Default: who started this worker. */
  readonly port?: Port;
}

/**
 * Paints for `stylize({ …, worker: () => new Worker(…) })`: what a worker of one's own runs, to be served where a page's
 * policy allows no workers from `blob:`, or to know networks of one's own.
 *
 * @throws UnsupportedError outside a worker
 *
 * @example
 * import { ownFeatures } from 'facsimile/models';
 * import { serveStylize } from 'facsimile/worker';
 * serveStylize({ networks: { mine: (parameters) => ownFeatures({ name: 'mine', parameters, graph, layers }) } });
 */
export function serveStylize({ networks = {}, port = ownPort() }: ServeOptions = {}): void {
  const painter = new Painter(networks);
  port.listen(async (message) => {
    const answer = await painter.answer(message as Request).catch((error): Answer => ({ error: sentError(error) }));
    const pixels = answer.step?.picture.data ?? answer.state;
    port.post(answer, pixels ? [pixels.buffer as ArrayBuffer] : []);
  });
}

class Painter {
  readonly #networks: Readonly<Record<string, NetworkMaker>>;
  #engine: Engine | undefined;
  #steps: AsyncGenerator<StyleStep, void, undefined> | undefined;
  #last: StyleStep | undefined;

  constructor(networks: Readonly<Record<string, NetworkMaker>>) {
    this.#networks = networks;
  }

  async answer(request: Request): Promise<Answer> {
    switch (request.ask) {
      case 'start': {
        const { options, network, threads, binaries } = request;
        receiveBinaries(binaries);
        this.#engine = await createEngine({ threads });
        this.#steps = stylizeHere({
          ...options,
          network: unpackNetwork(network, this.#networks),
          engine: this.#engine,
        });
        return {};
      }
      case 'next': {
        const { value } = await this.#steps!.next();
        if (!value) {
          this.#engine?.close();
          return {};
        }
        this.#last = value;
        return { step: sent(value) };
      }
      case 'state':
        return { state: this.#last!.state() };
    }
  }
}

function sent({ image, state: _, ...plain }: StyleStep): SentStep {
  const { data, width, height } = image();
  return { ...plain, picture: { data, width, height } };
}
