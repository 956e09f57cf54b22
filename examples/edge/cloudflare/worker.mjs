// Cloudflare: wrangler deploy. Weights come from the worker's own assets, the gallery lies in KV.
import { faceService } from '../lib/face-service.mjs';
import { keyValueStore } from '../lib/key-value-store.mjs';

let service;

export default {
  /** @param {{ ASSETS: { fetch: typeof fetch }, GALLERY: object, TOKEN?: string }} env */
  fetch(request, env) {
    service ??= faceService({
      weights: () => env.ASSETS.fetch('https://assets/faces.safetensors'),
      store: keyValueStore(env.GALLERY),
      authorize: ({ headers }) => Boolean(env.TOKEN) && headers.get('authorization') === `Bearer ${env.TOKEN}`,
    });
    return service(request);
  },
};
