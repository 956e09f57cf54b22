import { observable } from './observable.ts';

/** Whether the page would work without a network. */
export const offline = observable(false);

/** Keeps the page's files in this browser. A page that is served insecurely, or by a development server, goes without. */
export async function keepOffline(): Promise<void> {
  if (!import.meta.env.PROD || !navigator.serviceWorker) return;
  await navigator.serviceWorker.register('./service-worker.js');
  await navigator.serviceWorker.ready;
  offline.set(true);
}
