import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { portraits } from '../cli/photos.ts';
import { seriousIssues } from './accessibility.ts';
import { browsers } from './browsers.ts';
import { type Site, serveSite } from './site.ts';
import type { Visitor } from './visitor.ts';

const screenshots = 'out/demo';

for (const { name, missing, open } of browsers) {
  if (missing && !process.env.CI) {
    test.skip(`${name}: missing ${missing}`);
    continue;
  }

  describe(name, () => {
    let [site, visitor, photos] = [] as unknown as [Site, Visitor, Awaited<ReturnType<typeof portraits>>];
    beforeAll(async () => {
      if (missing) throw new Error(`missing: ${missing}`);
      mkdirSync(screenshots, { recursive: true });
      [site, photos] = await Promise.all([serveSite(), portraits()]);
      visitor = await open(site.url);
    });
    afterAll(async () => {
      await visitor?.close();
      await site?.close();
      photos?.remove();
    });

    const at = (room: string, selector: string): string => `#room-${room} ${selector}`;
    const slot = (room: string, which: number, selector: string): string =>
      at(room, `.slot:nth-of-type(${which}) ${selector}`);

    /** How the page looks wide and narrow, for people; and what axe says of both. */
    const look = async (room: string): Promise<void> => {
      const issues: string[] = [];
      for (const [size, width, height] of [
        ['desktop', 1280, 900],
        ['phone', 390, 844],
      ] as const) {
        await visitor.resize(width, height);
        const overflow = await visitor.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) issues.push(`${size}: ${overflow} pixels wider than the screen`);
        issues.push(...(await seriousIssues(visitor)).map((issue) => `${size}: ${issue}`));
        await visitor.screenshot(`${screenshots}/${room}-${size}-${name.toLowerCase()}.png`);
      }
      await visitor.resize(1280, 900);
      expect(issues).toEqual([]);
    };

    test('compares two photos', async () => {
      await visitor.chooseFiles(slot('compare', 1, 'input[type=file]'), [photos.ada]);
      await visitor.chooseFiles(slot('compare', 2, 'input[type=file]'), [photos.adaAgain]);
      expect(await visitor.text(at('compare', '[data-answer=true]'))).toMatch(
        /The same person\s+distance 0\.4\d\d ≤ 0\.60/,
      );
      await look('compare');
      await visitor.chooseFiles(slot('compare', 2, 'input[type=file]'), [photos.bob]);
      expect(await visitor.text(at('compare', '[data-answer=false]'))).toMatch(
        /Two different people\s+distance 0\.\d+ >/,
      );
    });

    test('lets one face of several be chosen, by keyboard', async () => {
      await visitor.click(slot('compare', 2, '.slot-ways button:last-of-type'));
      await visitor.click('dialog .samples li:nth-child(3) button');
      const first = await visitor.text(at('compare', '[data-answer]'));
      await visitor.click(slot('compare', 2, '.portrait:nth-of-type(2)'));
      const second = await visitor.text(at('compare', '[data-answer]'), first);
      await visitor.press('ArrowRight');
      const third = await visitor.text(at('compare', '[data-answer]'), second);
      expect(new Set([first, second, third]).size).toBe(3);
    });

    test('says what is wrong with a photo, at that photo', async () => {
      const text = join(photos.folder, 'text.png');
      writeFileSync(text, 'no picture');
      await visitor.chooseFiles(slot('compare', 1, 'input[type=file]'), [photos.nobody]);
      expect(await visitor.text(slot('compare', 1, '[role=alert]'))).toBe('No face found.');
      await visitor.chooseFiles(slot('compare', 2, 'input[type=file]'), [text]);
      expect(await visitor.text(slot('compare', 2, '[role=alert]'))).toMatch(
        /^This file cannot be read as a picture\./,
      );
    });

    test('recognises whom it has been shown once, also after a reload', async () => {
      await visitor.goTo('#recognise');
      await visitor.chooseFiles(at('recognise', 'input[type=file]'), [photos.ada]);
      await visitor.click(at('recognise', '.enrol button'));
      expect(await visitor.text(at('recognise', '.enrol [role=alert]'))).toBe('A name, please.');
      await visitor.write(at('recognise', '.enrol input'), 'Ada');
      await visitor.click(at('recognise', '.enrol button'));
      expect(await visitor.text(at('recognise', '[aria-label=People] .row'))).toMatch(/Ada\s+1 example/);

      await visitor.reload();
      expect(await visitor.text(at('recognise', '[aria-label=People] .row'))).toMatch(/Ada\s+1 example/);
      await visitor.chooseFiles(at('recognise', 'input[type=file]'), [photos.adaAgain]);
      expect(await visitor.text(at('recognise', '.face-name'))).toBe('Ada');
      expect(await visitor.text(at('recognise', '.row [role=status]'))).toMatch(/^Ada\s+distance 0\.4/);
      await look('recognise');
      await visitor.chooseFiles(at('recognise', 'input[type=file]'), [photos.bob]);
      expect(await visitor.text(at('recognise', '.face-name'))).toBe('unknown');
      await visitor.click(at('recognise', '[aria-label="Remove Ada"]'));
      expect(await visitor.text(at('recognise', '[aria-label=People] .note'))).toMatch(/^Nobody yet/);
    });

    test('finds a threshold on photos of one’s own, and uses it', async () => {
      await visitor.goTo('#calibrate');
      const named = ['ada-1.png', 'ada-2.png', 'bob.png'].map((file) => join(photos.folder, file));
      for (const [i, from] of [photos.ada, photos.adaAgain, photos.bob].entries()) renameSync(from, named[i]!);
      await visitor.chooseFiles(at('calibrate', 'input[type=file]'), [...named, photos.nobody]);
      expect(await visitor.text(at('calibrate', '.answer'))).toMatch(/^Same person up to 0\.[5-7]/);
      expect(await visitor.text(at('calibrate', '.error'))).toMatch(/^nobody\.png: No face found\./);
      await look('calibrate');
      await visitor.click(at('calibrate', '.primary'));
      const found = /0\.\d\d\d/.exec(await visitor.text(at('calibrate', '.answer')))![0];
      await visitor.goTo('#compare');
      expect(await visitor.text(at('compare', 'output'))).toBe(Number(found).toFixed(2));
      await visitor.click(at('compare', '.scale button'));
      expect(await visitor.text(at('compare', 'output'))).toBe('0.60');
    });

    test('works without a server after the first visit', async () => {
      await visitor.text('.foot');
      await visitor.until(() => navigator.serviceWorker.controller !== null);
      await site.close();
      await visitor.reload();
      await visitor.chooseFiles(slot('compare', 1, 'input[type=file]'), [photos.nobody]);
      expect(await visitor.text(slot('compare', 1, '[role=alert]'))).toBe('No face found.');
    });

    test('has nothing to complain of, and asks nobody else', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
