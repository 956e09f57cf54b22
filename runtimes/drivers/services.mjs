import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, start } from '../../scripts/lib/processes.mjs';
import { bundle } from './bundle.mjs';
import { installed } from './installed.mjs';

/** A service of examples/edge in its runtime. `prefix` is where it lies below its address. */
const service = (name, launch, prefix = '') => ({
  name,
  async start(place) {
    const port = await freePort();
    const running = await launch({ ...place, port });
    return { ...running, url: `http://127.0.0.1:${port}`, prefix };
  },
});

/** As wrangler deploys it: assets, a KV namespace and a secret are bindings. */
async function cloudflare({ folder, port, store, token }) {
  const { script, files } = await bundle(folder, 'cloudflare/worker.mjs', { conditions: ['workerd'], format: 'esm' });
  const modules = [
    `(name = "worker", esModule = embed "${relative(folder, script)}")`,
    ...[...files].map(([name, file]) => `(name = "${name}", wasm = embed "${relative(folder, file)}")`),
  ];
  const bindings = [
    '(name = "ASSETS", service = "assets")',
    '(name = "GALLERY", kvNamespace = "store")',
    `(name = "TOKEN", text = "${token}")`,
  ];
  const configuration = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (compatibilityDate = "2026-06-01", modules = [${modules.join(', ')}], bindings = [${bindings.join(', ')}])),
    (name = "assets", disk = "${folder}"),
    (name = "store", external = (address = "${new URL(store).host}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`;
  writeFileSync(join(folder, 'service.capnp'), configuration);
  return start(installed('@cloudflare/workerd-linux-64/bin/workerd'), ['serve', 'service.capnp'], { cwd: folder });
}

async function vercel({ folder, port, url, store, token }) {
  const env = { FILES: url, TOKEN: token, KV_REST_API_URL: store, KV_REST_API_TOKEN: 'any' };
  const { script, files } = await bundle(folder, 'probe-vercel.mjs', {
    conditions: ['edge-light'],
    format: 'iife',
    wasm: (name) => `export default wasm[${JSON.stringify(name)}];`,
    define: Object.fromEntries(
      Object.entries(env).map(([name, value]) => [`process.env.${name}`, JSON.stringify(value)]),
    ),
  });
  const host = fileURLToPath(new URL('../probe-edge-server.mjs', import.meta.url));
  return start(process.execPath, [host, port, script, ...[...files].map((entry) => entry.join('='))]);
}

const program =
  (file, ...command) =>
  ({ folder, port, token }) =>
    start(installed(command[0]), [...command.slice(1), file, folder, port], {
      cwd: folder,
      env: { ...process.env, TOKEN: token },
    });

export const services = [
  service('Cloudflare (workerd)', cloudflare),
  service('Vercel (edge-runtime)', vercel, '/api'),
  service('Deno', program('deno.mjs', '@deno/linux-x64-glibc/deno', 'run', '--allow-all', '--quiet')),
  service('Bun', program('bun.mjs', '@oven/bun-linux-x64/bin/bun')),
];
