import { describe, expect, it } from 'vitest';
import { hasData } from '../data.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { runOnnxCase } from '../support/onnx-case.ts';

// Not among them: dilated pooling, which there is no op for, and AvgPool1d, which is a graph of three nodes there.
describe.skipIf(!hasData)("ONNX's conformance cases of one axis", () => {
  it.each([
    'test_Conv1d',
    'test_Conv1d_dilated',
    'test_Conv1d_groups',
    'test_Conv1d_pad1',
    'test_Conv1d_pad1size1',
    'test_Conv1d_pad2',
    'test_Conv1d_pad2size1',
    'test_Conv1d_stride',
    'test_MaxPool1d',
    'test_MaxPool1d_stride',
    'test_BatchNorm1d_3d_input_eval',
    'test_PReLU_1d',
    'test_PReLU_1d_multiparam',
  ])('%s', (name) => {
    const { actual, expected } = runOnnxCase(name);
    expect(actual.shape).toEqual(expected.shape);
    expect(relativeError(actual.values, expected.values)).toBeLessThan(tolerance.elementwise);
  });
});
