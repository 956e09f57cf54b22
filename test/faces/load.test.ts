import { join, parse } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { InputError, WeightsError } from '../../src/core/errors.ts';
import { loadFaces } from '../../src/faces/load.ts';
import type { Parameters } from '../../src/graph/parameters.ts';
import { loadParameters } from '../../src/io/weights.ts';
import { bundleNetworks } from '../../src/models/bundle.ts';
import { manifestsOf, type NetworkName } from '../../src/models/catalogue.ts';
import { faceApiPath } from '../data.ts';

const networks: NetworkName[] = ['face_recognition', 'face_landmark_68', 'tiny_face_detector'];
const photo = faceApiPath('demo/sample1.jpg');

describe('loadFaces', () => {
  let weights: Parameters;
  beforeAll(async () => {
    weights = await loadParameters(faceApiPath('model/'), { manifests: manifestsOf(networks) });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it('gives the same numbers from the package and from one file, as bytes, Blob or Response', async () => {
    const file = bundleNetworks(weights, networks);
    const [fromPackage, ...others] = await Promise.all([
      loadFaces({ detector: 'tiny' }),
      loadFaces({ detector: 'tiny', weights: file }),
      loadFaces({ detector: 'tiny', weights: new Blob([file as BlobPart]) }),
      loadFaces({ detector: 'tiny', weights: new Response(file as BodyInit) }),
    ]);
    const { embedding } = await fromPackage.embed(photo, { face: 'largest' });
    for (const faces of others) {
      expect(faces.model).toEqual(fromPackage.model);
      expect((await faces.embed(photo, { face: 'largest' })).embedding).toEqual(embedding);
    }
    expect(fromPackage.model.name).toBe('face_recognition');
    expect(fromPackage.model.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives the same numbers however little memory it may keep', async () => {
    const plenty = await loadFaces({ detector: 'tiny' });
    const little = await loadFaces({ detector: 'tiny', memoryBudget: 0 });
    const { embedding } = await plenty.embed(photo, { face: 'largest' });
    expect((await little.embed(photo, { face: 'largest' })).embedding).toEqual(embedding);
    expect(little.engine.regions.usedBytes).toBeLessThan(plenty.engine.regions.usedBytes - 10e6);
  });

  it('loads only what it needs', async () => {
    await expect(loadFaces({ detector: 'ssd', weights: bundleNetworks(weights, networks) })).rejects.toThrow(
      /ssd_mobilenetv1/,
    );
    await expect(loadFaces({ weights: bundleNetworks(weights, ['tiny_face_detector']) })).rejects.toThrow(WeightsError);
  });

  it('says what to install where the package is missing', async () => {
    const { root } = parse(process.cwd());
    vi.spyOn(process, 'cwd').mockReturnValue(root);
    const argv = process.argv;
    process.argv = [argv[0]!, join(root, 'app.js')];
    try {
      await expect(loadFaces()).rejects.toThrow(/npm install @vladmandic\/face-api/);
      await expect(loadFaces()).rejects.toThrow(InputError);
    } finally {
      process.argv = argv;
    }
  });

  it('asks for weights where there is no Node', async () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    await expect(loadFaces()).rejects.toThrow(/pass \{ weights \}/);
    const faces = await loadFaces({ weights: bundleNetworks(weights, networks) });
    vi.restoreAllMocks();
    expect(await faces.detect(photo)).toHaveLength(3);
  });

  it('asks for weights in Cloudflare Workers, though Node’s modules are there', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' });
    await expect(loadFaces()).rejects.toThrow(/pass \{ weights \}/);
  });

  it.each([
    [{ detector: 'mtcnn' as 'ssd' }, /detector must be 'ssd' or 'tiny', got "mtcnn"/],
    [{ alignment: 'none' as 'chip' }, /alignment must be 'chip' or 'face-api'/],
    [{ minScore: Number.NaN }, /minScore/],
    [{ minScore: 1.5 }, /minScore/],
  ])('refuses %j', async (options, message) => {
    await expect(loadFaces(options)).rejects.toThrow(message);
  });
});
