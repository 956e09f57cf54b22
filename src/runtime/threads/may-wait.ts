/** Whether this thread may wait for others: a page's main thread may not. */
export function mayWait(): boolean {
  if (typeof SharedArrayBuffer !== 'function') return typeof document === 'undefined';
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
