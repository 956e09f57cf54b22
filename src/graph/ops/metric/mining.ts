import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { RandomAttributes } from '../random-key.ts';
import { checkName } from './loss.ts';

/** Where a mining finds its data and leaves its results, in bytes. */
interface MiningAddresses {
  readonly sums: number;
  /** 0 where no gradient is wanted. */
  readonly weights: number;
  readonly distances: number;
  readonly labels: number;
  readonly scratch: number;
  /** What a seeded mining draws by. */
  readonly key: number;
}

/** One way to choose triplets from a batch of b rows. */
export interface Mining {
  /** True where few pairs of a batch end up in a triplet. */
  readonly sparse: boolean;
  /** True where it takes seed and step as a third input. */
  readonly seeded: boolean;
  run(kernels: Kernels, at: MiningAddresses, b: number, margin: number, soft: boolean): void;
}

const hard = (every: boolean): Mining => ({
  sparse: true,
  seeded: false,
  run: (kernels, { sums, weights, distances, labels }, b, margin, soft) =>
    kernels.f32_triplet_hard(sums, weights, distances, labels, b, margin, soft, every),
});

const semiHard = (variant: number): Mining => ({
  sparse: true,
  seeded: false,
  run: (kernels, { sums, weights, distances, labels }, b, margin, soft) =>
    kernels.f32_triplet_semi_hard(sums, weights, distances, labels, b, margin, soft, variant),
});

const all = (band: boolean): Mining => ({
  sparse: false,
  seeded: false,
  run: (kernels, { sums, weights, distances, labels, scratch }, b, margin, soft) =>
    kernels.f32_triplet_all(sums, weights, distances, labels, scratch, b, margin, soft, band),
});

const random: Mining = {
  sparse: true,
  seeded: true,
  run: (kernels, { sums, weights, distances, labels, scratch, key }, b, margin, soft) =>
    kernels.f32_triplet_random(sums, weights, distances, labels, scratch, b, margin, soft, key),
};

/** Every mining, by its name and its variant; the first variant is the default. */
const minings: Readonly<Record<string, Readonly<Record<string, Mining>>>> = {
  hard: { hermans: hard(false), tfa: hard(true) },
  'semi-hard': { facenet: semiHard(0), tfa: semiHard(1), pml: all(true) },
  all: { all: all(false) },
  random: { random },
};

/** Which triplets of a batch enter the loss. */
export type TripletMining =
  | { readonly mining: 'hard'; readonly variant?: 'hermans' | 'tfa' }
  | { readonly mining: 'semi-hard'; readonly variant?: 'facenet' | 'tfa' | 'pml' }
  | { readonly mining: 'all'; readonly variant?: undefined }
  | ({ readonly mining: 'random'; readonly variant?: undefined } & RandomAttributes);

/** @throws ShapeError naming the op and the attribute. */
export function miningOf(op: string, { mining, variant }: TripletMining): Mining {
  checkName(op, 'mining', mining, Object.keys(minings));
  const variants = minings[mining]!;
  const names = Object.keys(variants);
  checkName(op, `variant of '${mining}'`, variant ?? names[0], names);
  return variants[variant ?? names[0]!]!;
}

/** Bytes of scratch of a mining over b rows: distances, weights and indices of an anchor's negatives. */
export const miningScratch = (b: number): number => 3 * Math.ceil(b / 4) * 4 * 4;
