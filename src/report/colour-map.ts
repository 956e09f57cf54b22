/** Nine colours of matplotlib's map magma (CC0), evenly from dark to bright: even steps look even, in grey too. */
const MAGMA = ['000004', '1d1147', '51127c', '832681', 'b73779', 'e75263', 'fc8961', 'fec488', 'fcfdbf'].map((hex) =>
  [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
);

/** The colour of a share 0 … 1, red, green and blue 0 … 255; what lies beyond counts as the end. */
export function magma(share: number): readonly [number, number, number] {
  const at = Math.min(Math.max(share, 0), 1) * (MAGMA.length - 1);
  const below = Math.min(Math.floor(at), MAGMA.length - 2);
  const mix = (c: number): number =>
    Math.round(MAGMA[below]![c]! + (MAGMA[below + 1]![c]! - MAGMA[below]![c]!) * (at - below));
  return [mix(0), mix(1), mix(2)];
}
