import type { BytesSource } from '../../io/source.ts';
import type { Download } from './downloads.ts';
import type { KeptContent } from './kept-content.ts';

/** Is told how many bytes are there, of how many. */
export type OnProgress = (received: number, total: number) => void;

/** Where downloaded weights stay. */
export interface WeightsCache {
  /** Where the weights of a network are, or would be, for people: a path or a name. */
  place(download: Download): string;
  /** The weights, undefined where they are not there. */
  find(download: Download): Promise<BytesSource | undefined>;
  /**
   * Puts weights in their place, whole and checked or not at all.
   * @param origin Says where they come from and which version: what is left of a download is carried on for the same one.
   * @returns SHA-256 of the file.
   * @throws WeightsError where their SHA-256 is not the one that is known.
   */
  keep(download: Download, content: KeptContent, origin: string, onProgress: OnProgress): Promise<string>;
}
