import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Versions of Node that `npm run setup` installs beside the package (runtimes/package.json), on Linux x64. */
export const otherNodes = [22, 24] as const;

/** Whether the runtimes exist for this machine. Where they do and are missing, tests fail and say what to run. */
export const hasOtherNodes = process.platform === 'linux' && process.arch === 'x64';

/** What a TypeScript file prints as JSON when another version of Node runs it. */
export function runInNode<T>(version: (typeof otherNodes)[number], file: URL): T {
  const node = fileURLToPath(new URL(`../../runtimes/node_modules/n${version}/bin/node`, import.meta.url));
  if (!existsSync(node)) throw new Error(`Node ${version} is missing: npm run setup`);
  const output = execFileSync(node, ['--disable-warning=ExperimentalWarning', fileURLToPath(file)], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as T;
}
