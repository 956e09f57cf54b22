import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Programs that run: they end with this process. */
const running = new Set();
process.on('exit', () => {
  for (const stop of running) stop();
});

/** Starts a program in a process group of its own; `stop` ends the group. `output` is what it has said on both streams. */
export function start(program, words, options = {}) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) child[stream].on('data', (chunk) => (said[stream] += chunk));
  const stop = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  running.add(stop);
  const ended = new Promise((resolve) => child.on('close', resolve).on('error', () => resolve(127)));
  ended.then(() => running.delete(stop));
  return { pid: child.pid, said, ended, stop, output: () => said.stdout + said.stderr };
}

/** What a program prints as JSON on its last line. @throws where it fails, or takes more than `seconds`. */
export async function answerOf(program, words, { seconds = 300, ...options } = {}) {
  const running = start(program, words, options);
  const timer = setTimeout(running.stop, seconds * 1000);
  const code = await running.ended;
  clearTimeout(timer);
  if (code !== 0)
    throw new Error(
      `it ended with ${code ?? `a signal, perhaps after ${seconds} s`}: ${running.output().slice(-2000)}`,
    );
  return JSON.parse(running.said.stdout.trim().split('\n').at(-1));
}

const read = (path) => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** The most memory that a process, or one below it, ever had resident, in MB; of those whose command line fits `which`. */
export function peakMB(pid, which = /./) {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((id) => [Number(id), Number(/\) \S (\d+)/.exec(read(`/proc/${id}/stat`))?.[1])]),
  );
  const isBelow = (id) => id === pid || (parents.has(id) && isBelow(parents.get(id)));
  const peaks = [...parents.keys()]
    .filter((id) => isBelow(id) && which.test(read(`/proc/${id}/cmdline`)))
    .map((id) => Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${id}/status`))?.[1] ?? 0));
  return Math.round(Math.max(0, ...peaks) / 1024);
}

/** The memory that a process has resident now, in MB. */
export const residentMB = (pid) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024);

/** A port of this machine that nobody listens at. */
export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Asks until something answers, at most `seconds`. */
export async function untilAnswered(ask, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((later) => setTimeout(later, 20));
    }
  }
}
