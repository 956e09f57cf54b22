import { nodeModule } from '../../core/host.ts';

interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

/**
 * The folder that downloaded weights are kept in: `$FACSIMILE_CACHE`, else `facsimile` in the folder that the system has
 * for caches (`$XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows).
 * Undefined where there are no files.
 */
export function cacheFolder(): string | undefined {
  const paths = nodeModule<typeof import('node:path')>('node:path');
  const os = nodeModule<typeof import('node:os')>('node:os');
  const host = (globalThis as { process?: Host }).process;
  if (!paths || !os || !host?.env) return undefined;
  const { FACSIMILE_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: windows } = host.env;
  if (own) return paths.resolve(own);
  const home = os.homedir();
  const usual =
    host.platform === 'win32'
      ? windows || paths.join(home, 'AppData', 'Local')
      : host.platform === 'darwin'
        ? paths.join(home, 'Library', 'Caches')
        : paths.join(home, '.cache');
  return paths.join(xdg || usual, 'facsimile');
}
