import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { loadParameters } from '../../../io/weights.ts';
import { bundleNetworks } from '../../../models/bundle.ts';
import { manifestsOf, type NetworkName } from '../../../models/catalogue.ts';
import { type DownloadName, downloads } from '../../../models/downloads/downloads.ts';
import { cachedWeights } from '../../../models/downloads/pull-weights.ts';
import { packageWeights } from '../../../models/package-weights.ts';
import { writeWhole } from '../../files.ts';
import { examples, jsonOption } from '../../options.ts';
import type { Outcome } from '../../outcome.ts';
import type { Session } from '../../session.ts';
import { megabytes } from '../../text.ts';

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

/** `facsimile models copy`: networks as files to serve. */
export function addCopy(models: Command, session: Session): void {
  models
    .command('copy')
    .summary('write networks as one file to serve')
    .description(
      `Write the networks that faces need as one file, ${FILE}, to serve to browsers and edge functions: loadFaces({ weights: 'https://…/${FILE}' }). Numbers stay as they are stored, most of them one byte each. Or copy the weights of a network that was pulled: loadFeatures('squeezenet', { weights: 'https://…' }).`,
    )
    .addArgument(new Argument('<networks>', 'which networks').choices(['faces', ...Object.keys(downloads)]))
    .argument('<folder>', 'where to write; made where there is none')
    .addOption(
      new Option('--detector <name>', 'faces: which detector to include')
        .choices(['ssd', 'tiny', 'both'])
        .default('both'),
    )
    .option('--weights <path>', 'faces: folder or file of weights (default: those of the package @vladmandic/face-api)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'models copy faces public/',
        'models copy faces public/ --detector tiny',
        'models copy squeezenet public/',
      ),
    )
    .action(
      session.action((which: string, folder: string, options: CopyOptions) =>
        which === 'faces' ? copyFaces(folder, options) : copyPulled(which as DownloadName, folder),
      ),
    );
}

async function copyFaces(folder: string, { detector, weights }: CopyOptions): Promise<Outcome> {
  const names: readonly NetworkName[] = ['face_recognition', 'face_landmark_68', ...detectors[detector]];
  const parameters = await loadParameters(weights ?? packageWeights('models copy'), { manifests: manifestsOf(names) });
  const bytes = bundleNetworks(parameters, names);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, FILE);
  writeWhole(file, bytes);
  return {
    text: `Wrote ${file} (${megabytes(bytes.length)}): ${names.join(', ')}.\nServe it, and load it with loadFaces({ weights: '…/${FILE}' }).`,
    json: { file, bytes: bytes.length, networks: names },
  };
}

async function copyPulled(name: DownloadName, folder: string): Promise<Outcome> {
  const source = (await cachedWeights(name)) as string;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, downloads[name].file);
  copyFileSync(source, file);
  const bytes = statSync(file).size;
  return {
    text: `Wrote ${file} (${megabytes(bytes)}).\nServe it, and load it with loadFeatures('${name}', { weights: '…/${downloads[name].file}' }).`,
    json: { file, bytes, networks: [name] },
  };
}
