/**
 * x[d0][d1][d2][d3] with zeros around it: `b0` … `b3` before and `a0` … `a3` after, along each axis.
 */
export function f32_pad(
  out: usize, x: usize, d0: i32, d1: i32, d2: i32, d3: i32,
  b0: i32, a0: i32, b1: i32, a1: i32, b2: i32, a2: i32, b3: i32, a3: i32,
): void {
  assert(d0 > 0 && d1 > 0 && d2 > 0 && d3 > 0);
  assert(b0 >= 0 && a0 >= 0 && b1 >= 0 && a1 >= 0 && b2 >= 0 && a2 >= 0 && b3 >= 0 && a3 >= 0);
  const run = <usize>d3 << 2, before = <usize>b3 << 2, after = <usize>a3 << 2;
  const row = before + run + after, plane = <usize>(b2 + d2 + a2) * row, block = <usize>(b1 + d1 + a1) * plane;
  out = zeros(out, <usize>b0 * block);
  for (let i = 0; i < d0; i++) {
    out = zeros(out, <usize>b1 * plane);
    for (let j = 0; j < d1; j++) {
      out = zeros(out, <usize>b2 * row);
      for (let k = 0; k < d2; k++) {
        out = zeros(out, before);
        memory.copy(out, x, run);
        x += run;
        out = zeros(out + run, after);
      }
      out = zeros(out, <usize>a2 * row);
    }
    out = zeros(out, <usize>a1 * plane);
  }
  zeros(out, <usize>a0 * block);
}

/** Clears `bytes` and returns where they end. */
function zeros(out: usize, bytes: usize): usize {
  if (bytes > 0) memory.fill(out, 0, bytes);
  return out + bytes;
}
