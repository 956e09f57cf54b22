import type { Command } from 'commander';
import type { Session } from '../session.ts';
import { addCopy } from './models/copy.ts';
import { addList } from './models/list.ts';
import { addPath } from './models/path.ts';
import { addPull } from './models/pull.ts';

/** `facsimile models …`: the networks and their files. */
export function addModels(program: Command, session: Session): void {
  const models = program
    .command('models')
    .summary('list the networks, download their weights, or copy them to serve')
    .description('The networks that the library knows, and their files.');
  for (const add of [addList, addPull, addPath, addCopy]) add(models, session);
}
