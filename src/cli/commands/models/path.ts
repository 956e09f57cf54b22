import { Argument, type Command } from 'commander';
import { downloads } from '../../../models/downloads/downloads.ts';
import { cachedWeights } from '../../../models/downloads/pull-weights.ts';
import { packageWeights } from '../../../models/package-weights.ts';
import { examples, jsonOption } from '../../options.ts';
import type { Session } from '../../session.ts';

/** `facsimile models path`: where the weights of a network are. */
export function addPath(models: Command, session: Session): void {
  models
    .command('path')
    .summary('print where the weights of a network are')
    .description('Print the path of the weights of a network, or say how to get them.')
    .addArgument(new Argument('<network>', 'which network').choices(['faces', ...Object.keys(downloads)]))
    .addOption(jsonOption())
    .addHelpText('after', examples('models path squeezenet'))
    .action(
      session.action(async (name: string, _: { json?: true }) => {
        const path =
          name === 'faces' ? packageWeights('models path') : ((await cachedWeights(name as 'vgg19')) as string);
        return { text: path, json: { name, path } };
      }),
    );
}
