import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputError, WeightsError } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/sha256.ts';
import { readSafetensors } from '../../src/io/safetensors.ts';
import { downloads } from '../../src/models/downloads/downloads.ts';
import { cachedWeights, pullWeights } from '../../src/models/downloads/pull-weights.ts';
import { type FeatureName, loadFeatures } from '../../src/models/load-features.ts';
import { dataPath, faceApiPath, hasData } from '../data.ts';
import { type RangeServer, rangeServer, type ServerOptions, served } from '../support/range-server.ts';
import { vgg19File } from '../support/vgg19-file.ts';

const quick = { attempts: 3, pause: 1 };
const squeezenet = hasData
  ? new Uint8Array(readFileSync(dataPath('squeezenet_dc/compressed_SqueezeNet.net')))
  : undefined;

let folder: string;
let server: RangeServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facsimile-cache-'));
  vi.stubEnv('FACSIMILE_CACHE', join(folder, 'models'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

const kept = (name: keyof typeof downloads): string => join(folder, 'models', downloads[name].file);

async function serve(bytes: Uint8Array, options: ServerOptions = {}): Promise<string> {
  server = await rangeServer({ file: served(bytes) }, options);
  return `${server.url}file`;
}

describe('loadFeatures', () => {
  it('finds the face network in its npm package', async () => {
    const network = await loadFeatures('faces');
    expect(network.layers.at(-1)).toBe('conv256_down_out');
    const same = await loadFeatures('faces', { weights: faceApiPath('model') });
    expect(same.parameters.read('conv32_down/conv/filters')).toEqual(
      network.parameters.read('conv32_down/conv/filters'),
    );
  });

  it.each(['squeezenet', 'vgg19'] as const)('says how to get %s', async (name) => {
    const error = await loadFeatures(name).catch((reason) => reason);
    expect(error).toBeInstanceOf(WeightsError);
    expect(error.message).toContain(
      `are not at ${kept(name)}; run: facsimile models pull ${name}, or pass { weights }`,
    );
    vi.stubGlobal('process', undefined);
    await expect(loadFeatures(name)).rejects.toThrow(
      `are not here; call pullWeights('${name}') once, or pass { weights }`,
    );
  });

  it('says which networks and layers there are', async () => {
    await expect(loadFeatures('vgg16' as FeatureName)).rejects.toThrow(InputError);
    await expect(loadFeatures('vgg16' as FeatureName)).rejects.toThrow('there are faces, squeezenet, vgg19');
    await expect(loadFeatures('vgg19', { weights: new Uint8Array(9), to: ['conv9_1'] })).rejects.toThrow(
      'vgg19: no layer is called "conv9_1"; there are conv1_1, conv1_2, pool1,',
    );
    await expect(loadFeatures('vgg19', { to: [] })).rejects.toThrow(InputError);
  });

  it('reads as much of VGG-19 as some layers need', async () => {
    server = await rangeServer({ model: vgg19File('conv2_1') });
    const weights = `${server.url}model`;
    const network = await loadFeatures('vgg19', { weights, to: ['conv2_1/linear', 'conv1_1'] });
    expect(network.layers).toEqual(['conv1_1', 'conv1_2', 'conv2_1']);
    expect((await loadFeatures('vgg19', { weights, to: ['pool1'], pixels: 'caffe' })).layers.length).toBe(2);
    expect(server.sent).toBeLessThan(2e6);
  });
});

describe.skipIf(!squeezenet)('pullWeights', () => {
  it('keeps a file that is the one that is known, and finds it again', async () => {
    const heard: number[] = [];
    const from = await serve(squeezenet!);
    const pulled = await pullWeights('squeezenet', { ...quick, from, onProgress: (received) => heard.push(received) });
    expect(pulled).toEqual({
      place: kept('squeezenet'),
      sha256: downloads.squeezenet.sha256,
      bytes: squeezenet!.length,
      fresh: true,
    });
    expect(heard.at(-1)).toBe(squeezenet!.length);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect(await cachedWeights('squeezenet')).toBe(kept('squeezenet'));
    expect(sha256(new Uint8Array(readFileSync(kept('squeezenet'))))).toBe(downloads.squeezenet.sha256);
    expect((await loadFeatures('squeezenet')).layers).toContain('fire9');
    // It is there: nothing is asked of a network that does not exist here.
    expect(await pullWeights('squeezenet')).toMatchObject({ fresh: false, bytes: squeezenet!.length });
    expect(existsSync(`${kept('squeezenet')}.part.json`)).toBe(false);
  });

  it('carries on where a download broke off, in a later run too', async () => {
    const from = await serve(squeezenet!, { fault: (index) => (index < 2 ? { drop: 60_000 } : { status: 503 }) });
    await expect(pullWeights('squeezenet', { ...quick, from })).rejects.toThrow('status 503');
    const part = readFileSync(`${kept('squeezenet')}.part`);
    // What was sent and not yet read when the connection ended may be lost.
    expect(part.length).toBeGreaterThan(16_000);
    expect(existsSync(kept('squeezenet'))).toBe(false);
    const address = new URL(from);
    await server!.close();
    server = await rangeServer({ file: served(squeezenet!) }, { port: Number(address.port) });
    await pullWeights('squeezenet', { ...quick, from });
    // The first request finds out what the file is, and holds its first 65,536 bytes.
    const [, second] = server.requests;
    expect(second).toBe(`file bytes=${Math.max(part.length, 65_536)}-${squeezenet!.length - 1}`);
    expect(sha256(new Uint8Array(readFileSync(kept('squeezenet'))))).toBe(downloads.squeezenet.sha256);
  });

  it('lets one download be at it, and takes over the lock of a process that has ended', async () => {
    const from = await serve(squeezenet!);
    const results = await Promise.allSettled([1, 2].map(() => pullWeights('squeezenet', { from })));
    const [reason] = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(reason).toContain(`squeezenet: process ${process.pid} is at it (its lock is ${kept('squeezenet')}.lock)`);
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(`${kept('squeezenet')}.lock`, String(ended));
    await pullWeights('squeezenet', { from });
    expect(sha256(new Uint8Array(readFileSync(kept('squeezenet'))))).toBe(downloads.squeezenet.sha256);
    expect(existsSync(`${kept('squeezenet')}.lock`)).toBe(false);
  });

  it('starts anew where what is left is of another file', async () => {
    const from = await serve(squeezenet!, { fault: (index) => (index < 1 ? { drop: 50_000 } : { status: 503 }) });
    await expect(pullWeights('squeezenet', { ...quick, from })).rejects.toThrow('status 503');
    await pullWeights('squeezenet', { from: squeezenet! });
    expect(sha256(new Uint8Array(readFileSync(kept('squeezenet'))))).toBe(downloads.squeezenet.sha256);
  });

  it('keeps nothing of a file that is not the one that is known', async () => {
    const changed = squeezenet!.slice();
    changed[300_000]! ^= 1;
    await expect(pullWeights('squeezenet', { from: await serve(changed) })).rejects.toThrow(
      /squeezenet: this is not its file: SHA-256 is [0-9a-f]{64}, expected e4ab6960/,
    );
    await expect(pullWeights('squeezenet', { from: changed.subarray(5) })).rejects.toThrow(
      'squeezenet: the file has 675758 bytes, expected 675763',
    );
    expect(existsSync(kept('squeezenet'))).toBe(false);
    expect(existsSync(`${kept('squeezenet')}.part`)).toBe(false);
    // A file that was damaged since is not taken for the right one.
    await pullWeights('squeezenet', { from: squeezenet! });
    writeFileSync(kept('squeezenet'), changed);
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    await expect(pullWeights('squeezenet', quick)).rejects.toThrow('fetch failed');
  });

  it('says what to do without a network', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })));
    const error = await pullWeights('squeezenet', quick).catch((reason) => reason);
    expect(error).toBeInstanceOf(WeightsError);
    expect(error.message).toMatch(/^squeezenet: cannot read https:\/\/raw.*ENOTFOUND.*tried 3 times/);
    expect(error.message).toContain('run `facsimile models pull squeezenet --from FILE`');
    expect(error.message).toContain(`or put it at ${kept('squeezenet')}`);
  });

  it('keeps of VGG-19 its convolutions, as a file of its own', async () => {
    server = await rangeServer({ model: vgg19File('conv1_2') });
    const { bytes } = await pullWeights('vgg19', { from: `${server.url}model` });
    expect(bytes - downloads.vgg19.bytes).toBeLessThan(4000);
    expect(server.sent).toBeLessThan(bytes + 200_000);
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(kept('vgg19'))));
    expect(tensors.size).toBe(32);
    const network = await loadFeatures('vgg19', { to: ['conv1_2'] });
    const direct = await loadFeatures('vgg19', { weights: `${server.url}model`, to: ['conv1_2'] });
    for (const name of network.parameters.names)
      expect(network.parameters.read(name)).toEqual(direct.parameters.read(name));
    await expect(pullWeights('vgg19', { from: squeezenet! })).rejects.toThrow('vgg19: the file is no safetensors file');
  });
});

describe.skipIf(!squeezenet)('pullWeights in a page', () => {
  it('keeps weights in the Cache API', async () => {
    const entries = new Map<string, Response>();
    const store = {
      match: async (key: string) => entries.get(key)?.clone(),
      put: async (key: string, response: Response) => void entries.set(key, response),
    };
    vi.stubGlobal('caches', { open: async () => store });
    vi.stubGlobal('process', undefined);
    await expect(loadFeatures('squeezenet')).rejects.toThrow('are not at the cache "facsimile"');
    const pulled = await pullWeights('squeezenet', { from: squeezenet! });
    expect(pulled).toMatchObject({ sha256: downloads.squeezenet.sha256, fresh: true });
    expect([...entries.keys()]).toEqual([`${downloads.squeezenet.url}?facsimile=compressed_SqueezeNet.net`]);
    expect((await loadFeatures('squeezenet')).layers).toContain('conv10');
    vi.unstubAllGlobals();
  });
});
