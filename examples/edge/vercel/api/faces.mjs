// Vercel: an edge function behind /api/…. Weights lie in public/, the gallery in a key-value store that speaks Redis over HTTP.
import { faceService } from '../../lib/face-service.mjs';

export const config = { runtime: 'edge' };

/** Of Upstash's REST interface: bytes travel as base64. https://upstash.com/docs/redis/features/restapi */
const command = async (...words) => {
  const answer = await fetch(process.env.KV_REST_API_URL, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.KV_REST_API_TOKEN}` },
    body: JSON.stringify(words),
  });
  if (!answer.ok) throw new Error(`the key-value store answers ${answer.status}`);
  return (await answer.json()).result;
};
const store = {
  async load() {
    const text = await command('GET', 'gallery');
    return text ? Uint8Array.from(atob(text), (character) => character.charCodeAt(0)) : undefined;
  },
  async save(bytes) {
    await command('SET', 'gallery', btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
  },
};

let service;

export default function handler(request) {
  const url = new URL(request.url);
  service ??= faceService({
    weights: () => fetch(new URL('/faces.safetensors', url.origin)),
    store,
    authorize: ({ headers }) =>
      Boolean(process.env.TOKEN) && headers.get('authorization') === `Bearer ${process.env.TOKEN}`,
  });
  return service(new Request(new URL(url.pathname.replace(/^\/api/, ''), url), request));
}
