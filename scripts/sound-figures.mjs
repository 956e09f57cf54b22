// node scripts/sound-figures.mjs MODEL: draws the pictures of docs/sound.md, all of sounds that are made here, with the built package.
// MODEL is the folder of CREPE's model.json.
import { writeFileSync } from 'node:fs';
import { Crepe, loadLayersModel } from 'facsimile/models';
import { pngOf, spectrogramPlot, spectrogramStack, waveform } from 'facsimile/report';
import { decibels, mono, spectrogram } from 'facsimile/signal';
import { stylizeSound } from 'facsimile/style';
import { scaleChart } from '../examples/lib/pitch/report.mjs';
import { RATE, sungScale } from '../examples/lib/pitch/tones.mjs';

const folder = new URL('../docs/figures/', import.meta.url);

async function save(name, svg) {
  const png = await pngOf(svg, 1.5);
  writeFileSync(new URL(`${name}.png`, folder), png);
  console.log(`${name}.png: ${png.length} bytes`);
}

const levelsOf = (samples) => decibels(spectrogram(samples, { size: 1024, hop: 256 }), { range: 70 });
const plotOf = (title, samples) => ({ title, levels: levelsOf(samples), seconds: samples.length / RATE, y: RATE / 2 });

/** Four notes in turn, each struck and dying away. */
function struck(seconds) {
  const notes = [220, 277.18, 329.63, 440];
  const samples = Float32Array.from({ length: seconds * RATE }, (_, i) => {
    const time = i / RATE;
    const hertz = notes[Math.floor(time * 4) % notes.length];
    const swing = [1, 2, 3].reduce((sum, n) => sum + Math.sin(2 * Math.PI * n * hertz * time) / n, 0);
    return 0.3 * Math.exp(-12 * (time % 0.25)) * swing;
  });
  return { channels: [samples], sampleRate: RATE };
}

const scale = sungScale();
const samples = mono(scale.sound);
await save(
  'sound-wave',
  waveform(samples.subarray(0, RATE / 5), { title: 'The first fifth of a second of a sung scale', sampleRate: RATE }),
);
await save('sound-spectrogram', await spectrogramPlot(levelsOf(samples), plotOf('A sung scale', samples)));

const crepe = new Crepe(await loadLayersModel(process.argv[2], { dropUnitAxis: true }));
await save('sound-pitch', scaleChart(scale, crepe.follow(scale.sound)));
crepe.close();

const content = { channels: [samples.slice(0, 3 * RATE)], sampleRate: RATE };
const style = struck(3);
let last;
for await (const step of stylizeSound({ content, style, steps: 40 })) last = step;
await save(
  'sound-style',
  await spectrogramStack([
    plotOf('Content: a sung scale', mono(content)),
    plotOf('Style: struck notes', mono(style)),
    plotOf('The scale with the texture of the notes', mono(last.sound())),
  ]),
);
