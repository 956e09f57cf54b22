import type { Goal, LayerWeight } from '../objective.ts';

/** What is asked of a picture, layer by layer. */
export interface TileWork {
  /** Layers whose features are compared with given ones. */
  readonly content: readonly string[];
  /** Layers of which a Gram matrix is taken, and the masks that it is taken through, by a name for each. */
  readonly grams: readonly { readonly layer: string; readonly masked?: string }[];
}

export const weighing = (layers: readonly LayerWeight[]): readonly LayerWeight[] =>
  layers.filter(({ weight }) => weight > 0);

/** What J asks of each tile. All styles without a mask share a Gram matrix; a style with one is called by its number. */
export function workOf({ contentLayers, styleLayers, styles }: Goal): TileWork {
  const masks = new Set(styles.map(({ masks }, i) => (masks ? String(i) : undefined)));
  return {
    content: weighing(contentLayers).map(({ layer }) => layer),
    grams: weighing(styleLayers).flatMap(({ layer }) =>
      [...masks].map((masked) => ({ layer, ...(masked !== undefined && { masked }) })),
    ),
  };
}

/** Every layer that is looked at, once. */
export const layersOf = ({ content, grams }: TileWork): string[] => [
  ...new Set([...content, ...grams.map(({ layer }) => layer)]),
];
