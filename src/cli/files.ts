import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../core/errors.ts';

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code;

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Says early that a file cannot be written, before minutes of work for it.
 * @throws InputError where its folder is not there or a folder has its name.
 */
export function checkOutput(path: string): void {
  if (!statOf(dirname(path))?.isDirectory())
    throw new InputError(`cannot write ${path}: there is no folder ${dirname(path)}`);
  if (statOf(path)?.isDirectory()) throw new InputError(`cannot write ${path}: it is a folder`);
}

/**
 * Writes a file whole or not at all: beside it under another name first, then in its place. Synchronous, so that no
 * signal comes between. Devices and pipes are written to directly.
 * @throws InputError where it cannot be written.
 */
export function writeWhole(path: string, content: Uint8Array | string): void {
  try {
    const old = statOf(path);
    if (old && !old.isFile()) {
      writeFileSync(path, content);
      return;
    }
    const target = old ? realpathSync(path) : path;
    const temporary = `${target}.${process.pid}.tmp`;
    try {
      writeFileSync(temporary, content, { flag: 'wx' });
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EIO') throw error;
    throw new InputError(`cannot write ${path} (${codeOf(error) ?? error})`, { cause: error });
  }
}
