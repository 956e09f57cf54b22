import { heap_limit, heap_offer } from './heap';
import { squared_distance, squared_distances_4 } from './squared';

/**
 * Takes the rows of a gallery into the heap of the k nearest to `query` (see heap.ts), row i as index `first` + i.
 * `entries` are in the heap already, so that a gallery in several parts is searched part by part. Of equal distances the
 * lower index is nearer. Returns the entries afterwards, or −1 where a distance was NaN; NaN never enters the heap.
 *
 * n rows `row` bytes apart, d a multiple of 8. Eight rows an eighth of the gallery apart are read in turn: eight streams
 * keep more of the memory busy than one.
 */
export function f32_nearest(
  heap: usize, entries: i32, query: usize, gallery: usize, n: i32, d: i32, k: i32, row: usize, first: i32,
): i32 {
  assert(n >= 0 && d >= 0 && d % 8 == 0 && row >= <usize>d << 2);
  assert(k > 0 && entries >= 0 && entries <= k && first >= 0);
  const eighth = n >> 3;
  const stream = <usize>eighth * row;
  const half = gallery + 4 * stream;
  let limit = f32x4.splat(heap_limit(heap, k, entries));
  let nan = i32x4.splat(0);
  let offset: usize = 0;
  for (let i = 0; i < eighth; i++) {
    const a = gallery + offset, b = half + offset;
    const near = squared_distances_4(query, a, a + stream, a + 2 * stream, a + 3 * stream, d);
    const far = squared_distances_4(query, b, b + stream, b + 2 * stream, b + 3 * stream, d);
    nan = v128.or(nan, v128.or(f32x4.ne(near, near), f32x4.ne(far, far)));
    if (v128.any_true(v128.or(f32x4.le(near, limit), f32x4.le(far, limit)))) {
      entries = offer_4(heap, k, entries, near, first + i, eighth);
      entries = offer_4(heap, k, entries, far, first + i + 4 * eighth, eighth);
      limit = f32x4.splat(heap_limit(heap, k, entries));
    }
    offset += row;
  }
  for (let i = 8 * eighth; i < n; i++) {
    const distance = squared_distance(query, gallery + <usize>i * row, d);
    if (distance != distance) nan = i32x4.splat(-1);
    else entries = heap_offer(heap, k, entries, distance, first + i);
  }
  return v128.any_true(nan) ? -1 : entries;
}

/** Offers four distances, their indices `step` apart. */
function offer_4(heap: usize, k: i32, entries: i32, distances: v128, index: i32, step: i32): i32 {
  entries = offer(heap, k, entries, f32x4.extract_lane(distances, 0), index);
  entries = offer(heap, k, entries, f32x4.extract_lane(distances, 1), index + step);
  entries = offer(heap, k, entries, f32x4.extract_lane(distances, 2), index + 2 * step);
  return offer(heap, k, entries, f32x4.extract_lane(distances, 3), index + 3 * step);
}

// @ts-ignore: decorator
@inline
function offer(heap: usize, k: i32, entries: i32, distance: f32, index: i32): i32 {
  return distance == distance ? heap_offer(heap, k, entries, distance, index) : entries;
}
