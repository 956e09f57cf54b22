// What every thread of a pool runs, in Node and its like and in browsers. The build turns this file into a string
// (generated/thread.ts), so that no bundler has to find it: it imports nothing, and control.ts says what it shares.

const port = globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort;

/** @param {import('./control.ts').ThreadStart} start */
function work({ module, memory, control, layout, exports, thread, spins }) {
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const words = new Int32Array(control, 0, layout.words);
  const numbers = new Float64Array(control, layout.arguments);
  (port ?? globalThis).postMessage('ready');
  for (;;) {
    const left = Atomics.load(words, layout.left);
    if (left < 0) return;
    if (left === 0) wait(words);
    else if (Atomics.compareExchange(words, layout.left, left, left - 1) === left) {
      try {
        call(left - 1);
      } catch (error) {
        fail(error);
      }
      done(1);
    }
  }

  function wait() {
    for (let i = 0; i < spins; i++) if (Atomics.load(words, layout.left) !== 0) return;
    Atomics.wait(words, layout.left, 0);
  }

  function call(index) {
    const arity = words[layout.arity];
    const given = Array.from(numbers.subarray(index * arity, (index + 1) * arity));
    const scratch = words[layout.scratchArgument];
    if (scratch >= 0) given[scratch] += thread * words[layout.scratchBytes];
    kernels[exports[words[layout.kernel]]](...given);
  }

  /** The first thread that fails leaves its error; nobody claims what is left. */
  function fail(error) {
    if (Atomics.compareExchange(words, layout.failed, 0, thread) === 0) {
      const text = new TextEncoder().encode(`${error}`).subarray(0, layout.errorRoom);
      new Uint8Array(control, layout.error, text.length).set(text);
      words[layout.errorBytes] = text.length;
    }
    const dropped = Atomics.exchange(words, layout.left, 0);
    if (dropped > 0) done(dropped);
  }

  function done(calls) {
    if (Atomics.sub(words, layout.pending, calls) === calls) Atomics.notify(words, layout.pending);
  }
}

if (port) port.once('message', work);
else globalThis.onmessage = ({ data }) => work(data);
