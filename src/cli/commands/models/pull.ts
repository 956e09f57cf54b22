import { Argument, type Command } from 'commander';
import { type DownloadName, downloads } from '../../../models/downloads/downloads.ts';
import { pullWeights } from '../../../models/downloads/pull-weights.ts';
import { downloadBar } from '../../download-bar.ts';
import { examples, jsonOption } from '../../options.ts';
import type { Session } from '../../session.ts';
import { megabytes } from '../../text.ts';

interface PullOptions {
  readonly json?: true;
  readonly from?: string;
}

/** `facsimile models pull`: downloads weights to the cache. */
export function addPull(models: Command, session: Session): void {
  models
    .command('pull')
    .summary('download the weights of a network')
    .description(
      'Download the weights of a network to the cache folder ($FACSIMILE_CACHE, else facsimile in the folder for caches). A download that broke off is carried on; the file is checked before it gets its name. Of VGG-19 only the convolutions are downloaded.',
    )
    .addArgument(new Argument('<network>', 'which network').choices(Object.keys(downloads)))
    .option('--from <url or file>', 'where the file is, instead of its usual place')
    .addOption(jsonOption())
    .addHelpText('after', examples('models pull squeezenet', 'models pull vgg19 --from model.safetensors'))
    .action(
      session.action(async (name: DownloadName, { from }: PullOptions) => {
        const bar = downloadBar(session.terminal, name);
        try {
          const pulled = await pullWeights(name, { onProgress: bar.at, ...(from !== undefined && { from }) });
          const { sha256: known, licence } = downloads[name];
          const checked = known ? 'as published' : 'nobody published one to compare with';
          return {
            text: `${pulled.fresh ? 'Wrote' : 'Already there:'} ${pulled.place} (${megabytes(pulled.bytes)}, ${licence}).\nSHA-256 ${pulled.sha256}, ${checked}.`,
            json: {
              name,
              path: pulled.place,
              bytes: pulled.bytes,
              sha256: pulled.sha256,
              checked: known !== undefined,
              fresh: pulled.fresh,
            },
          };
        } finally {
          bar.done();
        }
      }),
    );
}
