import type { Command } from 'commander';
import { type CatalogueEntry, catalogue } from '../../../models/catalogue.ts';
import { type Download, downloads } from '../../../models/downloads/downloads.ts';
import { hostCache } from '../../../models/downloads/host-cache.ts';
import { examples, jsonOption } from '../../options.ts';
import type { Session } from '../../session.ts';
import { columns, count, megabytes } from '../../text.ts';

/** What every network has to say. */
type Row = Pick<CatalogueEntry | Download, 'name' | 'bytes' | 'licence'> & { readonly task: string };

/** `facsimile models list`: what there is, how large, under which licence, and whether it is here. */
export function addList(models: Command, session: Session): void {
  models
    .command('list')
    .summary('list the networks')
    .description(
      'List the networks that the library knows: what they are for, their size, licence and source, and whether they are here.',
    )
    .addOption(jsonOption())
    .addHelpText('after', examples('models list'))
    .action(
      session.action(async (_: { json?: true }) => {
        const cache = hostCache();
        const packaged = Object.values(catalogue).map(({ build: _, manifest: __, ...entry }) => entry);
        const pulled = await Promise.all(
          Object.values(downloads).map(async ({ keeps: _, file: __, ...entry }) => ({
            ...entry,
            task: 'features' as const,
            sha256: entry.sha256 ?? null,
            here: (await cache?.find(downloads[entry.name])) !== undefined,
          })),
        );
        const cells = ({ name, task, bytes, licence }: Row): string[] => [name, task, megabytes(bytes), licence];
        const state = ({ name, here, sha256 }: (typeof pulled)[number]): string =>
          `${here ? 'here' : `facsimile models pull ${name}`}${sha256 === null ? ' (no SHA-256 known)' : ''}`;
        const all = columns([
          ...packaged.map((row) => [...cells(row), 'in @vladmandic/face-api']),
          ...pulled.map((row) => [...cells(row), state(row)]),
        ]);
        return {
          text: `${count(packaged.length + pulled.length, 'network')}:\n${all}`,
          json: { models: [...packaged, ...pulled] },
        };
      }),
    );
}
