// A gallery of style transfer: contents × styles × networks × layers, painted by one script and written as a page of
// Markdown with captions. A picture that is there already is not painted again, so it goes on where it was stopped.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeJpeg } from 'facsimile/image';
import { loadFeatures } from 'facsimile/models';
import { stylize } from 'facsimile/style';
import { UsageError } from './lib/files.mjs';
import { sections } from './lib/style/recipes.mjs';

const HELP = `node examples/style-gallery.mjs --paintings DIR [options]

  --paintings DIR    fst_wave.jpg, shipwreck.jpg, starry_night.jpg, the_scream.jpg
  --photos DIR       photos that are painted in each style as well, into OUT alone
  --weights FILE     weights of SqueezeNet      (default: as "facsimile models pull" keeps them)
  --size PIXELS      longer side where the recipe says none (default: 256)
  --steps N          steps of each of two levels, likewise (default: as stylize has it)
  --out DIR          where to write             (default: out/style-gallery)
  --page FILE        the page with captions     (default: OUT/gallery.md)
`;

const QUALITY = 80;

function options() {
  const { values } = parseArgs({
    options: {
      paintings: { type: 'string' },
      photos: { type: 'string' },
      weights: { type: 'string' },
      size: { type: 'string', default: '256' },
      steps: { type: 'string' },
      out: { type: 'string', default: 'out/style-gallery' },
      page: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  if (!values.paintings) throw new UsageError('--paintings: a folder of paintings is needed');
  return { ...values, out: resolve(values.out), page: resolve(values.page ?? join(values.out, 'gallery.md')) };
}

/** Files of a folder by their names without endings. */
const picturesOf = (folder) =>
  new Map(
    readdirSync(folder)
      .filter((file) => /\.(jpe?g|png)$/i.test(file))
      .map((file) => [basename(file, extname(file)), join(folder, file)]),
  );

/** Photos in every style, for one's own eyes. */
function photoSection(photos, paintings) {
  const styles = ['starry_night', 'the_scream', 'fst_wave', 'shipwreck'].filter((name) => paintings.has(name));
  return {
    title: 'Photos',
    pictures: [...photos.keys()].flatMap((content) =>
      styles.map((style) => ({
        file: `photo-${content}-${style}`,
        caption: `${content}, ${style}`,
        content,
        styles: [style],
      })),
    ),
  };
}

async function paint(recipe, files, networks, { out, size, steps }) {
  const { file, content, styles, masks, network = 'squeezenet' } = recipe;
  const path = join(out, `${file}.jpg`);
  if (existsSync(path)) return;
  const fileOf = (name) => {
    if (!files.has(name)) throw new UsageError(`there is no picture ${name} in the folders`);
    return readFileSync(files.get(name));
  };
  const start = performance.now();
  let last;
  const painting = stylize({
    size: Number(size),
    ...(steps && { steps: Number(steps) }),
    ...recipe.options,
    network: await networks(network),
    content: fileOf(content),
    styles: styles.map((name, i) => ({ image: fileOf(name), ...(masks && { mask: masks[i] }) })),
  });
  for await (const step of painting) last = step;
  writeFileSync(path, await encodeJpeg(last.image(), QUALITY));
  const seconds = (performance.now() - start) / 1000;
  console.log(`${file}: ${last.iteration} steps, loss ${last.losses.total.toPrecision(3)}, ${seconds.toFixed(0)} s`);
}

/** A page of Markdown: a table a section. */
function pageOf({ out, page, size }) {
  const folder = relative(resolve(page, '..'), out) || '.';
  const parts = sections.map(({ title, text, pictures }) => {
    const images = pictures.map(({ file, caption }) => `![${caption.replaceAll('`', '')}](${folder}/${file}.jpg)`);
    const rows = [];
    for (let i = 0; i < pictures.length; i += 3) {
      const [cells, captions] = [images.slice(i, i + 3), pictures.slice(i, i + 3).map(({ caption }) => caption)];
      rows.push(
        `| ${cells.join(' | ')} |`,
        ...(i === 0 ? [`|${' --- |'.repeat(cells.length)}`] : []),
        `| ${captions.join(' | ')} |`,
      );
    }
    return `## ${title}\n\n${text}\n\n${rows.join('\n')}\n`;
  });
  return `# Style transfer: a gallery

Made by [examples/style-gallery.mjs](../examples/style-gallery.mjs) of paintings that are in the public domain: The Great Wave off Kanagawa (Hokusai,
about 1831), The Starry Night (Van Gogh, 1889), The Scream (Munch, 1893), The Shipwreck of the Minotaur (Turner, about 1810). ${size} pixels
where nothing else is said.

${parts.join('\n')}`;
}

async function main() {
  const given = options();
  if (!given) return console.log(HELP);
  const { out, page, weights } = given;
  mkdirSync(out, { recursive: true });
  const paintings = picturesOf(given.paintings);
  const photos = given.photos ? picturesOf(given.photos) : new Map();
  const files = new Map([...paintings, ...photos]);
  const loaded = new Map();
  const networks = (name) => {
    if (!loaded.has(name)) loaded.set(name, loadFeatures(name, name === 'squeezenet' && weights ? { weights } : {}));
    return loaded.get(name);
  };
  const all = given.photos ? [...sections, photoSection(photos, paintings)] : sections;
  for (const { pictures } of all) for (const recipe of pictures) await paint(recipe, files, networks, given);
  writeFileSync(page, pageOf(given));
  console.log(`wrote ${page}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
