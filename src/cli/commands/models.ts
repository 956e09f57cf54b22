import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { packageWeights } from '../../faces/package-weights.ts';
import { loadParameters } from '../../io/weights.ts';
import { bundleNetworks } from '../../models/bundle.ts';
import { catalogue, manifestsOf, type NetworkName } from '../../models/catalogue.ts';
import { writeWhole } from '../files.ts';
import { examples, jsonOption } from '../options.ts';
import type { Session } from '../session.ts';
import { columns, count } from '../text.ts';

interface CopyOptions {
  readonly json?: true;
  readonly detector: 'ssd' | 'tiny' | 'both';
  readonly weights?: string;
}

const FILE = 'faces.safetensors';

const detectors: Readonly<Record<CopyOptions['detector'], readonly NetworkName[]>> = {
  ssd: ['ssd_mobilenetv1'],
  tiny: ['tiny_face_detector'],
  both: ['ssd_mobilenetv1', 'tiny_face_detector'],
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function addList(models: Command, session: Session): void {
  models
    .command('list')
    .summary('list the networks')
    .description('List the networks that the library knows: what they are for, their size, licence and source.')
    .addOption(jsonOption())
    .addHelpText('after', examples('models list'))
    .action(
      session.action(async (_: { json?: true }) => {
        const all = Object.values(catalogue);
        const rows = all.map(({ name, task, bytes, licence }) => [name, task, megabytes(bytes), licence]);
        return {
          text: `${count(all.length, 'network')}, all in the package @vladmandic/face-api:\n${columns(rows)}`,
          json: {
            models: all.map(({ name, task, title, bytes, parameters, licence, source }) => ({
              name,
              task,
              title,
              bytes,
              parameters,
              licence,
              source,
            })),
          },
        };
      }),
    );
}

function addCopy(models: Command, session: Session): void {
  models
    .command('copy')
    .summary('write networks as one file to serve')
    .description(
      `Write the networks that faces need as one file, ${FILE}, to serve to browsers and edge functions: loadFaces({ weights: 'https://…/${FILE}' }). Numbers stay as they are stored, most of them one byte each.`,
    )
    .addArgument(new Argument('<networks>', 'which networks').choices(['faces']))
    .argument('<folder>', 'where to write; made where there is none')
    .addOption(
      new Option('--detector <name>', 'which detector to include').choices(['ssd', 'tiny', 'both']).default('both'),
    )
    .option('--weights <path>', 'folder or file of weights (default: those of the package @vladmandic/face-api)')
    .addOption(jsonOption())
    .addHelpText('after', examples('models copy faces public/', 'models copy faces public/ --detector tiny'))
    .action(
      session.action(async (_: string, folder: string, { detector, weights }: CopyOptions) => {
        const names: readonly NetworkName[] = ['face_recognition', 'face_landmark_68', ...detectors[detector]];
        const parameters = await loadParameters(weights ?? packageWeights(), { manifests: manifestsOf(names) });
        const bytes = bundleNetworks(parameters, names);
        mkdirSync(folder, { recursive: true });
        const file = join(folder, FILE);
        writeWhole(file, bytes);
        return {
          text: `Wrote ${file} (${megabytes(bytes.length)}): ${names.join(', ')}.\nServe it, and load it with loadFaces({ weights: '…/${FILE}' }).`,
          json: { file, bytes: bytes.length, networks: names },
        };
      }),
    );
}

/** `facsimile models …`: the networks and their files. */
export function addModels(program: Command, session: Session): void {
  const models = program
    .command('models')
    .summary('list the networks, or copy them as one file')
    .description('The networks that the library knows, and their files.');
  addList(models, session);
  addCopy(models, session);
}
