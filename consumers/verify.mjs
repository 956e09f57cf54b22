import { loadFaces } from 'facsimile/faces';

/** The five lines of the README, with files of a server: whether two photos show one person, and how far apart they are. */
export async function verify(files) {
  const faces = await loadFaces({ weights: `${files}/faces.safetensors`, detector: 'tiny', memoryBudget: 0 });
  const photos = ['a', 'b'].map(
    async (name) => new Uint8Array(await (await fetch(`${files}/${name}.jpg`)).arrayBuffer()),
  );
  const { same, distance } = await faces.verify(...(await Promise.all(photos)), { face: 'largest' });
  return { verification: `${same} ${distance}` };
}
