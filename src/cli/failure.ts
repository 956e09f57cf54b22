import { CommanderError } from 'commander';
import { InputError } from '../core/errors.ts';
import { SeveralFacesError } from '../faces/errors.ts';
import type { Face } from '../faces/face.ts';
import { exit } from './exit.ts';
import type { Terminal } from './terminal.ts';
import { formatFace } from './text.ts';

/** Errors of the file system that the caller can mend: a wrong path, no permission. A full disk is not among them. */
const mendable = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  'ELOOP',
  'ENAMETOOLONG',
  'EEXIST',
]);

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.yes : exit.badInput;
  if (error instanceof InputError || mendable.has(codeOf(error))) return exit.badInput;
  return exit.failure;
}

const facesOf = (error: unknown): readonly Face[] | undefined =>
  error instanceof SeveralFacesError ? error.faces : undefined;

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Commander writes its messages for a terminal: "error: unknown option".
  return error instanceof CommanderError ? error.message.replace(/^error: /, '') : error.message;
}

function textOf(error: unknown, usage: string): string {
  const lines = [`facsimile: ${messageOf(error)}`];
  const faces = facesOf(error);
  if (faces) lines.push(...faces.map((face, i) => `  face ${i + 1}: ${formatFace(face)}`));
  if (error instanceof CommanderError) lines.push(`Run "${usage} --help" to see how it is used.`);
  else if (exitCodeOf(error) === exit.failure && error instanceof Error)
    lines.push('This is a failure of facsimile, not of your input:', error.stack ?? '');
  return lines.join('\n');
}

/**
 * Prints an error and gives its exit code: sentences go to the error stream; with `--json`, standard output holds
 * `{ error: { name, message, faces? } }` in place of the result, so that it is one JSON document whatever happens.
 */
export function reportError(error: unknown, asJson: boolean, usage: string, terminal: Terminal): number {
  const code = exitCodeOf(error);
  if (code === exit.yes) return code;
  if (asJson) {
    const name = error instanceof CommanderError ? 'UsageError' : error instanceof Error ? error.name : 'Error';
    const faces = facesOf(error);
    terminal.out(
      `${JSON.stringify({ error: { name, message: messageOf(error), ...(faces && { faces }) } }, null, 2)}\n`,
    );
  } else terminal.err(`${textOf(error, usage)}\n`);
  return code;
}

/** An error of one photo among several, with the photo's path in front. */
export async function inPhoto<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (
      (error instanceof InputError || mendable.has(codeOf(error))) &&
      error instanceof Error &&
      !error.message.includes(path)
    )
      error.message = `${path}: ${error.message}`;
    throw error;
  }
}
