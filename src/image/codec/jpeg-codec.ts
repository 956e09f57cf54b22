import { embeddedBytes } from '../../core/embedded.ts';
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
 * Gives the JPEG codec as a compiled module (`import jpeg from 'facsimile/jpeg.wasm'`), for hosts that do not compile
 * WebAssembly at run time. Elsewhere it is loaded when the first JPEG comes.
 */
export function provideJpegCodec(module: WebAssembly.Module): void {
  provided = module;
}

async function codecModule(): Promise<WebAssembly.Module> {
  const { jpegText } = await import('./generated/jpeg.ts');
  try {
    return new WebAssembly.Module(embeddedBytes(jpegText) as BufferSource);
  } catch (error) {
    throw new ImageError(
      "jpeg: this host does not compile WebAssembly at run time: import 'facsimile/jpeg.wasm' and give it to provideJpegCodec",
      { cause: error },
    );
  }
}

/**
 * Runs `use` on an instance of its own: its memory goes when the call ends, and a trap leaves nothing behind.
 * @throws ImageError where the codec traps, or its memory cannot grow.
 */
export async function withJpegCodec<T>(use: (codec: JpegCodec) => T): Promise<T> {
  provided ??= await codecModule();
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
