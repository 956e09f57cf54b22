import { squared_distance, squared_distances_4 } from './squared';

/**
 * out[i] = ‖query − gallery[i]‖², n rows `row` bytes apart, d a multiple of 8. Four rows a quarter of the gallery apart
 * are read together, as in f32_nearest.
 */
export function f32_squared_distances(out: usize, query: usize, gallery: usize, n: i32, d: i32, row: usize): void {
  assert(n >= 0 && d >= 0 && d % 8 == 0 && row >= <usize>d << 2);
  const quarter = n >> 2;
  const stream = <usize>quarter * row, apart = <usize>quarter << 2;
  let from = gallery, to = out;
  for (let i = 0; i < quarter; i++) {
    const s = squared_distances_4(query, from, from + stream, from + 2 * stream, from + 3 * stream, d);
    v128.store32_lane(to, s, 0);
    v128.store32_lane(to + apart, s, 1);
    v128.store32_lane(to + 2 * apart, s, 2);
    v128.store32_lane(to + 3 * apart, s, 3);
    from += row; to += 4;
  }
  for (let i = 4 * quarter; i < n; i++) {
    store<f32>(out + (<usize>i << 2), squared_distance(query, gallery + <usize>i * row, d));
  }
}
