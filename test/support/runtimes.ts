import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What `npm run setup` installs beside the package (runtimes/package.json), on Linux x64: where each lies, and how it runs a file. */
const commands = {
  'Node 22': ['n22/bin/node', '--disable-warning=ExperimentalWarning'],
  'Node 24': ['n24/bin/node', '--disable-warning=ExperimentalWarning'],
  Bun: ['@oven/bun-linux-x64/bin/bun'],
  Deno: ['@deno/linux-x64-glibc/deno', 'run', '--allow-all', '--quiet'],
} as const;

export type Runtime = keyof typeof commands;
export const otherNodes = ['Node 22', 'Node 24'] as const satisfies readonly Runtime[];
export const otherRuntimes = Object.keys(commands) as Runtime[];

/** Whether the runtimes exist for this machine. Where they do and are missing, tests fail and say what to run. */
export const hasOtherRuntimes = process.platform === 'linux' && process.arch === 'x64';

/** What a TypeScript file prints as JSON when another runtime runs it. */
export function runIn<T>(runtime: Runtime, file: URL): T {
  const [path, ...flags] = commands[runtime];
  const program = fileURLToPath(new URL(`../../runtimes/node_modules/${path}`, import.meta.url));
  if (!existsSync(program)) throw new Error(`${runtime} is missing: npm run setup`);
  return JSON.parse(execFileSync(program, [...flags, fileURLToPath(file)], { encoding: 'utf8' })) as T;
}
