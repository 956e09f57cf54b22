import { Refusal } from './answer.mjs';

/** What a file's first bytes say it is: a client's word for it is worth nothing. */
const kinds = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
];

/**
 * The body of a request, at most so many bytes and milliseconds long. It is counted as it comes: what a header states may
 * be wrong, and nobody sends more than is read.
 */
async function readBody(request, { maxBytes, maxMilliseconds }) {
  const tooLarge = () => new Refusal(413, 'too-large', `at most ${maxBytes} bytes are taken`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  if (!request.body) throw new Refusal(400, 'no-body', 'a photo is expected in the body');
  const reader = request.body.getReader();
  let timer;
  const late = new Promise((_, reject) => {
    const error = new Refusal(408, 'too-slow', `the body did not come within ${maxMilliseconds} ms`);
    timer = setTimeout(() => reject(error), maxMilliseconds);
  });
  const chunks = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return new Blob(chunks);
      bytes += value.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function photoOf(blob, name) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (kinds.some(([, start]) => start.every((byte, i) => bytes[i] === byte))) return bytes;
  const what = bytes.length === 0 ? 'is missing' : 'is neither';
  throw new Refusal(415, 'unsupported-type', `${name}: a JPEG or PNG photo is expected, this ${what}`);
}

/** The photo that is the body of a request. */
export async function onePhoto(request, limits) {
  return photoOf(await readBody(request, limits), 'the body');
}

/** The photos of a form (multipart/form-data), by the names of their fields. */
export async function photosOfForm(request, names, limits) {
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('multipart/form-data'))
    throw new Refusal(415, 'unsupported-type', `a form (multipart/form-data) with ${names.join(' and ')} is expected`);
  const body = await readBody(request, limits);
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw new Refusal(400, 'damaged-form', 'the form cannot be read');
  });
  const files = names.map((name) => form.get(name));
  return Promise.all(files.map((file, i) => photoOf(file instanceof Blob ? file : new Blob([]), names[i])));
}
