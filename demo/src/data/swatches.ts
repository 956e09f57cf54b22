import type { Photo } from './photo.ts';

type Draw = (context: CanvasRenderingContext2D, random: () => number) => void;

const SIZE = 384;
const TURN = 2 * Math.PI;

/** Park & Miller's generator: the same swatch every time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const pick = <T>(values: readonly T[], random: () => number): T => values[Math.floor(random() * values.length)]!;

const swirls: Draw = (context, random) => {
  context.fillStyle = '#16305c';
  context.fillRect(0, 0, SIZE, SIZE);
  context.lineCap = 'round';
  const centres = Array.from({ length: 7 }, () => ({ x: random() * SIZE, y: random() * SIZE }));
  for (let i = 0; i < 1600; i++) {
    const [x, y] = [random() * SIZE, random() * SIZE];
    const distances = centres.map((centre) => Math.hypot(x - centre.x, y - centre.y));
    const near = centres[distances.indexOf(Math.min(...distances))]!;
    const radius = Math.min(...distances);
    const angle = Math.atan2(y - near.y, x - near.x);
    context.strokeStyle =
      radius < 26 ? pick(['#f7d35c', '#f3ecc2'], random) : pick(['#2f5f9e', '#6f9fd0', '#c7d9e6', '#1d3f78'], random);
    context.lineWidth = 2 + random() * 3;
    context.beginPath();
    context.arc(near.x, near.y, radius, angle, angle + 14 / (radius + 6));
    context.stroke();
  }
};

const mosaic: Draw = (context, random) => {
  context.fillStyle = '#2a211b';
  context.fillRect(0, 0, SIZE, SIZE);
  const tile = 16;
  for (let y = 0; y < SIZE; y += tile)
    for (let x = 0; x < SIZE; x += tile) {
      const ring = Math.floor(Math.hypot(x - SIZE / 2, y - SIZE / 2) / 34) % 4;
      const tones = [
        ['#c8553d', '#d96c4f'],
        ['#f2d0a4', '#e8bd86'],
        ['#28666e', '#357d86'],
        ['#fefcf3', '#efe8d5'],
      ][ring]!;
      context.fillStyle = pick(tones, random);
      context.save();
      context.translate(x + tile / 2, y + tile / 2);
      context.rotate((random() - 0.5) * 0.3);
      context.fillRect(-tile / 2 + 1.5, -tile / 2 + 1.5, tile - 3, tile - 3);
      context.restore();
    }
};

const ink: Draw = (context, random) => {
  context.fillStyle = '#f4eddc';
  context.fillRect(0, 0, SIZE, SIZE);
  context.strokeStyle = '#1b1a18';
  for (let i = 0; i < 420; i++) {
    const [x, y] = [random() * SIZE, random() * SIZE];
    const slope = x < SIZE / 2 ? 0.8 : -0.8;
    context.lineWidth = 0.6 + random() * 1.8;
    for (let line = 0; line < 6; line++) {
      context.beginPath();
      context.moveTo(x + line * 4, y);
      context.lineTo(x + line * 4 + 26, y + 26 * slope);
      context.stroke();
    }
  }
};

const petals: Draw = (context, random) => {
  context.fillStyle = '#f7b538';
  context.fillRect(0, 0, SIZE, SIZE);
  for (let i = 0; i < 90; i++) {
    const [x, y, radius] = [random() * SIZE, random() * SIZE, 12 + random() * 26];
    context.fillStyle = pick(['#db7c26', '#d8572a', '#c32f27', '#780116', '#fff3d6', '#3a7d44'], random);
    for (let petal = 0; petal < 6; petal++) {
      context.beginPath();
      context.ellipse(x, y, radius, radius / 3, (petal * TURN) / 6, 0, TURN);
      context.fill();
    }
  }
};

/** Styles that the page draws by itself, for those who have no painting at hand. */
export const swatches: readonly { readonly name: string; readonly draw: Draw }[] = [
  { name: 'Swirls', draw: swirls },
  { name: 'Mosaic', draw: mosaic },
  { name: 'Ink', draw: ink },
  { name: 'Petals', draw: petals },
];

export async function paintSwatch({ name, draw }: (typeof swatches)[number]): Promise<Photo> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  draw(canvas.getContext('2d')!, randomFrom(name.length * 7919));
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('This browser cannot make pictures.');
  return { blob, name };
}
