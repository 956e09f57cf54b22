import { exit } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** What a command found out, for people and for programs. */
export interface Outcome {
  /** Sentences for people. */
  readonly text: string;
  /** What `--json` prints. */
  readonly json: object;
  /** False where the answer to the question is no. */
  readonly yes?: boolean;
}

/** Prints an outcome and gives its exit code. */
export function report(outcome: Outcome, asJson: boolean, terminal: Terminal): number {
  terminal.out(`${asJson ? JSON.stringify(outcome.json, null, 2) : outcome.text}\n`);
  return outcome.yes === false ? exit.no : exit.yes;
}
