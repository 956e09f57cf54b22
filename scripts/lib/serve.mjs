import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.jpg': 'image/jpeg',
  '.css': 'text/css',
};

/**
 * Serves the files of a folder on this machine alone, as a plain static server does, with the strictest policy that the
 * library lives with: scripts of its own, those of `inline` in its pages, WebAssembly; no evaluation.
 */
export async function serve(folder, { inline = [] } = {}) {
  const scripts = [
    'self',
    'wasm-unsafe-eval',
    ...inline.map((text) => `sha256-${createHash('sha256').update(text).digest('base64')}`),
  ]
    .map((source) => `'${source}'`)
    .join(' ');
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (request.method !== 'GET' || !stats?.isFile()) return response.writeHead(404).end('not found');
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': stats.size,
      'content-security-policy': `default-src 'self'; script-src ${scripts}; img-src 'self' data:; worker-src 'self' blob:`,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
