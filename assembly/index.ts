// The core: what finding, embedding and comparing faces takes, and what other networks of convolutions do.
export { f32_gemm_pack } from './gemm/pack';
export { f32_gemm_4x8 } from './gemm/gemm';
export { f32_activate } from './activation/activate';
export { f32_add } from './elementwise/add';
export { f32_conv_direct } from './conv/direct';
export {
  f32_winograd_conv2d, f32_winograd_filter, f32_winograd_input, f32_winograd_multiply, f32_winograd_output,
} from './conv/winograd';
export { f32_winograd_polyphase } from './conv/winograd-polyphase';
export { f32_winograd_conv3d } from './conv/winograd3d';
export { f32_image_square } from './image/square';
export { f32_image_warp } from './image/warp';
export { f32_depthwise_conv, f32_depthwise_pack } from './conv/depthwise';
export { f32_max_pool } from './pool/max';
export { f32_average_pool } from './pool/average';
export { f32_global_average_pool } from './pool/global-average';
export { f32_affine } from './elementwise/affine';
export { f32_pad } from './elementwise/pad';
export { f32_squared_distances } from './distance/all';
export { f32_nearest } from './distance/nearest';
export { f32_nearest_batch, f32_nearest_prepare } from './distance/nearest-batch';
export { i8_nearest } from './distance/nearest-coded';
export { i8_quantize, i16_quantize } from './distance/quantize';
