import type { Browser, ElementHandle, Page } from 'puppeteer-core';

/** How long a page may take for one thing, on a busy machine. */
const PATIENCE = 60_000;

/** Tells of what the content policy refuses, by the console, before any script of the page runs. */
const reportRefusals = (): void =>
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`content policy: ${violatedDirective} refused ${blockedURI}`),
  );

/** The longest time in milliseconds for which the page's main thread was busy with one thing, since it was last asked. */
declare global {
  var longestTask: number;
}

/** Notes long tasks, where the browser tells of them; elsewhere how late a timer comes. */
const watchMainThread = (): void => {
  globalThis.longestTask = 0;
  const note = (duration: number) => {
    globalThis.longestTask = Math.max(globalThis.longestTask, duration);
  };
  if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) note(duration);
    });
    observer.observe({ type: 'longtask' });
    return;
  }
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    note(now - last);
    last = now;
  }, 4);
};

/** Somebody at the page: does with it what people do, and sees what they see. */
export class Visitor {
  /** Errors and warnings of the console, uncaught errors, what the content policy refused, requests to elsewhere. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page, url: string) {
    this.#browser = browser;
    this.#page = page;
    page.setDefaultTimeout(PATIENCE);
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !/^(blob|data):/.test(request.url())) this.complaints.push(request.url());
    });
  }

  static async open(browser: Browser, url: string): Promise<Visitor> {
    const page = await browser.newPage();
    const visitor = new Visitor(browser, page, url);
    await page.setViewport({ width: 1280, height: 900 });
    await page.evaluateOnNewDocument(reportRefusals);
    await page.evaluateOnNewDocument(watchMainThread);
    await page.goto(url);
    return visitor;
  }

  open = async (url: string) => void (await this.#page.goto(url));
  /** Follows a link of the navigation, by its address: `#compare`. */
  goTo = (room: string) => this.click(`nav a[href="${room}"]`);
  reload = async () => void (await this.#page.reload());
  press = (key: 'Tab' | 'Enter' | 'Space' | 'ArrowLeft') => this.#page.keyboard.press(key);
  resize = (width: number, height: number) => this.#page.setViewport({ width, height });
  screenshot = async (path: `${string}.png`) => void (await this.#page.screenshot({ path, fullPage: true }));
  count = (selector: string) => this.#page.$$eval(selector, (elements) => elements.length);
  /** Runs a script that the page's content policy would not let in. */
  addScript = async (source: string) => void (await this.#page.evaluate(source));
  close = () => this.#browser.close();

  /** A click with the mouse where the element is, once it is there and enabled. */
  async click(selector: string): Promise<void> {
    await this.#page.locator(selector).click();
  }

  /** Writes into a field in place of what is there. */
  async write(selector: string, text: string): Promise<void> {
    await this.#page.locator(selector).fill(text);
  }

  async chooseFiles(selector: string, files: readonly string[]): Promise<void> {
    const input = (await this.#page.waitForSelector(selector)) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(...files);
  }

  /** Chooses an option of a list by its value. */
  async select(selector: string, value: string): Promise<void> {
    await this.#page.waitForSelector(selector);
    await this.#page.select(selector, value);
  }

  /** The text of the first such element that is visible and has some, other than `before`. */
  text(selector: string, before = ''): Promise<string> {
    return this.until(
      (wanted, other) => {
        const elements = [...document.querySelectorAll<HTMLElement>(wanted)];
        return (
          elements
            .filter((element) => element.checkVisibility())
            // biome-ignore lint/performance/useDomNodeTextContent: what people see, line breaks and all
            .map((element) => element.innerText.trim())
            .find((text) => text !== '' && text !== other)
        );
      },
      selector,
      before,
    );
  }

  /** Waits until a function gives something true in the page, and gives it back. */
  async until<T, Args extends unknown[]>(what: (...args: Args) => T, ...args: Args): Promise<NonNullable<T>> {
    const found = await this.#page.waitForFunction(what as (...args: unknown[]) => unknown, {}, ...args);
    return (await found.jsonValue()) as NonNullable<T>;
  }

  evaluate<T, Args extends unknown[]>(what: (...args: Args) => T, ...args: Args): Promise<Awaited<T>> {
    return this.#page.evaluate(what as (...args: unknown[]) => T, ...args);
  }
}
