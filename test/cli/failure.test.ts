import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, inPhoto, reportError } from '../../src/cli/failure.ts';
import { ImageError, InputError, OutOfMemoryError } from '../../src/core/errors.ts';
import { NoFaceError, SeveralFacesError } from '../../src/faces/errors.ts';
import { capture } from './capture.ts';

const face = (x: number) => ({ box: { x, y: 20, width: 30, height: 40 }, score: 0.987, landmarks: [{ x: 1, y: 2 }] });
const systemError = (code: string) => Object.assign(new Error(`${code}: x`), { code });

describe('exit codes', () => {
  it.each([
    [new InputError('x'), 2],
    [new ImageError('x'), 2],
    [new NoFaceError('x'), 2],
    [systemError('ENOENT'), 2],
    [systemError('EACCES'), 2],
    [new CommanderError(1, 'commander.unknownOption', 'error: x'), 2],
    [new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'), 0],
    [new OutOfMemoryError('x'), 3],
    [new RangeError('Array buffer allocation failed'), 3],
    [systemError('ENOSPC'), 3],
    [new TypeError('x'), 3],
    ['thrown text', 3],
  ])('%s is %i', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});

describe('reportError', () => {
  it('lists the faces among which to choose', () => {
    const terminal = capture();
    const error = new SeveralFacesError('a.jpg: 2 faces', [face(10), face(99)]);
    expect(reportError(error, false, 'facsimile verify', terminal)).toBe(2);
    expect(terminal.stdout).toBe('');
    expect(terminal.stderr).toBe(
      'facsimile: a.jpg: 2 faces\n  face 1: 30 × 40 at (10, 20), score 0.99\n  face 2: 30 × 40 at (99, 20), score 0.99\n',
    );
  });

  it('is one JSON document on standard output', () => {
    const terminal = capture();
    expect(reportError(new SeveralFacesError('two', [face(10)]), true, 'facsimile', terminal)).toBe(2);
    expect(JSON.parse(terminal.stdout)).toEqual({
      error: { name: 'SeveralFacesError', message: 'two', faces: [face(10)] },
    });
    expect(terminal.stderr).toBe('');
  });

  it('shows where a bug is, and says that it is one', () => {
    const terminal = capture();
    expect(reportError(new TypeError('x is not a function'), false, 'facsimile', terminal)).toBe(3);
    expect(terminal.stderr).toContain('failure of facsimile');
    expect(terminal.stderr).toContain('failure.test.ts');
  });
});

describe('inPhoto', () => {
  it('puts the path in front, once', async () => {
    await expect(inPhoto('a.jpg', Promise.reject(new NoFaceError('no face found')))).rejects.toThrow(
      'a.jpg: no face found',
    );
    await expect(inPhoto('a.jpg', Promise.reject(new ImageError('a.jpg: not an image')))).rejects.toThrow(
      /^a\.jpg: not an image$/,
    );
    await expect(inPhoto('a.jpg', Promise.reject(new TypeError('bug')))).rejects.toThrow(/^bug$/);
    await expect(inPhoto('a.jpg', Promise.resolve(7))).resolves.toBe(7);
  });
});
