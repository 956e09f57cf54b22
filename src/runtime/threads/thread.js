// What every thread of a pool runs, in Node and its like and in browsers. The build turns this file into a string
// (generated/thread.ts), so that no bundler has to find it: it imports nothing, and control.ts says what it shares.

const port = globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort;

/** @param {import('./control.ts').ThreadStart} start */
function work({ modules, memory, control, layout, exports, thread, threads, spins }) {
  const instances = modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports);
  const kernels = Object.assign({}, ...instances);
  const words = new Int32Array(control, 0, layout.words);
  const numbers = new Float64Array(control, layout.arguments);
  (port ?? globalThis).postMessage('ready');
  for (let round = 0; round >= 0; round = next(round)) {
    for (let i = 0; i < threads; i++) {
      const run = (thread + i) % threads;
      for (let left; (left = Atomics.load(words, layout.left + run)) > 0; ) {
        if (Atomics.compareExchange(words, layout.left + run, left, left - 1) !== left) continue;
        try {
          call(Math.floor((words[layout.calls] * run) / threads) + left - 1);
        } catch (error) {
          fail(error);
        }
        done(1);
      }
    }
  }

  /** Waits for another round than this one. */
  function next(round) {
    for (let i = 0; i < spins; i++) if (Atomics.load(words, layout.round) !== round) break;
    Atomics.wait(words, layout.round, round);
    return Atomics.load(words, layout.round);
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
    for (let run = 0; run < threads; run++) done(Atomics.exchange(words, layout.left + run, 0));
  }

  function done(calls) {
    if (calls > 0 && Atomics.sub(words, layout.pending, calls) === calls) Atomics.notify(words, layout.pending);
  }
}

if (port) port.once('message', work);
else globalThis.onmessage = ({ data }) => work(data);
