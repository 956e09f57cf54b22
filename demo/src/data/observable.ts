import { useEffect, useState } from 'preact/hooks';

/** A value that several parts of the page look at. */
export interface Observable<T> {
  readonly value: T;
  set(value: T): void;
  watch(watcher: (value: T) => void): () => void;
}

export function observable<T>(initial: T): Observable<T> {
  let current = initial;
  const watchers = new Set<(value: T) => void>();
  return {
    get value() {
      return current;
    },
    set(value) {
      current = value;
      for (const watcher of watchers) watcher(value);
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

/** The value as it is now; the component is drawn anew when it changes. */
export function useObserved<T>(observed: Observable<T>): T {
  const [value, setValue] = useState(observed.value);
  useEffect(() => {
    setValue(observed.value);
    return observed.watch(setValue);
  }, [observed]);
  return value;
}
