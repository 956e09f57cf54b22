import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { networkOf, paintingOf, parseLayers, parseSteps, parseVariation } from '../../src/cli/stylize/options.ts';
import { presets } from '../../src/cli/stylize/presets.ts';

const styles = [{ image: 's', weight: 1 }];

describe('options of a painting', () => {
  it('are those of the preset, and over them what was asked for', () => {
    expect(paintingOf('c', ['s'], {})).toEqual({ content: 'c', styles });
    expect(paintingOf('c', ['s'], { preset: 'fast' })).toEqual({ ...presets.fast.options, content: 'c', styles });
    expect(paintingOf('c', ['s'], { preset: 'fast', size: 99, memory: 2 })).toMatchObject({
      ...presets.fast.options,
      size: 99,
      memory: 2 * 2 ** 20,
    });
    expect(networkOf({ preset: 'gatys' })).toBe('vgg19');
    expect(networkOf({ preset: 'gatys', network: 'faces' })).toBe('faces');
  });

  it('keep steps and levels together', () => {
    const { steps, levels } = paintingOf('c', ['s'], { preset: 'poster', steps: [9, 8] });
    expect({ steps, levels }).toEqual({ steps: [9, 8], levels: 2 });
    const fewer = paintingOf('c', ['s'], { preset: 'poster', levels: 2 });
    expect(fewer.levels).toBe(2);
    expect(fewer.steps).toBeUndefined();
  });

  it('give weights and masks to styles in turn', () => {
    const all = paintingOf('c', ['s', 't', 'u'], { styleWeights: [2, 3], mask: ['none', 'm'], styleMask: ['p'] });
    expect(all.styles).toEqual([
      { image: 's', weight: 2, imageMask: 'p' },
      { image: 't', weight: 3, mask: 'm' },
      { image: 'u', weight: 1 },
    ]);
    expect(paintingOf('c', ['s'], { start: 'uniform' }).start).toBe('uniform');
    expect(paintingOf('c', ['s'], { start: 'sketch.png' }).start).toEqual({ image: 'sketch.png' });
  });

  it('are read from words', () => {
    expect(parseLayers('a, b')).toEqual(['a', 'b']);
    expect(parseLayers('a=1,b=0.5')).toEqual({ a: 1, b: 0.5 });
    expect(parseSteps('200')).toBe(200);
    expect(parseSteps('100,60')).toEqual([100, 60]);
    expect(parseVariation('1.5')).toEqual({ exponent: 1.5 });
    expect(parseVariation('absolute')).toBe('absolute');
  });

  it.each([
    () => parseLayers('a,,b'),
    () => parseLayers('a=1=2'),
    () => parseLayers('a=-1'),
    () => parseSteps('1.5'),
    () => parseVariation('0.5'),
  ])('refuse words that say nothing %#', (parse) => {
    expect(parse).toThrow(InvalidArgumentError);
  });
});
