import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloads } from '../../src/models/downloads/downloads.ts';
import { dataPath, faceApiPath, hasData } from '../data.ts';
import { facsimile } from './capture.ts';

const file = dataPath('squeezenet_dc/compressed_SqueezeNet.net');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facsimile-cli-'));
  vi.stubEnv('FACSIMILE_CACHE', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

const json = async (...words: string[]) => {
  const { code, stdout } = await facsimile('models', ...words, '--json');
  return { code, value: JSON.parse(stdout) };
};

describe('models list', () => {
  it('says of every network its size, licence and where its weights are', async () => {
    const { stdout } = await facsimile('models', 'list');
    expect(stdout).toContain('7 networks:');
    expect(stdout).toMatch(/face_recognition +embedding +6\.4 MB +public domain .* in @vladmandic\/face-api/);
    expect(stdout).toMatch(/squeezenet +features +0\.7 MB +BSD +facsimile models pull squeezenet\n/);
    expect(stdout).toMatch(/vgg19 +features +80\.1 MB +BSD-3-Clause +facsimile models pull vgg19 \(no SHA-256 known\)/);
    const { value } = await json('list');
    expect(value.models.at(-2)).toMatchObject({ name: 'squeezenet', sha256: downloads.squeezenet.sha256, here: false });
    expect(value.models.at(-1)).toMatchObject({ name: 'vgg19', sha256: null, here: false });
  });
});

describe('models path', () => {
  it('prints the path, or says how to get the weights', async () => {
    expect((await facsimile('models', 'path', 'faces')).stdout).toBe(`${faceApiPath('model')}\n`);
    const { code, stdout, stderr } = await facsimile('models', 'path', 'squeezenet');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('run: facsimile models pull squeezenet');
  });
});

describe('models pull', () => {
  it.skipIf(!hasData)('puts a file in the cache, from where it is told, and finds it', async () => {
    const path = join(folder, downloads.squeezenet.file);
    const { code, stdout } = await facsimile('models', 'pull', 'squeezenet', '--from', file);
    expect(code).toBe(0);
    expect(stdout).toBe(`Wrote ${path} (0.7 MB, BSD).\nSHA-256 ${downloads.squeezenet.sha256}, as published.\n`);
    expect(readFileSync(path).equals(readFileSync(file))).toBe(true);
    expect((await facsimile('models', 'path', 'squeezenet')).stdout).toBe(`${path}\n`);
    expect((await facsimile('models', 'list')).stdout).toMatch(/squeezenet .* here\n/);
    expect((await facsimile('models', 'pull', 'squeezenet')).stdout).toContain(`Already there: ${path}`);
    const served = join(folder, 'public');
    expect((await json('copy', 'squeezenet', served)).value).toMatchObject({
      bytes: 675_763,
      networks: ['squeezenet'],
    });
    expect(readFileSync(join(served, downloads.squeezenet.file)).equals(readFileSync(file))).toBe(true);
  });

  it('says what to do without a network, and refuses other files', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'EAI_AGAIN' } })));
    const { code, stderr } = await facsimile('models', 'pull', 'vgg19');
    expect(code).toBe(2);
    expect(stderr).toContain(`facsimile: vgg19: cannot read ${downloads.vgg19.url}: fetch failed (EAI_AGAIN)`);
    expect(stderr).toContain('run `facsimile models pull vgg19 --from FILE`');
    const other = await json('pull', 'squeezenet', '--from', faceApiPath('model/tiny_face_detector_model.bin'));
    expect(other.code).toBe(2);
    expect(other.value.error).toMatchObject({
      name: 'WeightsError',
      message: expect.stringContaining('has 193321 bytes, expected 675763'),
    });
    expect(existsSync(join(folder, downloads.squeezenet.file))).toBe(false);
    expect((await facsimile('models', 'pull', 'resnet')).stderr).toContain("'resnet' is invalid");
  });
});
