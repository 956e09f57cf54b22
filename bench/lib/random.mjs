/** Floats in −1 … 1 from a seed: a multiplicative congruential generator (Park & Miller 1988, multiplier 48271). */
export function randomFloats(length, seed, values = new Float32Array(length)) {
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (state * 48271) % 2147483647;
    values[i] = (state / 2147483647) * 2 - 1;
  }
  return values;
}
