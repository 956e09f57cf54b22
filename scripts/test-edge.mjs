// Runs the services of examples/edge in their runtimes, on the packed library: npm run test:edge
// Each verifies, enrols and recognises photos, refuses what it must, and takes a phone's photo of 12 megapixels. The table says
// how long the first answer took (runtime, library and networks started by it) and what the service added to its process.
import { copyFileSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { services } from '../runtimes/drivers/services.mjs';
import { copyFaceFiles } from './lib/face-files.mjs';
import { installPacked } from './lib/install.mjs';
import { keyValueServer } from './lib/key-value-server.mjs';
import { peakMB, residentMB, untilAnswered } from './lib/processes.mjs';
import { serve } from './lib/serve.mjs';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** What an isolate of Cloudflare may hold. */
const MOST_MB = 128;
const token = 'a secret';

const folder = installPacked();
copyFaceFiles(folder);
cpSync(at('examples/edge'), folder, { recursive: true });
for (const name of readdirSync(at('runtimes')).filter((file) => file.startsWith('probe-')))
  copyFileSync(at(`runtimes/${name}`), join(folder, name));
const files = await serve(folder);
const store = await keyValueServer();

const sample = sharp(join(folder, 'a.jpg'));
const crop = (left) => sample.clone().extract({ left, top: 235, width: 430, height: 480 });
const [first, other] = await Promise.all([264, 700].map((left) => crop(left).jpeg().toBuffer()));
const again = await crop(264).resize(300).modulate({ brightness: 1.15 }).png().toBuffer();
const phone = (options) =>
  crop(264)
    .resize(3024, 4032, { fit: 'cover' })
    .jpeg({ quality: 92, ...options })
    .toBuffer();
const noFace = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#58a' } })
  .png()
  .toBuffer();

/** One request: its status and what came back. */
async function ask(url, method, body, headers = {}) {
  const response = await fetch(url, { method, headers, ...(body && { body, duplex: 'half' }) });
  return { status: response.status, ...(await response.json()) };
}
const form = (photos) => {
  const data = new FormData();
  for (const [name, bytes] of Object.entries(photos)) data.append(name, new Blob([bytes]), `${name}.jpg`);
  return data;
};

function check(what, condition, got) {
  if (!condition) throw new Error(`${what}: got ${JSON.stringify(got)}`);
}

/** The first request to a service, a phone's photo: how long until its answer, and the memory that it took. */
async function firstPhoto(base, pid) {
  await untilAnswered(() => fetch(base));
  const idle = residentMB(pid);
  const photo = await phone();
  const began = performance.now();
  const answer = await ask(`${base}/recognize`, 'POST', photo);
  check('12 megapixels', answer.status === 200 && answer.id === null, answer);
  return { firstMs: Math.round(performance.now() - began), idle, added: peakMB(pid) - idle };
}

async function exercise(base) {
  const bearer = { authorization: `Bearer ${token}` };
  const refuses = async (what, status, code, ...request) => {
    const got = await ask(...request);
    check(what, got.status === status && (code === undefined || got.error?.code === code) && got.error?.message, got);
  };
  await refuses('an unknown path', 404, 'not-found', `${base}/nothing`, 'GET');
  const same = await ask(`${base}/verify`, 'POST', form({ a: first, b: again }));
  check('two photos of one person', same.status === 200 && same.same === true && same.distance <= same.threshold, same);
  const different = await ask(`${base}/verify`, 'POST', form({ a: first, b: other }));
  check('photos of two people', different.status === 200 && different.same === false, different);

  await refuses('enrolling without the token', 403, 'forbidden', `${base}/people/ada`, 'PUT', first);
  const nobody = await ask(`${base}/recognize`, 'POST', first);
  check('an empty gallery', nobody.status === 200 && nobody.id === null && nobody.distance === null, nobody);
  const enrolled = await ask(`${base}/people/ada`, 'PUT', first, bearer);
  check('enrolling', enrolled.status === 200 && enrolled.id === 'ada' && enrolled.examples === 1, enrolled);
  const known = await ask(`${base}/recognize`, 'POST', again);
  check('recognising', known.status === 200 && known.id === 'ada', known);
  const stranger = await ask(`${base}/recognize`, 'POST', other);
  check('a stranger', stranger.status === 200 && stranger.id === null, stranger);

  await refuses('another method', 405, 'wrong-method', `${base}/verify`, 'GET');
  await refuses('no form', 415, 'unsupported-type', `${base}/verify`, 'POST', first);
  await refuses('a form without b', 415, 'unsupported-type', `${base}/verify`, 'POST', form({ a: first }));
  await refuses('a text', 415, 'unsupported-type', `${base}/recognize`, 'POST', 'hello');
  await refuses('a photo without a face', 422, 'no-face', `${base}/recognize`, 'POST', noFace);
  await refuses('a damaged photo', 422, 'unreadable-image', `${base}/recognize`, 'POST', first.subarray(0, 2000));
  await refuses(
    'several faces',
    422,
    'several-faces',
    `${base}/recognize`,
    'POST',
    readFileSync(join(folder, 'a.jpg')),
  );
  // Without a length in front: a runtime would close the connection under a client that it told at once.
  const long = new Blob([new Uint8Array(8 * 2 ** 20 + 1)]).stream();
  await refuses('a body over 8 MiB', 413, 'too-large', `${base}/recognize`, 'POST', long);

  const large = await ask(`${base}/recognize`, 'POST', await phone());
  check('12 megapixels of someone enrolled', large.status === 200 && large.id === 'ada', large);
  const removed = await ask(`${base}/people/ada`, 'DELETE', undefined, bearer);
  check('removing', removed.removed === true, removed);
  return same.distance;
}

const rows = [];
const failures = [];
for (const { name, start } of services.filter((s) => !process.argv[2] || s.name.startsWith(process.argv[2]))) {
  store.clear();
  let running;
  try {
    running = await start({ folder, url: files.url, store: store.url, token });
    const base = `${running.url}${running.prefix}`;
    const first = await firstPhoto(base, running.pid);
    const distance = await exercise(base);
    rows.push({ name, ...first, distance });
    if (distance !== rows[0].distance) failures.push(`${name}: measured ${distance}, not ${rows[0].distance}`);
  } catch (error) {
    failures.push(`${name}: ${error.stack}\n${running?.output().slice(-1500) ?? ''}`);
  } finally {
    running?.stop();
  }
}
files.close();
store.close();
for (const { name, firstMs, idle, added } of rows)
  console.log(`${name.padEnd(24)} ${idle} MB idle; a first photo of 12 megapixels: ${firstMs} ms, ${added} MB more`);
const cloudflare = rows.find(({ name }) => name.startsWith('Cloudflare'));
if (cloudflare && cloudflare.added > MOST_MB)
  failures.push(`Cloudflare: ${cloudflare.added} MB, an isolate has ${MOST_MB}`);
for (const line of failures) console.error(line);
console.log(`\n${rows.length} passed, ${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);
