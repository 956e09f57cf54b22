import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FaceChoice } from '../faces/pick.ts';
import { DEFAULT_THRESHOLD } from '../faces/threshold.ts';

/** Options of every command that looks at faces. */
export interface FaceOptions {
  readonly json?: true;
  readonly detector?: 'ssd' | 'tiny';
  readonly alignment?: 'chip' | 'face-api';
  readonly weights?: string;
}

/** A distance from the command line. */
function parseDistance(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('It must be a distance: a number of at least 0, such as 0.6.');
  return value;
}

/** A share from the command line, between 0 and 1, neither of them. */
function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1))
    throw new InvalidArgumentError('It must be a share between 0 and 1, such as 0.01.');
  return value;
}

/** An option that takes a share between 0 and 1. */
export const shareOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(parseShare);

/** A whole number from the command line, at least so much. */
export function parseWhole(text: string, least: number): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
  return value;
}

/** An option that takes a whole number. */
export const wholeNumber = (flags: string, description: string, least: number): Option =>
  new Option(flags, description).argParser((text) => parseWhole(text, least));

export const confidenceOption = (): Option =>
  shareOption('--confidence <share>', 'confidence of the intervals').default(0.95);

export const seedOption = (): Option => wholeNumber('--seed <number>', 'seed of what is drawn at random', 0).default(1);

/** Which face counts where a photo shows several: `largest`, `central`, or its number in the list of `detect`. */
function parseFace(text: string): FaceChoice {
  if (text === 'largest' || text === 'central') return text;
  if (/^[1-9]\d*$/.test(text)) return Number(text) - 1;
  throw new InvalidArgumentError('It must be largest, central or the number of a face, from 1.');
}

export const jsonOption = (): Option => new Option('--json', 'print one JSON document, errors included');

export const thresholdOption = (): Option =>
  new Option(
    '--threshold <distance>',
    `largest distance that is still the same person (default: ${DEFAULT_THRESHOLD})`,
  ).argParser(parseDistance);

export const annotateOption = (what: string): Option => new Option('--annotate <file.png>', `write ${what} as a PNG`);

export const faceOption = (): Option =>
  new Option(
    '--face <which>',
    'where a photo shows several faces: largest, central, or its number in the list of detect',
  ).argParser(parseFace);

/** Adds the options that every command on faces takes. */
export const withFaceOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--detector <name>', 'what finds the faces: ssd sees more, tiny is faster (default: ssd)').choices([
        'ssd',
        'tiny',
      ]),
    )
    .addOption(
      new Option(
        '--alignment <name>',
        'how faces are cut out: chip is as the network was trained, face-api as face-api.js cuts (default: chip)',
      ).choices(['chip', 'face-api']),
    )
    .option('--weights <path>', 'folder or file of weights (default: those of the package @vladmandic/face-api)')
    .addOption(jsonOption());

/** Text of a help, for commander to break into lines: a single line break is a space, an empty line stays. */
export const prose = (text: string): string => text.replace(/(?<!\n)\n(?!\n)/g, ' ');

/** Examples below the help text of a command. */
export const examples = (...lines: readonly string[]): string =>
  `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  $ facsimile ${line}`).join('\n')}`;
