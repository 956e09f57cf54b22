// The k nearest so far: a binary heap with the worst on top, f32 distances[k] then i32 indices[k].

/** Whether (distance, index) is further away than (other, other_index): of equal distances the higher index is. */
// @ts-ignore: decorator
@inline
function worse(distance: f32, index: i32, other: f32, other_index: i32): bool {
  return distance > other || (distance == other && index > other_index);
}

/** Takes a neighbour in where it is among the k nearest; returns how many there are now. Its distance is not NaN. */
export function heap_offer(heap: usize, k: i32, entries: i32, distance: f32, index: i32): i32 {
  const indices = heap + (<usize>k << 2);
  if (entries < k) {
    let at = entries;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const d = load<f32>(heap + (<usize>up << 2)), i = load<i32>(indices + (<usize>up << 2));
      if (!worse(distance, index, d, i)) break;
      put(heap, indices, at, d, i);
      at = up;
    }
    put(heap, indices, at, distance, index);
    return entries + 1;
  }
  if (!worse(load<f32>(heap), load<i32>(indices), distance, index)) return entries;
  let at = 0;
  for (let down = 1; down < k; down = 2 * at + 1) {
    let d = load<f32>(heap + (<usize>down << 2)), i = load<i32>(indices + (<usize>down << 2));
    if (down + 1 < k) {
      const d2 = load<f32>(heap + (<usize>down << 2), 4), i2 = load<i32>(indices + (<usize>down << 2), 4);
      if (worse(d2, i2, d, i)) { d = d2; i = i2; down++; }
    }
    if (!worse(d, i, distance, index)) break;
    put(heap, indices, at, d, i);
    at = down;
  }
  put(heap, indices, at, distance, index);
  return entries;
}

/** The distance that a neighbour must not exceed to be taken in. */
// @ts-ignore: decorator
@inline
export function heap_limit(heap: usize, k: i32, entries: i32): f32 {
  return entries < k ? Infinity : load<f32>(heap);
}

// @ts-ignore: decorator
@inline
function put(heap: usize, indices: usize, at: i32, distance: f32, index: i32): void {
  store<f32>(heap + (<usize>at << 2), distance);
  store<i32>(indices + (<usize>at << 2), index);
}
