import { defineConfig } from 'vite';
import { contentPolicy, policyHeaders } from './plugins/content-policy.ts';
import { offline } from './plugins/offline.ts';
import { served } from './plugins/served.ts';

/** The page as plain files in dist/: relative addresses only, so that it works from any folder of any server. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [served(), contentPolicy(), offline()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
  preview: { headers: policyHeaders },
});
