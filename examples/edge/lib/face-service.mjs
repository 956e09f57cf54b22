import { loadFaces } from 'facsimile/faces';
import { readImage } from 'facsimile/image';
import { json, Refusal, refused } from './answer.mjs';
import { onePhoto, photosOfForm } from './photos.mjs';

const LIMITS = { maxBytes: 8 * 2 ** 20, maxMilliseconds: 20_000 };
/** A photo of more pixels is decoded at a half, a quarter or an eighth of its size: faces keep enough of them. */
const decoding = { reduceAbove: 1e6, maxBytes: 48 * 2 ** 20 };

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, 'bad-path', `the path holds ${part}, which is no text`);
  }
}

/**
 * Faces over HTTP, for any runtime that has Request and Response:
 *
 *   POST   /verify       a form with the photos `a` and `b` → { same, distance, threshold }
 *   POST   /recognize    a photo → { id, distance, threshold }, id null where it is nobody enrolled
 *   PUT    /people/ID    a photo → { id, examples }
 *   DELETE /people/ID    → { removed }
 *
 * Errors are JSON too, `{ error: { code, message } }`. The gallery lies in a key-value store; where two requests change it at
 * the same moment, the later one wins.
 *
 * @param {{ weights: () => Promise<Response>, store: import('facsimile/faces').GalleryStore, authorize?: (request: Request) =>
 *   boolean | Promise<boolean>, limits?: Partial<typeof LIMITS> }} options `weights` answers with faces.safetensors, once;
 *   `authorize` says who may change the gallery, nobody by default
 * @returns {(request: Request) => Promise<Response>}
 */
export function faceService({ weights, store, authorize = () => false, limits }) {
  const bounds = { ...LIMITS, ...limits };
  let loading;
  /** The networks, loaded by the first request that needs them and kept; a failure is not. */
  const faces = () => {
    loading ??= weights()
      .then((answer) => loadFaces({ weights: answer, detector: 'tiny' }))
      .catch((error) => {
        loading = undefined;
        throw new Error(`the face networks cannot be loaded: ${error.message}`, { cause: error });
      });
    return loading;
  };

  const gallery = async () => (await faces()).openGallery(store);
  const changed = async (request, change) => {
    if (!(await authorize(request))) throw new Refusal(403, 'forbidden', 'you may not change the gallery');
    const people = await gallery();
    const result = await change(people);
    await people.save(store);
    return json(result);
  };

  const routes = [
    [
      'POST',
      /^\/verify$/,
      async (request) => {
        const [a, b] = await photosOfForm(request, ['a', 'b'], bounds);
        const { same, distance, threshold } = await (await faces()).verify(
          await readImage(a, decoding),
          await readImage(b, decoding),
        );
        return json({ same, distance, threshold });
      },
    ],
    [
      'POST',
      /^\/recognize$/,
      async (request) => {
        const photo = await onePhoto(request, bounds);
        const { id, distance, threshold } = await (await gallery()).recognize(await readImage(photo, decoding));
        return json({ id, distance: Number.isFinite(distance) ? distance : null, threshold });
      },
    ],
    [
      'PUT',
      /^\/people\/([^/]+)$/,
      async (request, id) =>
        changed(request, async (people) =>
          people.enroll(id, await readImage(await onePhoto(request, bounds), decoding)),
        ),
    ],
    [
      'DELETE',
      /^\/people\/([^/]+)$/,
      async (request, id) => changed(request, async (people) => ({ removed: people.remove(id) })),
    ],
  ];

  return async (request) => {
    try {
      const { pathname } = new URL(request.url);
      const fitting = routes.filter(([, path]) => path.test(pathname));
      if (fitting.length === 0) throw new Refusal(404, 'not-found', `there is nothing at ${pathname}`);
      const route = fitting.find(([method]) => method === request.method);
      const allow = fitting.map(([method]) => method).join(', ');
      if (!route) throw new Refusal(405, 'wrong-method', `${pathname} takes ${allow}`, { allow });
      const [, path, run] = route;
      return await run(request, ...path.exec(pathname).slice(1).map(decoded));
    } catch (error) {
      return refused(error);
    }
  };
}
