// Bun: TOKEN=… bun bun.mjs [FOLDER of faces.safetensors] [PORT]
import { fileStore } from 'facsimile/stores';
import { faceService } from './lib/face-service.mjs';

const [folder = '.', port = '8000'] = process.argv.slice(2);
const token = process.env.TOKEN;
const service = faceService({
  weights: async () => new Response(Bun.file(`${folder}/faces.safetensors`)),
  store: fileStore('people.gallery'),
  authorize: ({ headers }) => Boolean(token) && headers.get('authorization') === `Bearer ${token}`,
});
Bun.serve({ port: Number(port), hostname: '127.0.0.1', fetch: service });
