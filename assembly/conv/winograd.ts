import { tile_4x8 } from '../gemm/micro';
import { tile_1x16 } from '../gemm/micro1';
import { tile_6x8 } from '../gemm/micro6';
import { filter_4, finish_4, input_4, output_4 } from './winograd2';
import { filter_6, finish_6, input_6, output_6 } from './winograd4';
import { filter_8_of_4 } from './winograd5';
import { filter_8, finish_8, input_8, output_8 } from './winograd6';

// A 3 × 3 convolution at stride 1 as (size + 2)² small matrix products, `size` 6, 4 or 2 outputs a side of a tile; `size` 5
// is a 4 × 4 convolution on the points of 6 (winograd-polyphase.ts).
//
//   input tile ──Bᵀ·B──▶ V[point][tile][c] ──·U[point]──▶ M[point][tile][n] ──Aᵀ·A, bias, activation──▶ output tile
//
// A block of tiles goes through all three before the next one, so that V and M stay in the cache. Each of the three is a
// kernel too: where all tiles are a few blocks, threads share the tiles of a block in the transforms, and its points in the
// products. Points lie a cache line further apart than they are long: at a multiple of 4 KiB the stores of a transform
// would fight for one set (1.5 times slower at 64 channels). Scratch:
//   V  points · (block · c + 16)  ·  M  points · (block · n + 16)  ·  patch  points · c  ·  one square of `points` vectors

/** Bytes between one point's values and the next one's. */
export const POINT_GAP: usize = 64;

/** Points a side. */
// @ts-ignore: decorator
@inline
export function side_of(size: i32): i32 {
  assert(size == 6 || size == 5 || size == 4 || size == 2);
  return (size + 3) & ~1;
}

/**
 * Filters [kd][taps][taps][c][n] to U[point][n / 8][kd][c][8], POINT_GAP bytes behind each point; of the n columns the first
 * `columns`. c is a multiple of 4, n and columns of 8. `scratch` is a square.
 */
export function f32_winograd_filter(
  u: usize, filters: usize, scratch: usize, kd: i32, c: i32, n: i32, columns: i32, size: i32,
): void {
  assert(n % 8 == 0 && columns % 8 == 0 && u % 16 == 0 && scratch % 16 == 0);
  const side = side_of(size), taps = side - size + 1;
  const pixel = <usize>n << 2;
  const tap = <usize>c * pixel;
  const point = (<usize>(kd * c * n) << 2) + POINT_GAP;
  // A panel is written from end to end: across panels the points' pages would be more than the processor remembers.
  for (let j = 0; j < columns; j += 8) {
    let g = filters + (<usize>j << 2);
    for (let i = 0, depth = c; i < kd * c; i++) {
      if (i == depth) { g += <usize>(taps * taps - 1) * tap; depth += c; }
      for (let half: usize = 0; half < 32; half += 16) {
        const from = g + half;
        if (size == 6) {
          for (let y = 0; y < 3; y++) filter_8(scratch + <usize>y * 128, 16, from + <usize>(3 * y) * tap, tap);
          for (let x = 0; x < side; x++) filter_8(u + <usize>x * point, 8 * point, scratch + (<usize>x << 4), 128);
        } else if (size == 4) {
          for (let y = 0; y < 3; y++) filter_6(scratch + <usize>y * 96, 16, from + <usize>(3 * y) * tap, tap);
          for (let x = 0; x < side; x++) filter_6(u + <usize>x * point, 6 * point, scratch + (<usize>x << 4), 96);
        } else if (size == 5) {
          for (let y = 0; y < 4; y++) filter_8_of_4(scratch + <usize>y * 128, 16, from + <usize>(4 * y) * tap, tap);
          for (let x = 0; x < side; x++) filter_8_of_4(u + <usize>x * point, 8 * point, scratch + (<usize>x << 4), 128);
        } else {
          for (let y = 0; y < 3; y++) filter_4(scratch + <usize>y * 64, 16, from + <usize>(3 * y) * tap, tap);
          for (let x = 0; x < side; x++) filter_4(u + <usize>x * point, 4 * point, scratch + (<usize>x << 4), 64);
        }
        u += 16;
      }
      g += pixel;
    }
  }
}

/**
 * out[b][y][x][n] = activation(Σ in[b][y + ky − top][x + kx − left][c] · filters[ky][kx][c][n] + bias[n]), cells outside
 * the input 0; of the tiles only `count` from `first` on. `block` tiles at a time, a multiple of 4.
 */
export function f32_winograd_conv2d(
  out: usize, input: usize, u: usize, bias: usize, scratch: usize,
  first: i32, count: i32, h: i32, w: i32, c: i32, n: i32, top: i32, left: i32, out_h: i32, out_w: i32,
  size: i32, block: i32, slope: f32, lo: f32, hi: f32,
): void {
  conv2d(false, out, input, u, bias, scratch, first, count, h, w, c, n, top, left, out_h, out_w, size, block, slope, lo, hi);
}

/** f32_winograd_conv2d, its products in tiles of six rows where `six`, which is known when this is compiled. */
// @ts-ignore: decorator
@inline
export function conv2d(
  six: bool, out: usize, input: usize, u: usize, bias: usize, scratch: usize,
  first: i32, count: i32, h: i32, w: i32, c: i32, n: i32, top: i32, left: i32, out_h: i32, out_w: i32,
  size: i32, block: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(first >= 0 && count >= 0 && block % 4 == 0);
  const points = side_of(size) * side_of(size);
  const pixel = <usize>c << 2, out_pixel = <usize>n << 2;
  const v = scratch;
  const m = v + <usize>points * (<usize>block * pixel + POINT_GAP);
  const patch = m + <usize>points * (<usize>block * out_pixel + POINT_GAP);
  for (const end = first + count; first < end; first += block) {
    const tiles = min(block, end - first);
    const v_point = <usize>tiles * pixel + POINT_GAP, m_point = <usize>((tiles + 3) & ~3) * out_pixel + POINT_GAP;
    f32_winograd_input(v, input, patch, first, tiles, h, w, c, top, left, out_h, out_w, v_point, size);
    multiply(six, m, v, u, points, tiles, c, n);
    f32_winograd_output(out, m, bias, patch, first, tiles, n, out_h, out_w, m_point, size, slope, lo, hi);
  }
}

/**
 * V[point][t][c] = (Bᵀ d B)[point] of the `count` tiles from `first` on, points `v_point` bytes apart. Tiles are numbered
 * through the batch in row order. `scratch`: a patch and a square.
 */
export function f32_winograd_input(
  v: usize, input: usize, scratch: usize,
  first: i32, count: i32, h: i32, w: i32, c: i32, top: i32, left: i32, out_h: i32, out_w: i32, v_point: usize, size: i32,
): void {
  input_tiles(v, <usize>c << 2, input, scratch, first, count, h, w, c, top, left, out_h, out_w, v_point, size);
}

/** f32_winograd_input with the tiles of V `v_tile` bytes apart. */
export function input_tiles(
  v: usize, v_tile: usize, input: usize, scratch: usize,
  first: i32, count: i32, h: i32, w: i32, c: i32, top: i32, left: i32, out_h: i32, out_w: i32, v_point: usize, size: i32,
): void {
  assert(c % 4 == 0 && first >= 0 && count >= 0 && scratch % 16 == 0);
  const side = side_of(size);
  const tiles_x = (out_w + size - 1) / size, tiles_y = (out_h + size - 1) / size;
  const pixel = <usize>c << 2, row = <usize>w * pixel, image = <usize>h * row;
  const square = scratch + <usize>(side * side) * pixel;
  for (const end = first + count; first < end; first++) {
    const b = first / (tiles_y * tiles_x), rest = first - b * (tiles_y * tiles_x);
    const ty = rest / tiles_x, tx = rest - ty * tiles_x;
    const y = ty * size - top, x = tx * size - left;
    let from = input + <usize>b * image, from_row = row;
    if (y >= 0 && x >= 0 && y + side <= h && x + side <= w) {
      from += <usize>y * row + <usize>x * pixel;
    } else {
      copy_patch(scratch, from, y, x, side, h, w, pixel);
      from = scratch;
      from_row = <usize>side * pixel;
    }
    transform_input(v, v_point, from, from_row, pixel, square, size);
    v += v_tile;
  }
}

/**
 * M[point] = V[point] · U[point]: `points` products of V [tiles][c] with U in panels [n / 8][c][8], POINT_GAP behind each
 * point of all three. M has rows up to a multiple of 4; those behind the last tile are of no use.
 */
export function f32_winograd_multiply(m: usize, v: usize, u: usize, points: i32, tiles: i32, c: i32, n: i32): void {
  multiply(false, m, v, u, points, tiles, c, n);
}

// @ts-ignore: decorator
@inline
export function multiply(six: bool, m: usize, v: usize, u: usize, points: i32, tiles: i32, c: i32, n: i32): void {
  assert(points >= 0 && tiles > 0 && c > 0 && n % 8 == 0 && u % 16 == 0);
  const v_row = <usize>c << 2, m_row = <usize>n << 2;
  const panel = <usize>c << 5;
  // An odd square of tiles leaves one over: 9, 25, 49, 81.
  const single = (tiles & 3) == 1 && n % 16 == 0, fours = single ? tiles - 1 : tiles;
  for (let point = 0; point < points; point++) {
    for (let column = 0; column < n; column += 8) {
      let a = v, to = m + (<usize>column << 2);
      let t = 0;
      if (six) {
        // In pairs, so that the fours behind them end where M does.
        for (const sixes = tiles - tiles % 12; t < sixes; t += 6) {
          tile_6x8(to, a, v_row, u, 0, c, m_row, false, false, 0, 0, 0);
          a += 6 * v_row;
          to += 6 * m_row;
        }
      }
      for (; t < fours; t += 4) {
        const rows = tiles - t;
        const a1 = rows > 1 ? a + v_row : a, a2 = rows > 2 ? a1 + v_row : a1, a3 = rows > 3 ? a2 + v_row : a2;
        tile_4x8(to, a, a1, a2, a3, u, 0, c, m_row, false, false, 0, 0, 0);
        a += 4 * v_row;
        to += 4 * m_row;
      }
      u += panel;
    }
    if (single) {
      const a = v + <usize>fours * v_row, to = m + <usize>fours * m_row;
      let p = u - <usize>(n >> 3) * panel;
      for (let column: usize = 0; column < m_row; column += 64) {
        tile_1x16(to + column, a, p, panel, c);
        p += 2 * panel;
      }
    }
    u += POINT_GAP;
    v += <usize>tiles * v_row + POINT_GAP;
    m += <usize>((tiles + 3) & ~3) * m_row + POINT_GAP;
  }
}

/**
 * The outputs of the `count` tiles from `first` on: activation(Aᵀ M A + bias), M's points `m_point` bytes apart. `square`
 * is a square of scratch.
 */
export function f32_winograd_output(
  out: usize, m: usize, bias: usize, square: usize,
  first: i32, count: i32, n: i32, out_h: i32, out_w: i32, m_point: usize, size: i32, slope: f32, lo: f32, hi: f32,
): void {
  output_tiles(out, m, <usize>n << 2, bias, square, first, count, n, out_h, out_w, m_point, size, slope, lo, hi);
}

/** f32_winograd_output with the tiles of M `m_tile` bytes apart. */
export function output_tiles(
  out: usize, m: usize, m_tile: usize, bias: usize, square: usize,
  first: i32, count: i32, n: i32, out_h: i32, out_w: i32, m_point: usize, size: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(n % 4 == 0 && first >= 0 && count >= 0 && square % 16 == 0);
  const tiles_x = (out_w + size - 1) / size, tiles_y = (out_h + size - 1) / size;
  const pixel = <usize>n << 2, row = <usize>out_w * pixel, image = <usize>out_h * row;
  for (const end = first + count; first < end; first++) {
    const b = first / (tiles_y * tiles_x), rest = first - b * (tiles_y * tiles_x);
    const y = rest / tiles_x * size, x = rest % tiles_x * size;
    transform_output(
      out + <usize>b * image + <usize>y * row + <usize>x * pixel, row, pixel, m,
      m_point, bias, square, size, min(size, out_h - y), min(size, out_w - x), slope, lo, hi,
    );
    m += m_tile;
  }
}

/** The square of input under a tile that hangs over the border, zeros outside. */
export function copy_patch(patch: usize, image: usize, y: i32, x: i32, side: i32, h: i32, w: i32, pixel: usize): void {
  const bytes = <usize>side * pixel;
  const x0 = max(0, -x), x1 = min(side, w - x);
  for (let i = 0; i < side; i++) {
    if (y + i < 0 || y + i >= h || x1 <= x0) {
      memory.fill(patch, 0, bytes);
    } else {
      memory.fill(patch, 0, <usize>x0 * pixel);
      memory.copy(patch + <usize>x0 * pixel, image + <usize>((y + i) * w + x + x0) * pixel, <usize>(x1 - x0) * pixel);
      memory.fill(patch + <usize>x1 * pixel, 0, <usize>(side - x1) * pixel);
    }
    patch += bytes;
  }
}

export function transform_input(v: usize, v_point: usize, from: usize, row: usize, pixel: usize, square: usize, size: i32): void {
  const end = from + pixel;
  if (size > 4) {
    for (; from < end; from += 16, v += 16) {
      for (let y: usize = 0; y < 8; y++) input_8(square + y * 128, 16, from + y * row, pixel);
      for (let x: usize = 0; x < 8; x++) input_8(v + x * v_point, 8 * v_point, square + (x << 4), 128);
    }
  } else if (size == 4) {
    for (; from < end; from += 16, v += 16) {
      for (let y: usize = 0; y < 6; y++) input_6(square + y * 96, 16, from + y * row, pixel);
      for (let x: usize = 0; x < 6; x++) input_6(v + x * v_point, 6 * v_point, square + (x << 4), 96);
    }
  } else {
    for (; from < end; from += 16, v += 16) {
      for (let y: usize = 0; y < 4; y++) input_4(square + y * 64, 16, from + y * row, pixel);
      for (let x: usize = 0; x < 4; x++) input_4(v + x * v_point, 4 * v_point, square + (x << 4), 64);
    }
  }
}

function transform_output(
  out: usize, out_row: usize, out_pixel: usize, m: usize, m_point: usize, bias: usize, square: usize,
  size: i32, rows: i32, columns: i32, slope: f32, lo: f32, hi: f32,
): void {
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  const end = m + out_pixel;
  if (size == 6) {
    for (; m < end; m += 16, bias += 16, out += 16) {
      for (let x: usize = 0; x < 8; x++) output_8(false, square + (x << 4), 128, m + x * m_point, 8 * m_point);
      const b = v128.load(bias);
      for (let y = 0; y < rows; y++) finish_8(false, out + <usize>y * out_row, out_pixel, square + <usize>y * 128, columns, b, s, l, u);
    }
  } else if (size == 4) {
    for (; m < end; m += 16, bias += 16, out += 16) {
      for (let x: usize = 0; x < 6; x++) output_6(square + (x << 4), 96, m + x * m_point, 6 * m_point);
      const b = v128.load(bias);
      for (let y = 0; y < rows; y++) finish_6(out + <usize>y * out_row, out_pixel, square + <usize>y * 96, columns, b, s, l, u);
    }
  } else if (size == 5) {
    for (; m < end; m += 16, bias += 16, out += 16) {
      for (let x: usize = 0; x < 8; x++) output_8(true, square + (x << 4), 128, m + x * m_point, 8 * m_point);
      const b = v128.load(bias);
      for (let y = 0; y < rows; y++) finish_8(true, out + <usize>y * out_row, out_pixel, square + <usize>y * 128, columns, b, s, l, u);
    }
  } else {
    for (; m < end; m += 16, bias += 16, out += 16) {
      for (let x: usize = 0; x < 4; x++) output_4(square + (x << 4), 64, m + x * m_point, 4 * m_point);
      const b = v128.load(bias);
      for (let y = 0; y < rows; y++) finish_4(out + <usize>y * out_row, out_pixel, square + <usize>y * 64, columns, b, s, l, u);
    }
  }
}
