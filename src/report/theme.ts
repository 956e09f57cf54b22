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

/** Colours of lines and classes that are compared, in this order (Okabe and Ito's, told apart with any colour vision). */
export const series = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#5b5f97', '#8a6d3b'] as const;
