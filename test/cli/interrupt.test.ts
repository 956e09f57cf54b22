import { afterEach, describe, expect, it, vi } from 'vitest';

describe('Ctrl-C', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.resetModules();
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  });

  async function fresh() {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
    const module = await import('../../src/cli/interrupt.ts');
    module.stopOnSignals();
    return { exit, ...module };
  }

  it('ends the process at once with 130, after tidying', async () => {
    const { exit, beforeStop } = await fresh();
    const [kept, dropped] = [vi.fn(), vi.fn()];
    beforeStop(kept);
    beforeStop(dropped)();
    process.emit('SIGINT');
    expect(exit).toHaveBeenCalledExactlyOnceWith(130);
    expect(kept).toHaveBeenCalledOnce();
    expect(dropped).not.toHaveBeenCalled();
  });

  it('waits for what must not be cut off', async () => {
    const { exit, uninterrupted } = await fresh();
    let finish: () => void = () => {};
    const saving = uninterrupted(() => new Promise<void>((resolve) => (finish = resolve)));
    process.emit('SIGTERM');
    expect(exit).not.toHaveBeenCalled();
    finish();
    await saving;
    expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  });

  it('gives the work its result and its error', async () => {
    const { exit, uninterrupted } = await fresh();
    await expect(uninterrupted(async () => 7)).resolves.toBe(7);
    await expect(uninterrupted(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(exit).not.toHaveBeenCalled();
  });
});
