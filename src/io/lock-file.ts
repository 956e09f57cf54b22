import { InputError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';

interface Host {
  readonly pid: number;
  kill(pid: number, signal: 0): void;
}

/**
 * Does some work while no other process does what the same lock stands for. The lock is a file that holds the number of its
 * process; one that a process left behind when it ended is taken over.
 *
 * @throws InputError where another process, or this one, is at it.
 */
export async function whileLocked<T>(who: string, path: string, work: () => Promise<T>): Promise<T> {
  const files = nodeModule<typeof import('node:fs/promises')>('node:fs/promises')!;
  const host = (globalThis as unknown as { process: Host }).process;
  const take = (): Promise<void> => files.writeFile(path, String(host.pid), { flag: 'wx' });
  try {
    await take();
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    const holder = Number(await files.readFile(path, 'utf8').catch(() => ''));
    if (isRunning(host, holder))
      throw new InputError(`${who}: process ${holder} is at it (its lock is ${path})`, { cause: error });
    await files.rm(path, { force: true });
    await take();
  }
  try {
    return await work();
  } finally {
    await files.rm(path, { force: true });
  }
}

function isRunning(host: Host, pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    host.kill(pid, 0);
    return true;
  } catch (error) {
    // There is such a process, of somebody else.
    return (error as { code?: string }).code === 'EPERM';
  }
}
