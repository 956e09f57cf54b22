/** [C,H,W] → [H,W,C] */
export function channelsLast(values, channels, pixels) {
  const out = new Float32Array(values.length);
  for (let c = 0; c < channels; c++) for (let i = 0; i < pixels; i++) out[i * channels + c] = values[c * pixels + i];
  return out;
}

/** [H,W,C] → [C,H,W] */
export function channelsFirst(values, channels, pixels) {
  const out = new Float32Array(values.length);
  for (let c = 0; c < channels; c++) for (let i = 0; i < pixels; i++) out[c * pixels + i] = values[i * channels + c];
  return out;
}

/** [kh,kw,C,Co] → [Co,C,kh,kw] */
export function filtersForOnnx(values, taps, c, n) {
  const out = new Float32Array(values.length);
  for (let t = 0; t < taps; t++)
    for (let i = 0; i < c; i++) for (let o = 0; o < n; o++) out[(o * c + i) * taps + t] = values[(t * c + i) * n + o];
  return out;
}
