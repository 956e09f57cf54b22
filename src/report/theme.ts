/** What a mark means, and so its colour. */
export type Tone = 'plain' | 'yes' | 'no';

/** Colours of all pictures: chosen to be told apart with any colour vision, and never the only sign. */
export const theme = {
  tones: { plain: '#4a90d9', yes: '#1f9e89', no: '#e8833a' } satisfies Record<Tone, string>,
  ink: '#1d2733',
  quiet: '#66717e',
  line: '#d9dee4',
  paper: '#ffffff',
  wash: '#f5f7f9',
  font: 'DejaVu Sans',
  /** For HTML, where the reader's own fonts are at hand. */
  fonts: "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
} as const;
