/** What looks well, found by looking: the other weights are relative to these. */
export interface StyleDefaults {
  readonly contentWeight: number;
  readonly styleWeight: number;
  readonly variationWeight: number;
  readonly levels: number;
  readonly steps: number;
}

const defaults: Readonly<Record<string, StyleDefaults>> = {
  vgg19: { contentWeight: 1, styleWeight: 1000, variationWeight: 0, levels: 1, steps: 300 },
  squeezenet: { contentWeight: 1, styleWeight: 1000, variationWeight: 0, levels: 1, steps: 200 },
};

/** For networks that nobody has looked at. */
const others: StyleDefaults = { contentWeight: 1, styleWeight: 1000, variationWeight: 0, levels: 1, steps: 200 };

export const defaultsOf = (network: string): StyleDefaults =>
  Object.hasOwn(defaults, network) ? defaults[network]! : others;
