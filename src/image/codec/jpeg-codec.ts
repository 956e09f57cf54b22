import { ImageError } from '../../core/errors.ts';

/** Exports of the codec: Rust's jpeg-decoder and the encoder of its image crate, as the npm package imagescript builds them. */
export interface JpegCodec {
  readonly memory: WebAssembly.Memory;
  walloc(bytes: number): number;
  /** Bytes of the last result. */
  wlen(): number;
  /** Handle of a picture, 0 where the file cannot be decoded. Sizes of 0 keep the original size. */
  decode(file: number, fileBytes: number, width: number, height: number): number;
  decode_width(picture: number): number;
  decode_height(picture: number): number;
  /** 0: grey, 1: RGB, 2: CMYK. */
  decode_format(picture: number): number;
  decode_buffer(picture: number): number;
  encode(rgba: number, width: number, height: number, quality: number): number;
}

let provided: WebAssembly.Module | undefined;

/**
 * Gives the JPEG codec, `facsimile/jpeg.wasm`, as a compiled module, as `init` gives the core. Nobody has to: it loads by
 * itself when the first JPEG comes.
 */
export function provideJpegCodec(module: WebAssembly.Module): void {
  provided = module;
}

/**
 * Runs `use` on an instance of its own: its memory goes when the call ends, and a trap leaves nothing behind.
 * @throws ImageError where the codec traps, or its memory cannot grow; UnsupportedError where the host compiles nothing.
 */
export async function withJpegCodec<T>(use: (codec: JpegCodec) => T): Promise<T> {
  provided ??= (await import('./generated/jpeg.wasm.ts')).binary.module();
  const codec = new WebAssembly.Instance(provided).exports as unknown as JpegCodec;
  try {
    return use(codec);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    throw new ImageError(`jpeg: the codec stopped (${error.message})`, { cause: error });
  }
}

/** Address of these bytes, one part after the other, copied into the codec's memory. */
export function copyIn({ memory, walloc }: JpegCodec, ...parts: readonly (Uint8Array | Uint8ClampedArray)[]): number {
  const address = walloc(parts.reduce((sum, part) => sum + part.length, 0));
  let at = address;
  for (const part of parts) {
    new Uint8Array(memory.buffer, at, part.length).set(part);
    at += part.length;
  }
  return address;
}
