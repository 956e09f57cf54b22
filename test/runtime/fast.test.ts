import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/core/errors.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { exportFor, hasRelaxedSimd } from '../../src/runtime/relaxed-simd.ts';
import { tolerance } from '../support/compare.ts';
import { hasOtherRuntimes, otherNodes, runIn } from '../support/runtimes.ts';
import type { FastResult } from './fast-results.ts';

interface Results {
  readonly precision: string;
  readonly threads: number;
  readonly results: readonly FastResult[];
}

describe("precision: 'fast'", () => {
  it.runIf(process.versions.node.startsWith('20.'))('is an error that says why where the host lacks it', async () => {
    expect(hasRelaxedSimd()).toBe(false);
    await expect(createEngine({ precision: 'fast' })).rejects.toThrow(UnsupportedError);
    await expect(createEngine({ precision: 'fast', threads: 2 })).rejects.toThrow(
      /precision 'fast' needs relaxed SIMD, which this host lacks \(Node has it since 22/,
    );
  });

  it('is not for a core that the caller brings', async () => {
    const module = new WebAssembly.Module(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    await expect(createEngine({ precision: 'fast', module })).rejects.toThrow('`module` is a core already');
  });

  it('takes the kernels of six rows only where they exist, and the engine keeps their sums', () => {
    const available = { f32_gemm_4x8: 0, f32_gemm_6x8: 0, f32_add: 0 };
    const newer = 'Float16Array' in globalThis;
    expect(exportFor('f32_gemm_4x8', available)).toBe(newer ? 'f32_gemm_6x8' : 'f32_gemm_4x8');
    expect(exportFor('f32_gemm_4x8', { f32_gemm_4x8: 0 })).toBe('f32_gemm_4x8');
    expect(exportFor('f32_add', available)).toBe('f32_add');
  });

  // The binaries come from npm for Linux on x64 alone.
  describe.skipIf(!hasOtherRuntimes)('in other versions of Node', () => {
    const answers = new Map<string, Results>();
    const answer = (version: (typeof otherNodes)[number]): Results => {
      const known = answers.get(version) ?? runIn<Results>(version, new URL('fast-results.ts', import.meta.url));
      answers.set(version, known);
      return known;
    };

    it.each(otherNodes)('%s: right, another build, and the same on two threads', (version) => {
      const { precision, threads, results } = answer(version);
      expect({ precision, threads }).toEqual({ precision: 'fast', threads: 2 });
      expect(results.map(({ kernel }) => kernel)).toEqual([
        'gemm',
        'winograd_4x4',
        'winograd_4x4',
        'winograd_6x6',
        'direct',
      ]);
      for (const { name, kernel, error, differs, differsInThreads } of results) {
        expect(error, name).toBeLessThan(kernel.startsWith('winograd') ? tolerance.winograd : tolerance.sum);
        expect(differs, `${name}: other bits than the reproducible build`).toBe(true);
        expect(differsInThreads, `${name}: other bits on two threads`).toBe(false);
      }
    });

    it('and the reproducible build gives the same bits in each', () => {
      const [first, ...others] = otherNodes.map((version) => answer(version).results.map((one) => one.reproducible));
      for (const other of others) expect(other).toEqual(first);
    });
  });
});
