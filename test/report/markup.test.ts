import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeXml, markup } from '../../src/report/markup.ts';

describe('markup', () => {
  it('escapes what is inserted and keeps markup', () => {
    const inner = markup`<b>${'a < b & "c"'}</b>`;
    expect(markup`<p title="${`it's`}">${inner}${7}${null}${false}${undefined}${[inner, ' > ']}</p>`.text).toBe(
      '<p title="it&#39;s"><b>a &lt; b &amp; &quot;c&quot;</b>7<b>a &lt; b &amp; &quot;c&quot;</b> &gt; </p>',
    );
  });

  it('leaves nothing that opens a tag, an entity or an attribute, and nothing that XML cannot hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeXml(text);
        expect(escaped.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[&<>"']/);
        expect(escaped).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      }),
    );
  });

  it('is read back as it was', () => {
    const back = escapeXml(`5 < 6 & "7" > '8' 李 👩‍🚀`).replace(
      /&(amp|lt|gt|quot|#39);/g,
      (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name]!,
    );
    expect(back).toBe(`5 < 6 & "7" > '8' 李 👩‍🚀`);
  });
});
