/** Text that is already XML or HTML: `markup` puts it in as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What a template takes: text and numbers are escaped, markup is not, lists are joined, null and false vanish. */
export type Piece = Markup | string | number | null | undefined | false | readonly Piece[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// XML 1.0 has no way to write these, escaped or not: one of them makes the whole file unreadable.
const unwritable = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text as the content of an element or of a quoted attribute. What XML cannot hold becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text.replace(unwritable, '\ufffd').replace(/[&<>"']/g, (character) => entities[character]!);

function write(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(write).join('');
  return escapeXml(String(piece));
}

/**
 * A template for XML and HTML in which nothing can be injected: every inserted value is escaped unless it is markup.
 *
 * @example
 * markup`<text x="${4}">${'Ada & Bob'}</text>`.text // '<text x="4">Ada &amp; Bob</text>'
 */
export const markup = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  new Markup(strings.map((text, i) => (i === 0 ? text : write(pieces[i - 1]) + text)).join(''));
