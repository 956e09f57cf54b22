import fc from 'fast-check';

/** Channels that end in every way for kernels of 4 and of 16 lanes. */
const anyChannels = fc.constantFrom(1, 3, 4, 5, 9, 16, 17, 21);

/** Inputs and windows of rank 1 to 3, each axis by itself; a window may be larger than its input. */
export const anyWindow = fc.integer({ min: 1, max: 3 }).chain((rank) => {
  const each = (max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: rank, maxLength: rank });
  return fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    sizes: each(rank === 3 ? 6 : 12),
    kernel: each(rank === 3 ? 3 : 4),
    stride: each(3),
    dilation: each(2),
    c: anyChannels,
    padding: fc.constantFrom('same' as const, 'same-before' as const),
    seed: fc.nat(),
  });
});
