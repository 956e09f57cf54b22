export { f64_fft } from './fft';
export { f32_istft, f32_stft } from './frames';
export { f32_with_magnitude } from './project';
