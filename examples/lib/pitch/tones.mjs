import { hertzOfCents } from 'facsimile/models';

export const RATE = 16000;

/** One second of a sine. */
export function sine(hertz, seconds = 1) {
  return swing(
    seconds,
    () => hertz,
    (turn) => Math.sin(2 * Math.PI * turn),
  );
}

/** A sound whose frequency is told at every moment; `wave` is of turns, 0 … 1. */
function swing(seconds, hertzAt, wave) {
  const samples = new Float32Array(Math.round(seconds * RATE));
  let turn = 0;
  for (let i = 0; i < samples.length; i++) {
    const hertz = hertzAt(i / RATE);
    samples[i] = wave(turn, hertz);
    turn = (turn + hertz / RATE) % 1;
  }
  return { channels: [samples], sampleRate: RATE };
}

/** Formants of an open a: where they lie and how wide and loud they are. */
const FORMANTS = [
  { hertz: 730, width: 90, gain: 1 },
  { hertz: 1090, width: 110, gain: 0.5 },
  { hertz: 2440, width: 170, gain: 0.16 },
];
const HARMONICS = 24;
const NOTE_SECONDS = 0.55;
const SEMITONES = [0, 2, 4, 5, 7, 9, 11, 12];
/** Of C3, 130.81 Hz, above 10 Hz. */
const C3_CENTS = 4451.3;

const loudness = (hertz) =>
  FORMANTS.reduce((sum, { hertz: at, width, gain }) => sum + gain / (1 + ((hertz - at) / width) ** 2), 0.01);

/** A C major scale as a voice would sing it, on a, with vibrato, sliding from note to note: the sound and what was sung. */
export function sungScale() {
  const seconds = NOTE_SECONDS * SEMITONES.length;
  const hertzAt = (time) => {
    const note = Math.min(Math.floor(time / NOTE_SECONDS), SEMITONES.length - 1);
    const into = time - note * NOTE_SECONDS;
    const from = SEMITONES[Math.max(0, note - 1)];
    const slide = Math.min(1, into / 0.06);
    const vibrato = 25 * Math.min(1, into / 0.25) * Math.sin(2 * Math.PI * 5.5 * time);
    return hertzOfCents(C3_CENTS + 100 * (from + (SEMITONES[note] - from) * slide) + vibrato);
  };
  const wave = (turn, hertz) => {
    let sum = 0;
    for (let n = 1; n <= HARMONICS && n * hertz < RATE / 2; n++)
      sum += (loudness(n * hertz) / n) * Math.sin(2 * Math.PI * n * turn);
    return 0.25 * sum;
  };
  return { sound: swing(seconds, hertzAt, wave), hertzAt, seconds };
}
