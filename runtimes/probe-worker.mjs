// workerd: clocks stand still while a worker computes, so each part is a request and the client times them.
import { digest } from 'facsimile/digest';
import { loadFaces } from 'facsimile/faces';

const parts = {
  '/load': async () => ({}),
  '/verify': async (files) => {
    const faces = await loadFaces({ weights: `${files}/faces.safetensors`, detector: 'tiny' });
    const photos = ['a', 'b'].map(async (name) => (await fetch(`${files}/${name}.jpg`)).arrayBuffer());
    const { same, distance } = await faces.verify(...(await Promise.all(photos)), { face: 'largest' });
    return { verification: `${same} ${distance}` };
  },
  '/digest': async () => ({ digest: (await digest()).digest }),
};

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    try {
      return Response.json(await parts[pathname](searchParams.get('files')));
    } catch (error) {
      return new Response(`${error.stack}`, { status: 500 });
    }
  },
};
