// Deno: TOKEN=… deno run --allow-net --allow-read --allow-write --allow-env deno.mjs [FOLDER of faces.safetensors] [PORT]
import { fileStore } from 'facsimile/stores';
import { faceService } from './lib/face-service.mjs';

const [folder = '.', port = '8000'] = Deno.args;
const token = Deno.env.get('TOKEN');
const service = faceService({
  weights: async () => new Response((await Deno.open(`${folder}/faces.safetensors`)).readable),
  store: fileStore('people.gallery'),
  authorize: ({ headers }) => Boolean(token) && headers.get('authorization') === `Bearer ${token}`,
});
Deno.serve({ port: Number(port), hostname: '127.0.0.1' }, service);
