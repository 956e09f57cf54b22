import type { Call, Message } from './messages.ts';

type Method = (...args: never[]) => unknown;

const post = (message: Message, transfer: Transferable[] = []): void => self.postMessage(message, { transfer });

/** Tells the page something that it did not ask for. What is in `transfer` moves there. */
export const tell = (news: unknown, transfer?: Transferable[]): void => post({ news }, transfer);

/** Answers the page's calls by the methods of a service. */
export function serve(service: Readonly<Record<string, Method>>): void {
  self.addEventListener('message', async ({ data: { id, method, args } }: MessageEvent<Call>) => {
    try {
      post({ id, value: await service[method]!(...(args as never[])) });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      post({ id, failure: { name, message } });
    }
  });
}
