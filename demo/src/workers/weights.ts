import { tell } from './serve.ts';

/** How much of the weights has come. */
export interface Progress {
  readonly loaded: number;
  readonly total: number;
}

/** The networks of faces as this page serves them, telling the page how much has come. */
export async function fetchWeights(): Promise<Response> {
  const response = await fetch(new URL('../models/faces.safetensors', self.location.href));
  if (!response.ok || !response.body) throw new Error(`The networks could not be loaded: ${response.status}.`);
  const total = Number(response.headers.get('content-length')) || 0;
  let loaded = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        loaded += chunk.length;
        tell({ progress: { loaded, total: Math.max(total, loaded) } });
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted);
}
