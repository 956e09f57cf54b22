import { freePort, peakMB, start, untilAnswered } from '../../scripts/lib/processes.mjs';
import { answerOfPage } from './browsers.mjs';
import { ofSystem } from './installed.mjs';

/** A WebDriver command. https://www.w3.org/TR/webdriver2/#endpoints */
async function command(base, method, path, body) {
  const response = await fetch(`${base}${path}`, {
    method,
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}), headers: { 'content-type': 'application/json' } }),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebDriver ${path}: ${value?.error}: ${value?.message}`);
  return value;
}

export const webkit = {
  name: 'WebKitGTK',
  async run({ url }) {
    const driver = ofSystem('/usr/bin/WebKitWebDriver', 'webkit2gtk-driver');
    const port = await freePort();
    const program = start(ofSystem('/usr/bin/xvfb-run', 'xvfb xauth'), ['-a', driver, `--port=${port}`]);
    const base = `http://127.0.0.1:${port}`;
    try {
      const { sessionId, capabilities } = await untilAnswered(() =>
        command(base, 'POST', '/session', { capabilities: { alwaysMatch: { timeouts: { script: 120_000 } } } }),
      );
      const session = `/session/${sessionId}`;
      await command(base, 'POST', `${session}/url`, { url: `${url}/probe.html` });
      const [title, text] = await command(base, 'POST', `${session}/execute/async`, {
        script: `const [done] = arguments;
          const look = () => document.title ? done([document.title, document.body.textContent]) : setTimeout(look, 50);
          look();`,
        args: [],
      });
      const memory = peakMB(program.pid, /WebKitWebProcess/);
      await command(base, 'DELETE', session);
      return { ...answerOfPage(title, text), version: capabilities.browserVersion, peakMB: memory };
    } catch (error) {
      throw new Error(`${error.message}\n${program.output().slice(-1000)}`);
    } finally {
      program.stop();
    }
  },
};
