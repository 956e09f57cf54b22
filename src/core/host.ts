/** A built-in module of Node (or of a host that has them too), undefined where there is none: browsers, edge runtimes. */
export function nodeModule<T>(id: `node:${string}`): T | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } };
  return process?.getBuiltinModule?.(id) as T | undefined;
}

/**
 * Imports a package that people install beside this one if they want what it does. Bundlers do not follow the name.
 * Rejects as `import()` does where it is not installed or does not load.
 */
export const importOptional = <T>(name: string): Promise<T> =>
  import(/* webpackIgnore: true */ /* @vite-ignore */ name) as Promise<T>;
