import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../src/image/encode.ts';
import { loadParameters } from '../../src/io/weights.ts';
import { bundleNetworks } from '../../src/models/bundle.ts';
import { manifestsOf } from '../../src/models/catalogue.ts';
import { faceApiPath } from '../data.ts';

const built = existsSync(fileURLToPath(new URL('../../dist/inline/index.js', import.meta.url)));
if (!built) console.warn('tests of examples/edge are skipped: npm run build makes dist');

type Service = (request: Request) => Promise<Response>;
const lib = (name: string): string => fileURLToPath(new URL(`../../examples/edge/lib/${name}.mjs`, import.meta.url));
const url = 'https://faces.example.org';
const SECRET = { authorization: 'Bearer secret' };

describe.skipIf(!built)('the service of examples/edge', () => {
  let make: (options: object) => Service;
  let service: Service;
  let file: Uint8Array<ArrayBuffer>;
  let blank: Uint8Array<ArrayBuffer>;
  const values = new Map<string, Uint8Array>();
  let loads = 0;

  beforeAll(async () => {
    const names = ['face_recognition', 'face_landmark_68', 'tiny_face_detector'] as const;
    const parameters = await loadParameters(faceApiPath('model'), { manifests: manifestsOf(names) });
    file = Uint8Array.from(bundleNetworks(parameters, names));
    blank = Uint8Array.from(await encodePng({ data: new Uint8Array(64 * 48 * 4).fill(200), width: 64, height: 48 }));
    const { faceService } = (await import(lib('face-service'))) as { faceService: typeof make };
    const { keyValueStore } = (await import(lib('key-value-store'))) as {
      keyValueStore: (namespace: object) => object;
    };
    const namespace = {
      get: async (key: string) => values.get(key)?.slice().buffer ?? null,
      put: async (key: string, bytes: Uint8Array) => void values.set(key, bytes),
    };
    make = faceService;
    service = faceService({
      weights: async () => {
        loads++;
        return new Response(file);
      },
      store: keyValueStore(namespace),
      authorize: ({ headers }: Request) => headers.get('authorization') === SECRET.authorization,
      limits: { maxBytes: 100_000, maxMilliseconds: 200 },
    });
  });
  afterEach(() => vi.restoreAllMocks());

  const ask = async (
    method: string,
    path: string,
    body?: BodyInit | undefined,
    headers: Record<string, string> = {},
  ) => {
    const response = await service(
      new Request(url + path, { method, headers, ...(body && { body, duplex: 'half' }) } as RequestInit),
    );
    expect(response.headers.get('content-type')).toContain('application/json');
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
  };
  const refusal = (status: number, code: string) => ({ status, error: { code, message: expect.any(String) } });

  it('loads the networks once, for the first requests that need them', async () => {
    await Promise.all([ask('POST', '/recognize', blank), ask('POST', '/recognize', blank)]);
    expect(loads).toBe(1);
  });

  it.each<[string, [string, string, (BodyInit | undefined)?, Record<string, string>?], [number, string]]>([
    ['an unknown path', ['GET', '/'], [404, 'not-found']],
    ['another method', ['GET', '/verify'], [405, 'wrong-method']],
    ['a body that is no form', ['POST', '/verify', 'hello'], [415, 'unsupported-type']],
    [
      'a form that ends early',
      ['POST', '/verify', '--x\r\n', { 'content-type': 'multipart/form-data; boundary=x' }],
      [400, 'damaged-form'],
    ],
    ['no body', ['POST', '/recognize'], [400, 'no-body']],
    ['a text for a photo', ['POST', '/recognize', 'hello'], [415, 'unsupported-type']],
    [
      'a body that is stated to be too long',
      ['POST', '/recognize', new Uint8Array(100_001), { 'content-length': '100001' }],
      [413, 'too-large'],
    ],
    [
      'a body that is too long',
      ['POST', '/recognize', new Blob([new Uint8Array(100_001)]).stream()],
      [413, 'too-large'],
    ],
    ['a body that does not come', ['POST', '/recognize', new ReadableStream()], [408, 'too-slow']],
    ['a change without the secret', ['DELETE', '/people/ada'], [403, 'forbidden']],
    ['an id that cannot be decoded', ['DELETE', '/people/%E0%A4%A', undefined, SECRET], [400, 'bad-path']],
  ])('refuses %s', async (_, request, [status, code]) => {
    expect(await ask(...request)).toEqual(refusal(status, code));
  });

  it('refuses a photo without a face, and one that is damaged', async () => {
    expect(await ask('POST', '/recognize', blank)).toEqual(refusal(422, 'no-face'));
    expect(await ask('POST', '/recognize', blank.slice(0, 40))).toEqual(refusal(422, 'unreadable-image'));
  });

  it('keeps its own failures to itself, and tries to load again', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    let answer = new Response('a secret place', { status: 503 });
    const failing = make({ weights: async () => answer, store: { load: async () => undefined } });
    const recognize = () => failing(new Request(`${url}/recognize`, { method: 'POST', body: blank }));
    const first = await recognize();
    expect(first.status).toBe(500);
    expect(await first.json()).toEqual({ error: { code: 'failed', message: 'the service failed' } });
    expect(log).toHaveBeenCalledOnce();
    answer = new Response(file);
    expect((await recognize()).status).toBe(422);
  });

  it('changes what lies in the store', async () => {
    expect(await ask('DELETE', '/people/ada', undefined, SECRET)).toEqual({ status: 200, removed: false });
    expect([...values.keys()]).toEqual(['gallery']);
  });
});
