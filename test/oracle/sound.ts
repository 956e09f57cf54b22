/** X[k] = Σ x[j]·e^(−2πi·jk/n) of n complex numbers, (re, im) behind one another, term by term in float64. */
export function dft(x: ArrayLike<number>): Float64Array {
  const n = x.length / 2;
  const out = new Float64Array(2 * n);
  for (let k = 0; k < n; k++)
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      out[2 * k]! += x[2 * j]! * cos - x[2 * j + 1]! * sin;
      out[2 * k + 1]! += x[2 * j]! * sin + x[2 * j + 1]! * cos;
    }
  return out;
}

/** The n/2 + 1 numbers of the spectrum of n reals, (re, im). */
export const realDft = (x: ArrayLike<number>): Float64Array =>
  dft(Array.from(x, (value) => [value, 0]).flat()).slice(0, x.length + 2);

/** Frame t of a sound as the spectrum sees it: `size` values from t·hop − lead on, zeros beyond the ends, times the window. */
export const windowed = (
  x: ArrayLike<number>,
  t: number,
  hop: number,
  lead: number,
  window: ArrayLike<number>,
): number[] => Array.from(window, (weight, j) => weight * (x[t * hop - lead + j] ?? 0));

const hann = (n: number): number[] => Array.from({ length: n }, (_, j) => 0.5 - 0.5 * Math.cos((2 * Math.PI * j) / n));

/** Powers of the bins of every frame, centred, [frames][bins]. */
export function powers(x: ArrayLike<number>, size: number, hop: number): number[][] {
  const window = hann(size);
  return Array.from({ length: 1 + Math.floor(x.length / hop) }, (_, t) => {
    const spectrum = realDft(windowed(x, t, hop, size / 2, window));
    return Array.from({ length: size / 2 + 1 }, (_, k) => spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2);
  });
}

const slaneyHertz = (mel: number): number =>
  mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp((Math.log(6.4) / 27) * (mel - 15));

/** Slaney's triangles as librosa's `filters.mel` lays them over the bins, each of area 1, [bands][bins]. */
export function slaneyFilters(sampleRate: number, size: number, bands: number): number[][] {
  const top = 15 + Math.log(sampleRate / 2 / 1000) / (Math.log(6.4) / 27);
  const edges = Array.from({ length: bands + 2 }, (_, i) => slaneyHertz((top * i) / (bands + 1)));
  return Array.from({ length: bands }, (_, band) => {
    const [left, centre, right] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    return Array.from({ length: size / 2 + 1 }, (_, k) => {
      const f = (k * sampleRate) / size;
      return (Math.max(0, Math.min((f - left) / (centre - left), (right - f) / (right - centre))) * 2) / (right - left);
    });
  });
}

/** DCT-II with orthonormal rows. */
export const dct = (x: readonly number[], count: number): number[] =>
  Array.from({ length: count }, (_, i) =>
    x.reduce(
      (sum, value, j) =>
        sum + value * Math.sqrt((i === 0 ? 1 : 2) / x.length) * Math.cos((Math.PI * i * (j + 0.5)) / x.length),
      0,
    ),
  );

/** librosa's `feature.mfcc` with its defaults, [frames][coefficients]. */
export function librosaMfcc(
  x: ArrayLike<number>,
  sampleRate: number,
  size: number,
  hop: number,
  bands: number,
  count: number,
): number[][] {
  const filters = slaneyFilters(sampleRate, size, bands);
  const mel = powers(x, size, hop).map((frame) =>
    filters.map((filter) => filter.reduce((sum, weight, k) => sum + weight * frame[k]!, 0)),
  );
  const levels = mel.map((frame) => frame.map((power) => 10 * Math.log10(Math.max(power, 1e-10))));
  const floor = Math.max(...levels.flat()) - 80;
  return levels.map((frame) =>
    dct(
      frame.map((level) => Math.max(level, floor)),
      count,
    ),
  );
}

/** HTK's MFCC with c₁ … c_count, written from HTKBook 3.5, section 5.6, [frames][coefficients]. */
export function htkMfcc(x: ArrayLike<number>, sampleRate: number, bands: number, count: number): number[][] {
  const [length, hop] = [Math.round(sampleRate * 0.025), Math.round(sampleRate * 0.01)];
  const size = 2 ** Math.ceil(Math.log2(length));
  const mel = (f: number): number => 1127 * Math.log(1 + f / 700);
  const centres = Array.from({ length: bands + 2 }, (_, i) => (mel(sampleRate / 2) * i) / (bands + 1));
  return Array.from({ length: 1 + Math.floor((x.length - length) / hop) }, (_, t) => {
    const frame = Array.from({ length }, (_, j) => 32768 * x[t * hop + j]!);
    const emphasised = frame.map((value, j) => (j === 0 ? value * (1 - 0.97) : value - 0.97 * frame[j - 1]!));
    const weighted = emphasised.map((value, j) => value * (0.54 - 0.46 * Math.cos((2 * Math.PI * j) / (length - 1))));
    const spectrum = realDft([...weighted, ...new Array<number>(size - length).fill(0)]);
    const sums = new Array<number>(bands).fill(0);
    for (let k = 1; k < size / 2; k++) {
      const at = mel((k * sampleRate) / size);
      const magnitude = Math.hypot(spectrum[2 * k]!, spectrum[2 * k + 1]!);
      const channel = centres.findLastIndex((centre) => centre <= at);
      const rising = (at - centres[channel]!) / (centres[channel + 1]! - centres[channel]!);
      if (channel < bands) sums[channel]! += rising * magnitude;
      if (channel > 0) sums[channel - 1]! += (1 - rising) * magnitude;
    }
    const logarithms = sums.map((sum) => Math.log(Math.max(sum, 1)));
    return Array.from({ length: count }, (_, i) => {
      const n = i + 1;
      const c = logarithms.reduce(
        (sum, value, j) => sum + Math.sqrt(2 / bands) * value * Math.cos(((Math.PI * n) / bands) * (j + 0.5)),
        0,
      );
      return c * (1 + 11 * Math.sin((Math.PI * n) / 22));
    });
  });
}
