import { InputError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';

type Files = typeof import('node:fs/promises');
type Paths = typeof import('node:path');

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code;

/**
 * Puts a file in an old one's place: writes beside it, flushes to the disk and renames. Whatever happens meanwhile, the file
 * holds what it held or all of `bytes`. The file behind a link is replaced, and keeps its mode.
 *
 * @param mode Permissions of a new file.
 * @throws InputError naming `who` and the path.
 */
export async function replaceFile(who: string, path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const files = nodeModule<Files>('node:fs/promises');
  const paths = nodeModule<Paths>('node:path');
  if (!files || !paths) throw new InputError(`${who}: there are no files here`);
  try {
    await replace(files, paths, path, bytes, mode);
  } catch (error) {
    throw new InputError(`${who}: cannot write ${path} (${codeOf(error) ?? error})`, { cause: error });
  }
}

async function replace(files: Files, paths: Paths, path: string, bytes: Uint8Array, newMode: number): Promise<void> {
  const { target, mode } = await existing(files, path, newMode);
  const folder = paths.dirname(target);
  const temporary = paths.join(folder, `.${paths.basename(target)}.${crypto.randomUUID()}.tmp`);
  const file = await files.open(temporary, 'wx', mode);
  try {
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, target);
  } catch (error) {
    await files.rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(files, folder);
}

/** The file behind a link, which is what must be replaced, and its mode. */
async function existing(files: Files, path: string, mode: number): Promise<{ target: string; mode: number }> {
  try {
    const target = await files.realpath(path);
    return { target, mode: (await files.stat(target)).mode & 0o777 };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { target: path, mode };
    throw error;
  }
}

/** Makes the new name last through a loss of power. Windows has no such call for folders. */
async function syncFolder(files: Files, folder: string): Promise<void> {
  const host = (globalThis as { process?: { platform?: string } }).process;
  if (host?.platform === 'win32') return;
  const handle = await files.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
