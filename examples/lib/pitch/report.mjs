import { graphSubject, topActivations } from 'facsimile/inspect';
import { htmlReport, lineChart, markup, spectrogramPlot, table, waveform } from 'facsimile/report';
import { decibels, encodeWav, mono, spectrogram } from 'facsimile/signal';
import { RATE } from './tones.mjs';

const HALF_SECOND = RATE / 2;
const LAYERS = { crepe_conv1: 3, crepe_conv2: 3, crepe_conv4: 3 };

/** What was sung and what was heard, over seconds. */
export function scaleChart({ hertzAt, seconds }, pitches) {
  const sure = pitches.filter(({ confidence, time }) => confidence > 0.5 && time < seconds);
  const sung = Array.from({ length: 400 }, (_, i) => (i * seconds) / 400).map((time) => [time, hertzAt(time)]);
  const heard = sure.map(({ time, hertz }) => [time, hertz]);
  return lineChart(
    [
      { name: 'sung', points: sung },
      { name: 'heard', points: heard },
    ],
    { title: 'A sung scale', x: 'seconds', y: 'hertz' },
  );
}

/** A sound that can be played, as long as the file is there. */
async function player(samples) {
  const bytes = await encodeWav({ channels: [samples], sampleRate: RATE });
  return markup`<audio controls preload="none" style="width:100%;height:32px" src="data:audio/wav;base64,${Buffer.from(bytes).toString('base64')}"></audio>`;
}

/** Half-seconds of sounds, each beginning a quarter of a second behind the last. */
function* halfSeconds(sounds) {
  for (const { name, sound } of sounds) {
    const samples = mono(sound);
    for (let from = 0; from + HALF_SECOND <= samples.length; from += HALF_SECOND / 2)
      yield {
        name: `${name}, ${(from / RATE).toFixed(2)} s`,
        shape: [1, HALF_SECOND, 1],
        values: normalised(samples.subarray(from, from + HALF_SECOND)),
        origin: samples.slice(from, from + HALF_SECOND),
      };
  }
}

/** With mean 0 and deviation 1, as CREPE takes its windows. */
function normalised(samples) {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const variance = samples.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / samples.length;
  const scale = 1 / Math.max(Math.sqrt(variance), 1e-8);
  return samples.map((value) => (value - mean) * scale);
}

/** The nine half-seconds that some units of some layers answer to most, drawn and to be played. */
async function unitSections(model, sounds) {
  const subject = graphSubject({ name: 'crepe', graph: model.graph, parameters: model.parameters });
  const { layers } = await topActivations(subject, halfSeconds(sounds), {
    layers: Object.keys(LAYERS),
    units: Object.fromEntries(
      Object.entries(LAYERS).map(([layer, count]) => [layer, Array.from({ length: count }, (_, i) => i * 7)]),
    ),
  });
  const sections = [];
  for (const { layer, units } of layers)
    for (const { unit, peaks } of units) {
      const cells = [];
      for (const { name, activation, origin } of peaks)
        cells.push(
          markup`<figure>${waveform(origin, { title: name, sampleRate: RATE })}${await player(origin)}<figcaption>activation ${activation.toFixed(2)}</figcaption></figure>`,
        );
      sections.push({ title: `${layer}, unit ${unit}`, content: markup`<div class="grid">${cells}</div>` });
    }
  return sections;
}

/** All of it as one page. */
export async function pitchReport({ model, tones, scale, pitches, time, sounds }) {
  const samples = mono(scale.sound);
  const levels = decibels(spectrogram(samples, { size: 1024, hop: 128 }), { range: 80 });
  return htmlReport({
    title: 'Pitch',
    lead: `CREPE hears ${tones.length} tones within ${Math.max(...tones.map(({ cents }) => Math.abs(cents))).toFixed(1)} cents, a window in ${time.oursMs.toFixed(2)} ms (tfjs-wasm: ${time.tfjsMs.toFixed(2)} ms).`,
    sections: [
      {
        title: 'Tones',
        content: table(
          ['hertz', 'heard', 'cents', 'confidence'],
          tones.map(({ hertz, heard, cents, confidence }) => [
            String(hertz),
            heard.toFixed(2),
            cents.toFixed(1),
            confidence.toFixed(3),
          ]),
        ),
      },
      {
        title: 'A sung scale',
        content: [
          scaleChart(scale, pitches),
          await spectrogramPlot(levels, { title: 'Its spectrogram', seconds: scale.seconds, y: RATE / 2 }),
          await player(samples),
        ],
      },
      ...(await unitSections(model, sounds)),
    ],
  });
}
