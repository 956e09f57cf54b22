import type { PainterService, PaintNews } from '../workers/painter.ts';
import { remote } from '../workers/remote.ts';
import type { Progress } from '../workers/weights.ts';
import { loading } from './faces.ts';
import { observable } from './observable.ts';

/** How the painting stands; undefined before the first iteration. */
export const painting = observable<PaintNews | undefined>(undefined);

export const painter = remote<PainterService>(
  () => new Worker(new URL('../workers/painter.ts', import.meta.url), { type: 'module', name: 'painter' }),
  (news: { readonly progress: Progress } | { readonly step: PaintNews }) => {
    if ('step' in news) painting.set(news.step);
    else loading.set(news.progress.loaded < news.progress.total ? news.progress : undefined);
  },
);
