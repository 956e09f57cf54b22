import type { RgbaImage } from '../image/image.ts';
import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';

/** Measures text and turns SVG into pixels, with one font that is always there. */
export interface Typesetter {
  /** Width of a line of text, in pixels. */
  width(text: string, size: number, bold?: boolean): number;
  /** An SVG as pixels, `scale` for each of its own, their colours already multiplied by their opacity. */
  draw(svg: Markup, scale?: number): RgbaImage;
}

const lineOf = (text: string, size: number, bold: boolean): Markup =>
  markup`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><text x="0" y="0" font-family="${theme.font}" font-size="${size}" font-weight="${bold ? 700 : 400}">${text}</text></svg>`;

async function load(): Promise<Typesetter> {
  // Two and a half megabytes of wasm and 1.4 of fonts: only those who draw pictures pay for them.
  const [{ initWasm, Resvg }, { readFile }, { createRequire }] = await Promise.all([
    import('@resvg/resvg-wasm'),
    import('node:fs/promises'),
    import('node:module'),
  ]);
  const { resolve } = createRequire(import.meta.url);
  const [wasm, ...fontBuffers] = await Promise.all(
    [
      '@resvg/resvg-wasm/index_bg.wasm',
      'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
      'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
    ].map((name) => readFile(resolve(name))),
  );
  await initWasm(wasm!).catch((error: Error) => {
    // The package keeps one instance for the whole process; another of its users may have been first.
    if (!/already initialized/i.test(error.message)) throw error;
  });
  const font = { loadSystemFonts: false, fontBuffers, defaultFontFamily: theme.font };

  return {
    width(text, size, bold = false) {
      if (text.trim() === '') return 0;
      const svg = new Resvg(lineOf(text, size, bold).text, { font });
      const box = svg.getBBox();
      const width = box?.width ?? 0;
      box?.free();
      svg.free();
      return width;
    },
    draw(svg, scale = 1) {
      const renderer = new Resvg(svg.text, { font, fitTo: { mode: 'zoom', value: scale } });
      const image = renderer.render();
      const { width, height, pixels } = image;
      image.free();
      renderer.free();
      return { data: pixels, width, height };
    },
  };
}

let loading: Promise<Typesetter> | undefined;

/** The typesetter of this process. Node only: it reads its fonts from the installed packages. */
export const typesetter = (): Promise<Typesetter> => (loading ??= load());
