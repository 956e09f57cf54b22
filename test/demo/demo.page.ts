import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { portraits } from '../cli/photos.ts';
import { seriousIssues } from './accessibility.ts';
import { browsers } from './browsers.ts';
import { type Site, serveSite } from './site.ts';
import type { Visitor } from './visitor.ts';

declare global {
  /** What the page gave to be saved. */
  var saved: Blob | undefined;
}

const screenshots = 'out/demo';
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

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

    /** For how long the page's thread was busy with one thing, until a painting is done. */
    const longestTaskOfPainting = async (state: string): Promise<number> => {
      await visitor.until((wanted) => document.querySelector(wanted)?.textContent === 'Painting', state);
      await visitor.evaluate(() => {
        globalThis.longestTask = 0;
      });
      await visitor.until((wanted) => document.querySelector(wanted)?.textContent === 'Done', state);
      return visitor.evaluate(() => globalThis.longestTask);
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
      const answer = at('compare', '[data-answer]');
      const before = await visitor.text(answer);
      await visitor.click(slot('compare', 2, '.slot-ways button:last-of-type'));
      await visitor.click('dialog .samples li:nth-child(3) button');
      const first = await visitor.text(answer, before);
      await visitor.click(slot('compare', 2, '.portrait:nth-of-type(2)'));
      const second = await visitor.text(answer, first);
      await visitor.press('ArrowLeft');
      const third = await visitor.text(answer, second);
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
      for (const [i, from] of [photos.ada, photos.adaAgain, photos.bob].entries()) copyFileSync(from, named[i]!);
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

    test('paints, pauses, goes on another day, and saves', async () => {
      const [brush, state, step] = [
        at('paint', '.brushes .primary'),
        at('paint', '.progress [role=status]'),
        at('paint', '.step'),
      ];
      await visitor.goTo('#paint');
      await visitor.chooseFiles(slot('paint', 1, 'input[type=file]'), [photos.adaAgain]);
      await visitor.click(slot('paint', 2, '.slot-ways button'));
      await visitor.select(at('paint', 'select'), '128');
      await visitor.write(at('paint', 'input[type=number]'), '20');
      await visitor.press('Tab');
      await visitor.click(brush);
      await visitor.text(step);
      expect(await visitor.text(brush)).toBe('Pause');
      await visitor.click(brush);
      expect(await visitor.text(state)).toBe('Paused');
      await visitor.text(brush, 'Pause');
      await visitor.text(at('paint', '.kept'));
      const held = await visitor.text(step);
      expect(held).toMatch(/^step \d+ of \d+$/);
      await pause(1000);
      expect(await visitor.text(step)).toBe(held);

      await visitor.reload();
      expect(await visitor.text(at('paint', '.notice'))).toContain(`left at step ${held.split(' ')[1]}`);
      await visitor.click(at('paint', '.notice button'));
      await visitor.text(step);
      let longest = await longestTaskOfPainting(state);
      expect(await visitor.text(step)).toMatch(/^step (\d+) of \1$/);
      // A machine that is busy with something else takes the page's thread away from it, though not every time.
      for (let again = 0; again < 3 && longest > 50; again++) {
        await visitor.click(brush);
        longest = Math.min(longest, await longestTaskOfPainting(state));
      }
      expect(longest).toBeLessThanOrEqual(50);
      await look('paint');

      await visitor.evaluate(() => {
        const { createObjectURL } = URL;
        URL.createObjectURL = (file) => {
          globalThis.saved = file as Blob;
          return createObjectURL.call(URL, file);
        };
      });
      await visitor.click(at('paint', '.brushes button:last-of-type'));
      await visitor.until(() => globalThis.saved?.size);
      const saved = await visitor.evaluate(async () => {
        const { width, height } = await createImageBitmap(globalThis.saved!);
        return { width, height, type: globalThis.saved!.type };
      });
      expect(saved).toEqual({ width: 112, height: 128, type: 'image/png' });
    });

    test('shows the nine patches of units', async () => {
      const [unit, patch] = [at('inside', '.unit h3'), at('inside', '.nine li')];
      const activations = (): Promise<number[]> =>
        visitor.evaluate(
          (wanted) => [...document.querySelectorAll(wanted)].map(({ textContent }) => Number(textContent)),
          at('inside', '.nine .small'),
        );
      await visitor.goTo('#inside');
      await visitor.click(at('inside', '.slot-ways button'));
      expect(await visitor.text(at('inside', '.slot-view [role=status]'))).toBe('22 faces of 6 photos looked at.');
      await visitor.click(at('inside', '.chips label:nth-of-type(4)'));
      await visitor.click(at('inside', '.tiles li:nth-child(5) button'));
      expect(await visitor.text(unit, 'Unit 0 of conv32_3')).toBe('Unit 4 of conv32_3');
      await visitor.until((wanted) => document.querySelectorAll(wanted).length === 9, patch);
      const strengths = await activations();
      expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
      expect(strengths[0]).toBeGreaterThan(strengths[8]!);
      await visitor.click(`${patch}:nth-child(3) button`);
      const caption = at('inside', '.whole figcaption');
      expect(await visitor.text(caption, 'Where patch 1 is: all that the unit sees.')).toMatch(/^Where patch 3 is/);
      await visitor.click(at('inside', '.unit .check input'));
      await look('inside');
      await visitor.click(at('inside', '.layers > .brushes button:last-of-type'));
      expect(await visitor.text(unit, 'Unit 4 of conv32_3')).toBe('Unit 12 of conv32_3');
    });

    test('works without a server after the first visit', async () => {
      await visitor.text('.foot');
      await visitor.until(() => navigator.serviceWorker.controller !== null);
      await site.close();
      await visitor.reload();
      await visitor.goTo('#compare');
      await visitor.chooseFiles(slot('compare', 1, 'input[type=file]'), [photos.nobody]);
      expect(await visitor.text(slot('compare', 1, '[role=alert]'))).toBe('No face found.');
    });

    test('has nothing to complain of, and asks nobody else', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
