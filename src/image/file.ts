import { ImageError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';
import { decodeImage } from './decode.ts';
import type { Picture } from './image.ts';
import { type DecodeOptions, limitsOf } from './limits.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be read',
};

/** Reads and decodes a file by its path or `file:` URL. @throws ImageError naming the path. */
export async function readImageFile(path: string | URL, options?: DecodeOptions): Promise<Picture> {
  const name = String(path);
  if (/^(https?|data|blob):/i.test(name))
    throw new ImageError(
      `readImage: expected a path or a file: URL, got ${shortened(name)}: fetch it and pass its blob`,
    );
  const bytes = await readFile(path, name, options);
  try {
    return await decodeImage(bytes, options);
  } catch (error) {
    if (error instanceof ImageError) throw new ImageError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function readFile(path: string | URL, name: string, options?: DecodeOptions): Promise<Uint8Array> {
  const fs = nodeModule<typeof import('node:fs/promises')>('node:fs/promises');
  if (!fs)
    throw new ImageError(`readImage: this host has no files to read ${shortened(name)} from: pass bytes or a Blob`);
  const { maxBytes } = limitsOf(options);
  try {
    const at = name.startsWith('file:') ? new URL(name) : path;
    const stats = await fs.stat(at);
    // Devices and pipes state no size and may never end.
    if (!stats.isFile()) throw new ImageError(`${name}: it is not a file`);
    if (stats.size > maxBytes)
      throw new ImageError(`${name}: the file holds ${stats.size} bytes, more than the ${maxBytes} of maxBytes`);
    return await fs.readFile(at);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ImageError(`${name}: ${REASONS[code ?? ''] ?? message}`, { cause: error });
  }
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}…` : text);
