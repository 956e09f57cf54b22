import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

/** The reference from the doc comments of every entry of the package, beside the guides. */
export default {
  name: 'facsimile',
  entryPoints: Object.entries(exports)
    .filter(([, target]) => target.types)
    .map(([entry]) => at(entry === '.' ? 'src/index.ts' : `src/${entry.slice(2)}/index.ts`)),
  tsconfig: at('docs/site/tsconfig.json'),
  readme: at('README.md'),
  projectDocuments: [
    ...['verify', 'in-a-page', 'on-cloudflare', 'train', 'style'].map((guide) => at(`docs/guides/${guide}.md`)),
    ...readdirSync(at('docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => at(`docs/${name}`)),
  ],
  out: at('out/docs'),
  customCss: at('docs/site/style.css'),
  favicon: at('demo/public/icon.svg'),
  disableSources: true,
  hideGenerator: true,
  headings: { readme: false, document: false },
  excludePrivate: true,
  excludeExternals: true,
  sort: ['kind', 'source-order'],
  navigation: { includeGroups: false },
  // Types that an entry uses and another one exports are found there.
  validation: { notExported: false, invalidLink: true, notDocumented: false },
};
