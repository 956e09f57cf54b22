import type { Message } from './messages.ts';

/** A service as the page sees it: every method answers later. */
export type Remote<Service> = {
  readonly [Name in keyof Service]: Service[Name] extends (...args: infer Args) => infer Value
    ? (...args: Args) => Promise<Awaited<Value>>
    : never;
};

/** An error that a worker threw; `name` says of which class. */
class RemoteError extends Error {}

/**
 * Calls a worker's service as if it were here. The worker starts at the first call; `hear` gets what it tells unasked.
 */
export function remote<Service>(start: () => Worker, hear: (news: never) => void = () => {}): Remote<Service> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let worker: Worker | undefined;
  let calls = 0;

  const open = (): Worker => {
    const opened = start();
    opened.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if ('news' in data) return hear(data.news as never);
      const call = waiting.get(data.id);
      waiting.delete(data.id);
      if ('failure' in data) call?.reject(Object.assign(new RemoteError(data.failure.message), data.failure));
      else call?.resolve(data.value);
    });
    opened.addEventListener('error', ({ message }) => {
      worker = undefined;
      opened.terminate();
      for (const { reject } of waiting.values()) reject(new RemoteError(message || 'The worker did not start.'));
      waiting.clear();
    });
    return opened;
  };

  return new Proxy({} as Remote<Service>, {
    get:
      (_, method: string) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          worker ??= open();
          const id = calls++;
          waiting.set(id, { resolve, reject });
          worker.postMessage({ id, method, args });
        }),
  });
}
