import { writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { freePort, peakMB, start, untilAnswered } from '../../scripts/lib/processes.mjs';
import { bundle } from './bundle.mjs';
import { installed } from './installed.mjs';

/** The configuration of one worker that may ask this machine for files. */
const configuration = (modules, port) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (compatibilityDate = "2026-06-01", modules = [${modules.join(', ')}])),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`;

async function ask(url) {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}

export const workerd = {
  name: 'workerd',
  async run({ folder, url }) {
    const program = installed('@cloudflare/workerd-linux-64/bin/workerd');
    const { script, files } = await bundle(folder, 'probe-worker.mjs', { conditions: ['workerd'], format: 'esm' });
    const modules = [
      `(name = "worker", esModule = embed "${basename(script)}")`,
      ...[...files].map(([name, file]) => `(name = "${name}", wasm = embed "${relative(folder, file)}")`),
    ];
    const port = await freePort();
    writeFileSync(join(folder, 'workerd.capnp'), configuration(modules, port));
    const began = performance.now();
    const server = start(program, ['serve', 'workerd.capnp'], { cwd: folder });
    try {
      const part = (name) => ask(`http://127.0.0.1:${port}/${name}?files=${encodeURIComponent(url)}`);
      await untilAnswered(() => part('load'));
      const loaded = performance.now();
      const { verification } = await part('verify');
      const verified = performance.now();
      const { digest } = await part('digest');
      const version = (await import('workerd/package.json', { with: { type: 'json' } })).default.version;
      const [loadMs, firstVerifyMs] = [loaded - began, verified - loaded];
      return { version, digest, verification, loadMs, firstVerifyMs, peakMB: peakMB(server.pid) };
    } catch (error) {
      throw new Error(`${error.message}\n${server.output().slice(-2000)}`);
    } finally {
      server.stop();
    }
  },
};
