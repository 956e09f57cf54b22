import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError, WeightsError } from '../../src/core/errors.ts';
import type { StoredTensor } from '../../src/core/stored-tensor.ts';
import { weightsHash } from '../../src/io/identity.ts';
import { writeSafetensors } from '../../src/io/safetensors.ts';
import { readBytes } from '../../src/io/source.ts';
import { storedTensors } from '../../src/io/tensors.ts';
import { loadParameters } from '../../src/io/weights.ts';
import { faceApiPath } from '../data.ts';

const MANIFEST = 'tiny_face_detector_model-weights_manifest.json';
const BINARY = 'tiny_face_detector_model.bin';
const manifestPath = faceApiPath(`model/${MANIFEST}`);
const binaryPath = faceApiPath(`model/${BINARY}`);
const page = '<!DOCTYPE html><html>';

let folder = '';
let server: Server;
let base = '';
let hash = '';
let safetensors: Uint8Array;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'facsimile-'));
  const parameters = await loadParameters(manifestPath);
  hash = weightsHash(parameters);
  safetensors = writeSafetensors(storedTensors(parameters));
  const answers: Record<string, Uint8Array | string> = {
    [`/model/${MANIFEST}`]: readFileSync(manifestPath),
    [`/model/${BINARY}`]: readFileSync(binaryPath),
    '/lonely.json': readFileSync(manifestPath),
    '/w.safetensors': safetensors,
    '/page': page,
  };
  server = createServer((request, response) => {
    const answer = answers[request.url!];
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const expectSame = async (loading: ReturnType<typeof loadParameters>) => expect(weightsHash(await loading)).toBe(hash);

describe('loadParameters finds the same weights', () => {
  it('by the path of a manifest', () => expectSame(loadParameters(manifestPath)));
  it('by a relative path', () => expectSame(loadParameters(`node_modules/@vladmandic/face-api/model/${MANIFEST}`)));
  it('by a file URL', () => expectSame(loadParameters(pathToFileURL(manifestPath))));
  it('by the text of a file URL', () => expectSame(loadParameters(pathToFileURL(manifestPath).href)));
  it('by the URL of a manifest', () => expectSame(loadParameters(`${base}/model/${MANIFEST}`)));
  it('by an answer of fetch', async () => expectSame(loadParameters(await fetch(`${base}/model/${MANIFEST}`))));
  it('by the URL of a safetensors file', () => expectSame(loadParameters(new URL(`${base}/w.safetensors`))));
  it('in bytes', () => expectSame(loadParameters(safetensors)));
  it('in an ArrayBuffer', () => expectSame(loadParameters(safetensors.slice().buffer)));
  it('in a Blob', () => expectSame(loadParameters(new Blob([safetensors.slice()]))));
  it('in a Response that came from nowhere', () => expectSame(loadParameters(new Response(safetensors.slice()))));
  it('in a manifest and bytes', () =>
    expectSame(
      loadParameters({
        manifest: JSON.parse(readFileSync(manifestPath, 'utf8')),
        files: { [BINARY]: readFileSync(binaryPath) },
      }),
    ));
  it('in a manifest and a file by their places', () =>
    expectSame(loadParameters({ manifest: manifestPath, files: { [BINARY]: `${base}/model/${BINARY}` } })));
  it('in a folder with one manifest', () => {
    const own = mkdtempSync(join(folder, 'one-'));
    writeFileSync(join(own, MANIFEST), readFileSync(manifestPath));
    writeFileSync(join(own, BINARY), readFileSync(binaryPath));
    return expectSame(loadParameters(own));
  });
  it('in a folder with one safetensors file', () => {
    const own = mkdtempSync(join(folder, 'safe-'));
    writeFileSync(join(own, 'README.md'), 'weights');
    writeFileSync(join(own, 'w.safetensors'), safetensors);
    return expectSame(loadParameters(`${own}/`));
  });
  it('below a URL, where the manifests are named', async () => {
    const manifests = { tiny_face_detector: MANIFEST };
    const parameters = await loadParameters(`${base}/model/`, { manifests });
    expect(parameters.names.every((name) => name.startsWith('tiny_face_detector/'))).toBe(true);
    expect(parameters.names.length).toBe(19);
  });
});

describe('loadParameters', () => {
  it('reads all manifests of a folder, named by their networks', async () => {
    const parameters = await loadParameters(faceApiPath('model'));
    const networks = new Set(parameters.names.map((name) => name.split('/')[0]));
    expect([...networks].sort()).toEqual([
      'age_gender',
      'face_expression',
      'face_landmark_68',
      'face_landmark_68_tiny',
      'face_recognition',
      'ssd_mobilenetv1',
      'tiny_face_detector',
    ]);
    expect(parameters.get('ssd_mobilenetv1/Output/extra_dim').shape).toEqual([1, 5118, 4]);
    expect([...parameters.read('ssd_mobilenetv1/Prediction/BoxPredictor_0/stack_1/1')]).toEqual([3072]);
  });

  it.each([
    ['a file that is not there', () => '/nowhere/w.safetensors', 'cannot read /nowhere/w.safetensors'],
    ['a status that is no success', () => `${base}/none.safetensors`, 'status 404'],
    ['a page instead of weights', () => `${base}/page`, 'its 21 bytes start with "<!DOCTYPE html><html>"'],
    ['a manifest whose file is not there', () => `${base}/lonely.json`, `${BINARY}: status 404`],
    ['a host that does not answer', () => 'http://127.0.0.1:9/w.safetensors', 'cannot read http://127.0.0.1:9/'],
    ['a manifest in bytes, alone', () => readFileSync(manifestPath), `needs its files (${BINARY})`],
    ['no bytes', () => new Uint8Array(0), 'these bytes: no bytes at all'],
    ['bytes of something else', () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'its 4 bytes start with "·PNG"'],
    ['JSON cut short', () => new TextEncoder().encode('[{"weights":'), 'is not JSON'],
    ['a folder without weights', () => mkdtempSync(join(folder, 'none-')), 'holds neither one safetensors file nor'],
    ['a failed answer', () => new Response('no', { status: 503, statusText: 'Busy' }), 'status 503 Busy'],
    ['a manifest without its file', () => ({ manifest: manifestPath, files: {} }), `file "${BINARY}" is missing`],
  ])('refuses %s', async (_, source, message) => {
    const loading = loadParameters(source());
    await expect(loading).rejects.toThrow(WeightsError);
    await expect(loading).rejects.toThrow(message);
  });

  it('says which of several networks is at fault', async () => {
    const loading = loadParameters(faceApiPath('model'), {
      manifests: { tiny_face_detector: MANIFEST, other: 'none.json' },
    });
    await expect(loading).rejects.toThrow(WeightsError);
    await expect(loading).rejects.toThrow(/^other: cannot read .*none\.json/);
  });

  it('refuses an answer that was read before', async () => {
    const response = new Response(safetensors.slice());
    await response.arrayBuffer();
    await expect(loadParameters(response)).rejects.toThrow('its body was read before');
  });
});

describe('weightsHash', () => {
  const one = (...values: number[]) => ({
    type: 'F32' as const,
    shape: [values.length],
    bytes: new Uint8Array(Float32Array.from(values).buffer),
  });
  const hashOf = async (tensors: Record<string, ReturnType<typeof one>>) =>
    weightsHash(await loadParameters(writeSafetensors(new Map(Object.entries(tensors)))));

  it('is that of the tensors, not of their order or their form', async () => {
    const a = await hashOf({ x: one(1, 2), y: one(3) });
    expect(await hashOf({ y: one(3), x: one(1, 2) })).toBe(a);
    const stored = new Map<string, StoredTensor>([
      ['x', { type: 'U8', shape: [2], bytes: Uint8Array.of(0, 1), quantization: { scale: 1, min: 1 } }],
      ['y', one(3)],
    ]);
    expect(weightsHash(await loadParameters(writeSafetensors(stored)))).toBe(a);
  });

  it('changes with a value, a name and a shape', async () => {
    const hashes = await Promise.all([
      hashOf({ x: one(1, 2) }),
      hashOf({ x: one(1, 2.0000002384185791) }),
      hashOf({ y: one(1, 2) }),
      hashOf({ x: { ...one(1, 2), shape: [2, 1] } }),
      hashOf({ x: one(1), y: one(2) }),
    ]);
    expect(new Set(hashes).size).toBe(5);
  });

  it('can be computed elsewhere: sha256("x\\0" + "2\\0" + float32 bytes)', async () => {
    const { createHash } = await import('node:crypto');
    const expected = createHash('sha256').update('x\x002\x00').update(one(1, 2).bytes).digest('hex');
    expect(await hashOf({ x: one(1, 2) })).toBe(expected);
  });
});

describe('readBytes', () => {
  it('takes Node Buffers and does not copy', async () => {
    const buffer = Buffer.from([1, 2, 3]);
    expect(await readBytes(buffer)).toBe(buffer);
  });
  it('fails with InputError where there is nothing to read', async () => {
    await expect(readBytes('/nowhere')).rejects.toThrow(InputError);
  });
  it.each([[42], [null], [{}]])('refuses %s by its kind', async (source) => {
    await expect(readBytes(source as unknown as string)).rejects.toThrow(TypeError);
  });
});
