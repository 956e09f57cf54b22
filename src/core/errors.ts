/**
 * Something a caller handed in that cannot be used: a file that is not an image, weights that do not fit, a photo
 * without a face. Callers branch on the subclass; the command line turns every one of them into exit code 2.
 */
export class InputError extends Error {
  override name = 'InputError';
}

/** An image that cannot be read: not an image, truncated, hostile header, too large, or of an unsupported kind. */
export class ImageError extends InputError {
  override name = 'ImageError';
}

/** A sound that cannot be read: not a WAV file, truncated, of an unsupported kind, too short for what is asked. */
export class SoundError extends InputError {
  override name = 'SoundError';
}

/** A volume that cannot be read or used: not NIfTI or DICOM, truncated, of an unsupported kind, without a sound geometry. */
export class VolumeError extends InputError {
  override name = 'VolumeError';
}

/** Weights that cannot be used: a missing or truncated tensor, a wrong shape, dtype or size. Names the tensor. */
export class WeightsError extends InputError {
  override name = 'WeightsError';
}

/** A graph node whose inputs, parameters or attributes do not fit: names the op, what was expected and what came. */
export class ShapeError extends InputError {
  override name = 'ShapeError';
}

/** A loss or a gradient of a training step that is NaN or infinite: nothing was changed. */
export class NotFiniteError extends InputError {
  override name = 'NotFiniteError';
}

/** WebAssembly memory could not grow to what was asked. */
export class OutOfMemoryError extends Error {
  override name = 'OutOfMemoryError';
}

/** This host lacks what was asked for: relaxed SIMD, or a thread that may wait. Callers may go on without it. */
export class UnsupportedError extends InputError {
  override name = 'UnsupportedError';
}

/** A thread of an engine failed: a kernel trapped in it, or it ended. */
export class ThreadError extends Error {
  override name = 'ThreadError';
}
