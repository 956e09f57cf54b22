import puppeteer from 'puppeteer-core';
import { peakMB } from '../../scripts/lib/processes.mjs';
import { ofSystem } from './installed.mjs';

/** What the page of the probe says when it is done. @throws with what it says where it fails */
export function answerOfPage(title, text) {
  if (title !== 'done') throw new Error(`the page ${title || 'did not end'}: ${text.slice(0, 2000)}`);
  return JSON.parse(text);
}

/** Opens a page of the probe and waits until it is done. @throws where it fails, or the console holds an error */
async function answerOfProbe(program, url) {
  const page = await program.newPage();
  const said = [];
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
  page.on('pageerror', (error) => said.push(`${error}`));
  await page.goto(url);
  await page.waitForFunction(() => document.title, { timeout: 120_000 }).catch(() => {});
  const answer = answerOfPage(await page.title(), await page.evaluate(() => document.body.textContent));
  if (said.length > 0) throw new Error(`the console says ${said.join('; ')}`);
  return answer;
}

const browser = (name, options, content) => ({
  name,
  async run({ url }) {
    const program = await puppeteer.launch({ headless: true, ...options() });
    try {
      const answer = await answerOfProbe(program, `${url}/probe.html`);
      const [, version] = (await program.version()).split('/');
      return { ...answer, version, peakMB: peakMB(program.process().pid, content) };
    } finally {
      await program.close();
    }
  },
});

const chromiumFlags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const chromium = () => ({
  executablePath: ofSystem('/usr/bin/chromium', 'chromium'),
  args: chromiumFlags.split(' '),
});

/** What a page says in Chromium when it is done. */
export async function answerInChromium(url) {
  const program = await puppeteer.launch({ headless: true, ...chromium() });
  try {
    return await answerOfProbe(program, url);
  } finally {
    await program.close();
  }
}

/** Lets `use` drive a page in Chromium. */
export async function inChromium(url, use) {
  const program = await puppeteer.launch({ headless: true, ...chromium() });
  try {
    const page = await program.newPage();
    await page.goto(url);
    return await use(page);
  } finally {
    await program.close();
  }
}

export const browsers = [
  browser('Chromium', chromium, /--type=renderer/),
  browser(
    'Firefox',
    () => ({ browser: 'firefox', executablePath: ofSystem('/usr/bin/firefox-esr', 'firefox-esr') }),
    /-contentproc.*tab$|-contentproc.*tab\0/,
  ),
];
