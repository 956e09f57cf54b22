import { readFileSync } from 'node:fs';
import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { loadFaces } from '../../src/faces/load.ts';
import type { RgbaImage } from '../../src/image/image.ts';
import { euclidean } from '../../src/metric/distance.ts';
import { dataPath, hasData } from '../data.ts';

interface PeerFace {
  readonly score: number;
  readonly box: readonly [number, number, number, number];
  readonly descriptor: readonly number[];
}

/** The peer's descriptors were made from pixels of jpeg-js. */
const pixelsOf = (photo: string): RgbaImage =>
  jpeg.decode(readFileSync(dataPath(`faces/lfw250/${photo}`)), { useTArray: true });

describe.skipIf(!hasData)('faces as @vladmandic/face-api finds and describes them', () => {
  it('agree on 100 photos: boxes within a hundredth of a pixel, descriptors within 0.0001', async () => {
    const peer: Record<string, PeerFace | null> = JSON.parse(
      readFileSync(dataPath('refs/faceapi_peer_lfw250_tiny416.json'), 'utf8'),
    );
    const faces = await loadFaces({ detector: 'tiny', alignment: 'face-api' });
    let described = 0;
    let worst = 0;
    for (const [photo, expected] of Object.entries(peer)) {
      const found = await faces.embedAll(pixelsOf(photo), { inputSize: 416, minSize: 0 });
      const [surest] = found;
      if (!expected) {
        expect(surest, photo).toBeUndefined();
        continue;
      }
      const { box, score } = surest!.face;
      expect(score, photo).toBeCloseTo(expected.score, 3);
      for (const [i, value] of [box.x, box.y, box.width, box.height].entries())
        expect(Math.abs(value - expected.box[i]!), photo).toBeLessThan(0.01);
      worst = Math.max(worst, euclidean(surest!.embedding, expected.descriptor));
      described++;
    }
    expect(described).toBe(86);
    expect(worst).toBeLessThan(1e-4);
  });
});
