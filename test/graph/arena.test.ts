import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, placeBlocks } from '../../src/graph/arena.ts';

describe('placeBlocks', () => {
  it('lets blocks that never meet share their place', () => {
    const { offsets, bytes } = placeBlocks([
      { bytes: 640, from: 0, to: 1 },
      { bytes: 640, from: 2, to: 3 },
    ]);
    expect(offsets).toEqual([0, 0]);
    expect(bytes).toBe(640);
  });

  it('never lets two blocks that live together overlap', () => {
    const block = fc
      .record({ bytes: fc.integer({ min: 1, max: 5000 }), from: fc.integer({ min: 0, max: 20 }), life: fc.nat(6) })
      .map(({ bytes, from, life }) => ({ bytes, from, to: from + life }));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 30 }), (blocks) => {
        const { offsets, bytes } = placeBlocks(blocks);
        for (const [i, a] of blocks.entries()) {
          expect(offsets[i]! % 64).toBe(0);
          expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(bytes);
          for (const [j, b] of blocks.entries()) {
            if (j <= i || a.from > b.to || b.from > a.to) continue;
            expect(offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!).toBe(true);
          }
        }
      }),
    );
  });
});

describe('Arena', () => {
  it('tells users their address, again only when the workspace has moved', () => {
    const arena = new Arena();
    const heard: number[] = [];
    arena.use(arena.block(64, 0, 1), (address) => heard.push(address));
    arena.use(arena.block(64, 1, 2), (address) => heard.push(address));
    expect(arena.place()).toBe(128);
    arena.bind(4096);
    arena.bind(4096);
    arena.bind(8192);
    expect(heard).toEqual([4096, 4160, 8192, 8256]);
  });
});
