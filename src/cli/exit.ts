/** Exit codes, the same for every command. */
export const exit = {
  /** Done, or the answer is yes. */
  yes: 0,
  /** The answer is no: different people, nobody recognized. */
  no: 1,
  /** Something handed in cannot be used: a photo without a face, an unreadable file, a wrong option. */
  badInput: 2,
  /** The program failed: a bug, or not enough memory. */
  failure: 3,
  /** Stopped by Ctrl-C, as shells state it: 128 + SIGINT. */
  interrupted: 130,
} as const;
