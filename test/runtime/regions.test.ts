import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '../../src/core/errors.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { Memory } from '../../src/runtime/memory.ts';
import { type Region, Regions } from '../../src/runtime/regions.ts';

const megabyte = 2 ** 20;
const regionsOf = (maxBytes: number) => new Regions(new Memory(new WebAssembly.Memory({ initial: 1 }), maxBytes));

describe('Regions', () => {
  it('never gives the same byte to two owners, whatever is allocated and freed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 9000 })), { maxLength: 80 }), (script) => {
        const regions = regionsOf(64 * megabyte);
        const owned: Region[] = [];
        for (const [free, n] of script) {
          if (free && owned.length > 0) regions.free(owned.splice(n % owned.length, 1)[0]!);
          else owned.push(regions.allocate(n));
        }
        const sorted = [...owned].sort((a, b) => a.address - b.address);
        for (const [i, region] of sorted.entries()) {
          expect(region.address % 64).toBe(0);
          expect(region.address).toBeGreaterThan(0);
          if (i > 0) expect(sorted[i - 1]!.address + sorted[i - 1]!.bytes).toBeLessThanOrEqual(region.address);
        }
        expect(regions.usedBytes).toBe(owned.reduce((sum, { bytes }) => sum + bytes, 0));
      }),
    );
  });

  it('uses freed memory again, neighbours joined', () => {
    const regions = regionsOf(64 * megabyte);
    const [a, b] = [regions.allocate(1000), regions.allocate(3000)];
    regions.allocate(64);
    regions.free(a);
    regions.free(b);
    expect(regions.allocate(4000).address).toBe(a.address);
  });

  it('refuses to free what is not allocated', () => {
    const regions = regionsOf(megabyte);
    const region = regions.allocate(10);
    regions.free(region);
    expect(() => regions.free(region)).toThrow('regions: nothing is allocated at');
  });

  it('says when memory is out, and stays usable', () => {
    const regions = regionsOf(megabyte);
    const region = regions.allocate(500_000);
    expect(() => regions.allocate(megabyte)).toThrow(OutOfMemoryError);
    expect(() => regions.allocate(megabyte)).toThrow(/bytes are needed, .* and this engine may hold 1048576/);
    regions.free(region);
    expect(regions.allocate(900_000).address).toBe(region.address);
  });
});

describe('Engine', () => {
  it('says when the host gives no more', () => {
    expect(() => createEngine().regions.allocate(2 ** 33)).toThrow(OutOfMemoryError);
  });

  it('gives borrowed memory back when its user throws', () => {
    const engine = createEngine();
    const before = engine.regions.usedBytes;
    expect(() =>
      engine.borrow(100, () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(engine.regions.usedBytes).toBe(before);
  });

  it('has one workspace that grows to the largest request', () => {
    const engine = createEngine();
    const large = engine.workspace(100_000);
    expect(engine.workspace(1000)).toBe(large);
    engine.workspace(200_000);
    expect(engine.regions.usedBytes).toBeLessThan(250_000);
  });
});
