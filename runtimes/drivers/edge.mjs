import { fileURLToPath } from 'node:url';
import { answerOf } from '../../scripts/lib/processes.mjs';
import { bundle } from './bundle.mjs';

export const edgeRuntime = {
  name: 'edge-runtime',
  async run({ folder }) {
    const { script, files } = await bundle(folder, 'probe-global.mjs', {
      conditions: ['edge-light'],
      format: 'iife',
      wasm: (name) => `export default wasm[${JSON.stringify(name)}];`,
    });
    const host = fileURLToPath(new URL('../probe-edge.mjs', import.meta.url));
    return answerOf(process.execPath, [host, folder, script, ...[...files].map((entry) => entry.join('='))]);
  },
};
