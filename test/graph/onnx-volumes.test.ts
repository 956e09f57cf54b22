import { describe, expect, it } from 'vitest';
import { hasData } from '../data.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { runOnnxCase } from '../support/onnx-case.ts';

describe.skipIf(!hasData)("ONNX's conformance cases of three axes", () => {
  it.each([
    'test_Conv3d',
    'test_Conv3d_dilated',
    'test_Conv3d_dilated_strided',
    'test_Conv3d_groups',
    'test_Conv3d_no_bias',
    'test_Conv3d_stride',
    'test_Conv3d_stride_padding',
    'test_MaxPool3d',
    'test_MaxPool3d_stride',
    'test_MaxPool3d_stride_padding',
    'test_AvgPool3d',
    'test_AvgPool3d_stride',
    'test_AvgPool3d_stride1_pad0_gpu_input',
    'test_BatchNorm3d_eval',
    'test_BatchNorm3d_momentum_eval',
    'test_PReLU_3d',
    'test_PReLU_3d_multiparam',
  ])('%s', (name) => {
    const { actual, expected } = runOnnxCase(name);
    expect(actual.shape).toEqual(expected.shape);
    expect(relativeError(actual.values, expected.values)).toBeLessThan(tolerance.elementwise);
  });
});
