import { existsSync } from 'node:fs';
import { type LaunchOptions, launch } from 'puppeteer-core';
import { Visitor } from './visitor.ts';

interface Browser {
  readonly name: 'Chromium' | 'Firefox';
  /** What it needs that is not on this machine. */
  readonly missing: string | undefined;
  open(url: string): Promise<Visitor>;
}

function browser(name: Browser['name'], debian: string, options: LaunchOptions): Browser {
  const executablePath = `/usr/bin/${debian}`;
  return {
    name,
    missing: existsSync(executablePath) ? undefined : `${executablePath} (apt-get install ${debian})`,
    open: async (url) => Visitor.open(await launch({ ...options, executablePath, headless: true }), url),
  };
}

/** The browsers of Debian: a driver's own would be downloaded. */
export const browsers: readonly Browser[] = [
  browser('Chromium', 'chromium', {
    browser: 'chrome',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  }),
  browser('Firefox', 'firefox-esr', {
    browser: 'firefox',
    extraPrefsFirefox: { 'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true },
  }),
];
