import { InputError } from '../../core/errors.ts';
import { spectrogramStack } from '../../report/spectrogram-plot.ts';
import { createEngine } from '../../runtime/create-engine.ts';
import { readSound } from '../../signal/read.ts';
import { mono, type Sound } from '../../signal/sound.ts';
import { decibels, spectrogram } from '../../signal/spectrogram.ts';
import { encodeWav } from '../../signal/wav.ts';
import { type SoundStyleStep, stylizeSound } from '../../style/sound.ts';
import { inPhoto } from '../failure.ts';
import { checkOutput, writeWhole } from '../files.ts';
import type { Outcome } from '../outcome.ts';
import { progressOf } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { count, duration } from '../text.ts';

export const isWavPath = (path: string): boolean => /\.wav$/i.test(path);

/** What applies to sounds of the options of `stylize`. */
export interface SoundWords {
  readonly out: string;
  readonly threads: number;
  readonly steps?: number | readonly number[];
  readonly seed?: number;
  readonly contentWeight?: number;
  readonly styleWeight?: number;
  readonly plot?: string;
}

const applicable = ['out', 'threads', 'steps', 'seed', 'contentWeight', 'styleWeight', 'plot', 'json'];

function check(styles: readonly string[], { out, plot, steps, ...rest }: SoundWords): void {
  if (styles.length !== 1 || !isWavPath(styles[0]!))
    throw new InputError(`stylize: a sound takes one other WAV file as its style, got ${styles.join(', ')}`);
  if (!isWavPath(out)) throw new InputError(`--out: ${out} must end in .wav`);
  if (plot !== undefined && !/\.(svg|png)$/i.test(plot))
    throw new InputError(`--plot: ${plot} must end in .svg or .png`);
  if (typeof steps === 'object' && steps.length !== 1)
    throw new InputError(`--steps: a sound has one level, got ${steps.join(',')}`);
  const other = Object.keys(rest).find((name) => !applicable.includes(name));
  if (other)
    throw new InputError(`stylize: --${other.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} is for pictures`);
  for (const path of [out, plot]) if (path !== undefined) checkOutput(path);
}

/** `facsimile stylize speech.wav music.wav -o out.wav`: one sound with the texture of another. */
export async function stylizeSounds(
  content: string,
  styles: readonly string[],
  words: SoundWords,
  terminal: Terminal,
): Promise<Outcome> {
  check(styles, words);
  const { out, threads, plot, seed, contentWeight, styleWeight } = words;
  const steps = [words.steps ?? 100].flat()[0]!;
  const [from, like] = [await inPhoto(content, readSound(content)), await inPhoto(styles[0]!, readSound(styles[0]!))];
  const engine = await createEngine({ threads });
  const progress = progressOf(terminal, 'Stylizing', steps);
  const start = performance.now();
  try {
    let last: SoundStyleStep | undefined;
    for await (const step of stylizeSound({
      content: from,
      style: like,
      steps,
      engine,
      ...(seed !== undefined && { seed }),
      ...(contentWeight !== undefined && { contentWeight }),
      ...(styleWeight !== undefined && { styleWeight }),
    })) {
      last = step;
      progress.step();
    }
    const sound = last!.sound();
    writeWhole(out, await encodeWav(sound));
    if (plot !== undefined) await writePlot(plot, { [content]: from, [styles[0]!]: like, [out]: sound });
    const seconds = (performance.now() - start) / 1000;
    const { losses } = last!;
    return {
      text: `${count(steps, 'step')} in ${duration(seconds)}, loss ${losses.total.toPrecision(3)} (content ${losses.content.toPrecision(3)}, style ${losses.style.toPrecision(3)}); wrote ${out}`,
      json: { sound: out, sampleRate: sound.sampleRate, steps, losses, seconds, plot: plot ?? null },
    };
  } finally {
    progress.done();
    engine.close();
  }
}

/** The spectrograms of both sounds and of what became of them, below one another. */
async function writePlot(path: string, sounds: Readonly<Record<string, Sound>>): Promise<void> {
  const svg = await spectrogramStack(
    Object.entries(sounds).map(([title, sound]) => {
      const samples = mono(sound);
      const levels = decibels(spectrogram(samples, { size: 1024, hop: 256 }), { range: 70 });
      return { levels, title, seconds: samples.length / sound.sampleRate, y: sound.sampleRate / 2 };
    }),
  );
  if (/\.svg$/i.test(path)) return writeWhole(path, svg.text);
  const { pngOf } = await import('../../report/png.ts');
  writeWhole(path, await pngOf(svg));
}
