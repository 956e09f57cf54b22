/** What a page asks of a worker: a method of its service, by name. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** An error as it crosses: structured cloning would forget its class. */
interface Failure {
  readonly name: string;
  readonly message: string;
}

/** What a worker says: the answer to a call, or news of its own. */
export type Message =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly news: unknown };
