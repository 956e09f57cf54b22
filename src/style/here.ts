import type { StylizeOptions } from './options.ts';
import { readScene } from './scene.ts';
import { Session } from './session.ts';
import { settingsOf } from './settings.ts';
import type { StyleStep } from './step.ts';

/** Paints on the calling thread: what `stylize` does without a worker, and what a worker does. */
export async function* stylizeHere(options: StylizeOptions): AsyncGenerator<StyleStep, void, undefined> {
  options.signal?.throwIfAborted();
  const settings = settingsOf(options);
  const session = new Session(options, settings, await readScene(options, settings));
  try {
    yield* session.run();
  } finally {
    session.close();
  }
}
