import { createRequire } from 'node:module';
import { dirname } from 'node:path';

// face-api's build for Node is CommonJS, so all of tfjs is loaded that way: one copy of it.
const require = createRequire(import.meta.url);

/** tfjs on its wasm backend: SIMD, one thread. */
export async function loadTfjs(tf = require('@tensorflow/tfjs-core')) {
  const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');
  tf.env().set('WASM_HAS_SIMD_SUPPORT', true);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs: the wasm backend did not start');
  await tf.ready();
  return tf;
}
