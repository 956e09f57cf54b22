import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** The built page on a port of its own, as `npm run demo` serves it. */
export async function serveSite(): Promise<Site> {
  const root = fileURLToPath(new URL('../../demo', import.meta.url));
  if (!existsSync(`${root}/dist/index.html`)) throw new Error('the page is not built: npm run build:demo');
  const server = await preview({ root, configFile: `${root}/vite.config.ts`, preview: { port: 0, host: '127.0.0.1' } });
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}
