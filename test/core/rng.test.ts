import { describe, expect, it } from 'vitest';
import { nameNumber, Rng } from '../../src/core/rng.ts';

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

describe('Rng', () => {
  it('is a function of its path', () => {
    const of = (...path: [number, ...number[]]) => {
      const rng = new Rng(...path);
      return draw(4, () => rng.uint32());
    };
    expect(of(1, 2, 3)).toEqual(of(1, 2, 3));
    const paths: [number, ...number[]][] = [
      [1],
      [2],
      [1, 0],
      [1, 1],
      [0, 1],
      [1, 2, 3],
      [1, 3, 2],
      [-1],
      [2 ** 32],
      [2 ** 32 + 1],
      [0],
    ];
    expect(new Set(paths.map((path) => of(...path).join())).size).toBe(paths.length);
  });

  it('keeps its numbers: models that were trained from a seed can be trained again', () => {
    const rng = new Rng(7, 1);
    expect(draw(3, () => rng.uint32())).toMatchInlineSnapshot(`
      [
        3994910499,
        3440663095,
        1574151268,
      ]
    `);
    expect(draw(2, () => rng.normal())).toMatchInlineSnapshot(`
      [
        -0.6909661103354995,
        0.241780858056074,
      ]
    `);
  });

  it('is uniform', () => {
    const rng = new Rng(3);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70000; i++) counts[rng.below(7)]!++;
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(500);
    const values = draw(10000, () => rng.between(-2, 4));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...values)).toBeLessThan(4);
    expect(values.reduce((sum, v) => sum + v) / 10000).toBeCloseTo(1, 1);
  });

  it('is uniform over its first numbers too, step by step', () => {
    const first = Array.from({ length: 20000 }, (_, step) => new Rng(5, step).uniform());
    const bins = new Array<number>(10).fill(0);
    for (const value of first) bins[Math.floor(value * 10)]!++;
    for (const bin of bins) expect(Math.abs(bin - 2000)).toBeLessThan(250);
    // Neighbouring steps have nothing to do with each other.
    let covariance = 0;
    for (let i = 1; i < first.length; i++) covariance += (first[i]! - 0.5) * (first[i - 1]! - 0.5);
    expect(Math.abs(covariance / first.length) * 12).toBeLessThan(0.03);
  });

  it('is normal: moments, and the share within one and two deviations', () => {
    const rng = new Rng(11);
    const values = draw(100000, () => rng.normal());
    const mean = (power: number) => values.reduce((sum, v) => sum + v ** power, 0) / values.length;
    expect(mean(1)).toBeCloseTo(0, 1);
    expect(Math.abs(mean(2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean(4) - 3)).toBeLessThan(0.15);
    const within = (limit: number) => values.filter((v) => Math.abs(v) < limit).length / values.length;
    expect(Math.abs(within(1) - 0.6827)).toBeLessThan(0.006);
    expect(Math.abs(within(2) - 0.9545)).toBeLessThan(0.003);
  });

  it('shuffles every order as likely', () => {
    const rng = new Rng(2);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = rng.shuffle([0, 1, 2]).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('gives names numbers', () => {
    expect(nameNumber('')).toBe(0x811c9dc5);
    expect(nameNumber('a')).toBe(0xe40c292c); // Published vector of FNV-1a.
    expect(nameNumber('conv1')).not.toBe(nameNumber('conv2'));
  });
});
