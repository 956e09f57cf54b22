import type { Photo } from './photo.ts';

/** Photos that come with the page: those of @vladmandic/face-api. */
export const samples: readonly { readonly name: string; readonly address: string }[] = Array.from(
  { length: 6 },
  (_, i) => ({ name: `Sample ${i + 1}`, address: `./samples/sample${i + 1}.jpg` }),
);

export async function openSample({ name, address }: (typeof samples)[number]): Promise<Photo> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The sample could not be loaded: ${response.status}.`);
  return { blob: await response.blob(), name };
}
