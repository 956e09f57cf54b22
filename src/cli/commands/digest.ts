import type { Command } from 'commander';
import { digest } from '../../digest/digest.ts';
import { examples, jsonOption } from '../options.ts';
import type { Session } from '../session.ts';
import { columns } from '../text.ts';

/** `facsimile digest`: does this machine compute the same bits as others? */
export function addDigest(program: Command, session: Session): void {
  program
    .command('digest')
    .summary('hash a fixed set of computations')
    .description(
      'Hash a fixed set of computations: every operation forward and backward, search, a face network, image codecs. Where two machines or runtimes print the same digest, they compute the same bits.',
    )
    .addOption(jsonOption())
    .addHelpText('after', examples('digest', 'digest --json'))
    .action(
      session.action(async (_: { json?: true }) => {
        const { digest: hash, cases } = await digest();
        const rows = Object.entries(cases).map(([name, own]) => [name, own.slice(0, 16)]);
        return { text: `${columns(rows)}\n\n${hash}`, json: { digest: hash, cases } };
      }),
    );
}
