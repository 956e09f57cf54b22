// The most multiply-adds that wasm reaches on this machine: c = c·m + s over so many independent registers, no memory.
// Few registers wait for each other's results, many spill, and where the best lies depends on the processor and engine.

export function mul_add_4(rounds: i32, m: f32, s: f32): f32 {
  const x = f32x4.splat(m),
    y = f32x4.splat(s);
  let c0 = y,
    c1 = y,
    c2 = y,
    c3 = y;
  for (; rounds > 0; rounds--) {
    c0 = f32x4.add(f32x4.mul(c0, x), y);
    c1 = f32x4.add(f32x4.mul(c1, x), y);
    c2 = f32x4.add(f32x4.mul(c2, x), y);
    c3 = f32x4.add(f32x4.mul(c3, x), y);
  }
  return f32x4.extract_lane(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), 0);
}

export function mul_add_8(rounds: i32, m: f32, s: f32): f32 {
  const x = f32x4.splat(m),
    y = f32x4.splat(s);
  let c0 = y,
    c1 = y,
    c2 = y,
    c3 = y,
    c4 = y,
    c5 = y,
    c6 = y,
    c7 = y;
  for (; rounds > 0; rounds--) {
    c0 = f32x4.add(f32x4.mul(c0, x), y);
    c1 = f32x4.add(f32x4.mul(c1, x), y);
    c2 = f32x4.add(f32x4.mul(c2, x), y);
    c3 = f32x4.add(f32x4.mul(c3, x), y);
    c4 = f32x4.add(f32x4.mul(c4, x), y);
    c5 = f32x4.add(f32x4.mul(c5, x), y);
    c6 = f32x4.add(f32x4.mul(c6, x), y);
    c7 = f32x4.add(f32x4.mul(c7, x), y);
  }
  const a = f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)),
    b = f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7));
  return f32x4.extract_lane(f32x4.add(a, b), 0);
}

export function mul_add_12(rounds: i32, m: f32, s: f32): f32 {
  const x = f32x4.splat(m),
    y = f32x4.splat(s);
  let c0 = y,
    c1 = y,
    c2 = y,
    c3 = y,
    c4 = y,
    c5 = y,
    c6 = y,
    c7 = y,
    c8 = y,
    c9 = y,
    c10 = y,
    c11 = y;
  for (; rounds > 0; rounds--) {
    c0 = f32x4.add(f32x4.mul(c0, x), y);
    c1 = f32x4.add(f32x4.mul(c1, x), y);
    c2 = f32x4.add(f32x4.mul(c2, x), y);
    c3 = f32x4.add(f32x4.mul(c3, x), y);
    c4 = f32x4.add(f32x4.mul(c4, x), y);
    c5 = f32x4.add(f32x4.mul(c5, x), y);
    c6 = f32x4.add(f32x4.mul(c6, x), y);
    c7 = f32x4.add(f32x4.mul(c7, x), y);
    c8 = f32x4.add(f32x4.mul(c8, x), y);
    c9 = f32x4.add(f32x4.mul(c9, x), y);
    c10 = f32x4.add(f32x4.mul(c10, x), y);
    c11 = f32x4.add(f32x4.mul(c11, x), y);
  }
  const a = f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)),
    b = f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7));
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11))), 0);
}
