import type { FacesService } from '../workers/faces.ts';
import { remote } from '../workers/remote.ts';
import type { Progress } from '../workers/weights.ts';
import { observable } from './observable.ts';

/** How much of the networks has come; undefined before they are asked for and when all are here. */
export const loading = observable<Progress | undefined>(undefined);

export const faces = remote<FacesService>(
  () => new Worker(new URL('../workers/faces.ts', import.meta.url), { type: 'module', name: 'faces' }),
  ({ progress }: { progress: Progress }) => loading.set(progress.loaded < progress.total ? progress : undefined),
);
