export { ImageError, InputError, OutOfMemoryError, ShapeError, WeightsError } from './core/errors.ts';
export * from './faces/index.ts';
export * from './stores/index.ts';
