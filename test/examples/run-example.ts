import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of examples/ as its users do, on the built package. `built` is false, and says so, where that is missing. */
export function exampleRunner(script: string, title: string) {
  const path = fileURLToPath(new URL(`../../examples/${script}`, import.meta.url));
  const built = existsSync(fileURLToPath(new URL('../../dist/inline/index.js', import.meta.url)));
  if (!built) console.warn(`tests of ${title} are skipped: npm run build makes dist`);
  const run = (...words: string[]) =>
    new Promise<Ran>((resolve) => {
      execFile(process.execPath, [path, ...words], (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  return { built, run };
}
