import type { Command } from 'commander';
import type { Faces } from '../faces/faces.ts';
import { openFaces } from './open-faces.ts';
import type { FaceOptions } from './options.ts';
import { type Outcome, report } from './outcome.ts';
import type { Terminal } from './terminal.ts';

/** One run of the program: where it writes, where its networks come from, and the exit code it has come to. */
export class Session {
  readonly terminal: Terminal;
  readonly openFaces: (options: FaceOptions) => Promise<Faces>;
  exitCode = 0;

  constructor(terminal: Terminal, open = openFaces) {
    this.terminal = terminal;
    this.openFaces = open;
  }

  /**
   * A command's action from a function of its arguments and options. Commander passes the arguments, then the options,
   * then the command itself.
   */
  action<A extends readonly unknown[], O extends { readonly json?: true }>(
    work: (...all: [...A, O]) => Promise<Outcome>,
  ): (...all: [...A, O, Command]) => Promise<void> {
    return async (...all) => {
      const rest = all.slice(0, -1) as unknown as [...A, O];
      const options = rest[rest.length - 1] as O;
      this.exitCode = report(await work(...rest), options.json === true, this.terminal);
    };
  }
}
