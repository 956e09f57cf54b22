import { openFaces } from '../../src/cli/open-faces.ts';
import type { FaceOptions } from '../../src/cli/options.ts';
import { run } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Faces } from '../../src/faces/faces.ts';

/** A terminal that remembers what was written. */
export function capture(): Terminal & { stdout: string; stderr: string } {
  const terminal = {
    stdout: '',
    stderr: '',
    watched: false,
    out: (text: string) => {
      terminal.stdout += text;
    },
    err: (text: string) => {
      terminal.stderr += text;
    },
  };
  return terminal;
}

const loaded = new Map<string, Promise<Faces>>();

/** The networks of some options, loaded and planned once for all runs of a test file. */
function openOnce({ detector, alignment, weights }: FaceOptions): Promise<Faces> {
  const key = JSON.stringify([detector, alignment, weights]);
  const known = loaded.get(key) ?? openFaces({ detector, alignment, weights } as FaceOptions);
  loaded.set(key, known);
  return known;
}

/** Runs `facsimile …` in this process. */
export async function facsimile(...words: string[]) {
  const terminal = capture();
  const code = await run(words, terminal, openOnce);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}
