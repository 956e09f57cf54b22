/**
 * What every runtime of the matrix runs: imports the library as its users do, verifies two photos, then computes the digest.
 * @param {{ weights: string | Uint8Array, photos: [Uint8Array, Uint8Array], now?: () => number }} given
 *   where the face networks are, or their file, and two photos of one person
 */
export async function probe({ weights, photos, now = () => performance.now() }) {
  const start = now();
  const { loadFaces } = await import('facsimile/faces');
  const loaded = now();
  const faces = await loadFaces({ weights, detector: 'tiny', memoryBudget: 16 * 2 ** 20 });
  const { same, distance } = await faces.verify(...photos, { face: 'largest' });
  const verified = now();
  const { digest } = await import('facsimile/digest');
  const { digest: hash } = await digest();
  return {
    digest: hash,
    verification: `${same} ${distance}`,
    loadMs: loaded - start,
    firstVerifyMs: verified - loaded,
  };
}
