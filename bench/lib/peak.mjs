import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const REGISTERS = [4, 8, 12];
// Near its fixed point s / (1 − m) = 2, where no value is a denormal.
const FACTOR = 0.75;
const SUMMAND = 0.5;

/** bench/peak.ts, compiled with the flags of the core; in its own folder, away from the asconfig.json of the core. */
function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'facsimile-peak-'));
  try {
    const out = join(folder, 'peak.wasm');
    const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort=', '-o', out];
    execFileSync(process.execPath, [at('../../node_modules/assemblyscript/bin/asc.js'), 'peak.ts', ...flags], {
      cwd: at('..'),
      stdio: ['ignore', process.stderr, process.stderr],
    });
    return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(out))).exports;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Contestants that do `flops` multiplications and additions in registers, by name: the best of them is the peak. */
export function peakContestants(flops) {
  const kernels = compile();
  return Object.fromEntries(
    REGISTERS.map((registers) => {
      const rounds = Math.round(flops / (registers * 4 * 2));
      return [`peak ${registers}`, () => kernels[`mul_add_${registers}`](rounds, FACTOR, SUMMAND)];
    }),
  );
}
