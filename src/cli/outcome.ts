import { exit } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** What a command found out, for people and for programs. */
export interface Outcome {
  /** Sentences for people. */
  readonly text: string;
  /** What `--json` prints; of a list each on a line of its own. */
  readonly json: object | readonly object[];
  /** False where the answer to the question is no. */
  readonly yes?: boolean;
}

/** Prints an outcome and gives its exit code. */
export function report(outcome: Outcome, asJson: boolean, terminal: Terminal): number {
  const { text, json } = outcome;
  const document = Array.isArray(json)
    ? json.map((line) => JSON.stringify(line)).join('\n')
    : JSON.stringify(json, null, 2);
  terminal.out(`${asJson ? document : text}\n`);
  return outcome.yes === false ? exit.no : exit.yes;
}
