import { stylizeHere } from './here.ts';
import type { StylizeOptions } from './options.ts';
import type { RemoteStep, StyleStep } from './step.ts';
import { stylizeInWorker } from './worker/client.ts';
import type { WorkerOptions } from './worker/options.ts';
import { workerText } from './worker/spawn.ts';

/**
 * Paints the content in the style (Gatys, Ecker & Bethge 2015): G is changed step by step until
 *
 *     J(G) = α · J_content(C, G) + β · J_style(S, G) + variation
 *
 * is small, where J_content = `½ Σ (a[l](C) − a[l](G))²` and J_style = Σ_l λ[l] Σ_kk′ (G(S) − G(G))²[k,k′] / (2 n_H n_W n_C)²
 * with Gram matrices G_kk′ = Σ_ij a_ijk a_ijk′ of each layer's activations.
 *
 * It works as it is iterated and lets timers and events through between iterations; leaving the loop ends it and gives its
 * memory back. The same options give the same bytes on every machine and any number of threads.
 *
 * @throws InputError, ImageError, WeightsError for what cannot be used; NotFiniteError where J is no number; the reason of
 * `signal` where that is aborted.
 *
 * @example
 * const network = await loadFeatures('squeezenet');
 * let last;
 * for await (const step of stylize({ content: 'town.jpg', style: 'night.jpg', network, size: 384 })) {
 *   console.log(step.iteration, step.losses.total);
 *   last = step;
 * }
 * await writeFile('out.png', await encodePng(last.image()));
 */
export function stylize(
  options: StylizeOptions & { readonly worker?: undefined },
): AsyncGenerator<StyleStep, void, undefined>;
export function stylize(options: StylizeOptions): AsyncGenerator<RemoteStep | StyleStep, void, undefined>;
export async function* stylize(options: StylizeOptions): AsyncGenerator<RemoteStep | StyleStep, void, undefined> {
  const { createWorker, threads = 1 } = workerOf(options.worker);
  const origin = options.worker && (createWorker ?? (await workerText()));
  if (origin) yield* stylizeInWorker(options, origin, threads);
  else yield* stylizeHere(options);
}

const workerOf = (worker: StylizeOptions['worker']): WorkerOptions =>
  typeof worker === 'function' ? { createWorker: worker } : typeof worker === 'object' ? worker : {};
