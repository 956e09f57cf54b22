import type { InsideService, SurveyNews } from '../workers/inside.ts';
import { remote } from '../workers/remote.ts';
import type { Progress } from '../workers/weights.ts';
import { loading } from './faces.ts';
import { observable } from './observable.ts';

/** How many faces the network has been shown; undefined before the first. */
export const surveying = observable<SurveyNews | undefined>(undefined);

export const inside = remote<InsideService>(
  () => new Worker(new URL('../workers/inside.ts', import.meta.url), { type: 'module', name: 'inside' }),
  (news: { readonly progress: Progress } | { readonly survey: SurveyNews }) => {
    if ('survey' in news) surveying.set(news.survey);
    else loading.set(news.progress.loaded < news.progress.total ? news.progress : undefined);
  },
);
