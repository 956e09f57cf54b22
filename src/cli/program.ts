import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addCalibrate } from './commands/calibrate.ts';
import { addDetect } from './commands/detect.ts';
import { addDigest } from './commands/digest.ts';
import { addEmbed } from './commands/embed.ts';
import { addEnroll } from './commands/enroll.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addInspect } from './commands/inspect.ts';
import { addModels } from './commands/models.ts';
import { addOneShot } from './commands/oneshot.ts';
import { addReceptiveField } from './commands/receptive-field.ts';
import { addRecognize } from './commands/recognize.ts';
import { addStylize } from './commands/stylize.ts';
import { addTrain } from './commands/train.ts';
import { addVerify } from './commands/verify.ts';
import { exit } from './exit.ts';
import { reportError } from './failure.ts';
import { openFaces } from './open-faces.ts';
import { examples } from './options.ts';
import { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

// By name, not by path: the source and the bundle lie at different depths.
const versionOf = (): string =>
  (createRequire(import.meta.url)('facsimile/package.json') as { version: string }).version;

function build(session: Session): Command {
  const { terminal } = session;
  const program = new Command('facsimile')
    .description('Compare and recognize faces on the CPU, with the same answer everywhere.')
    .version(versionOf(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    // Errors are printed in one place, for people or as JSON.
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: () => {},
    })
    .addHelpText(
      'after',
      `${examples('verify passport.jpg selfie.jpg', 'enroll ada ada.jpg --gallery people.gallery', 'recognize party.jpg --gallery people.gallery')}

Exit codes: 0 yes or done, 1 no, 2 input that cannot be used, 3 failure.`,
    );
  for (const add of [
    addDetect,
    addEmbed,
    addVerify,
    addEnroll,
    addRecognize,
    addEvaluate,
    addTrain,
    addCalibrate,
    addOneShot,
    addStylize,
    addInspect,
    addReceptiveField,
    addModels,
    addDigest,
  ])
    add(program, session);
  return program;
}

/**
 * Runs the program on the words after its name and gives its exit code.
 * @param open Where the networks come from; tests pass one that loads them once.
 */
export async function run(words: readonly string[], terminal: Terminal, open = openFaces): Promise<number> {
  const session = new Session(terminal, open);
  const program = build(session);
  if (words.length === 0) {
    terminal.err(program.helpInformation());
    return exit.badInput;
  }
  try {
    await program.parseAsync([...words], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    const command = program.commands.find((candidate) => candidate.name() === words[0]);
    const usage = command ? `facsimile ${command.name()}` : 'facsimile';
    return reportError(error, words.includes('--json'), usage, terminal);
  }
}
