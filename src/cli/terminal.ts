/** Where a command writes: the process's streams, or a test's lists. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** True where a person watches the error stream, so that a progress bar makes sense. */
  readonly watched: boolean;
}

/** The streams of this process. */
export function processTerminal(): Terminal {
  // The reader of a pipe may leave early, as `head` does: that is no failure of ours.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    watched: process.stderr.isTTY === true,
  };
}
