/** The page's own database; it never leaves the browser. */
const NAME = 'facsimile';
const STORES = ['gallery', 'portraits', 'painting'] as const;

type StoreName = (typeof STORES)[number];

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run<T>(
  store: StoreName,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const transaction = (await open()).transaction(store, mode);
  const request = ask(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** What is kept under a key; undefined where nothing is. */
export const kept = <T>(store: StoreName, key: string): Promise<T | undefined> =>
  run(store, 'readonly', (values) => values.get(key) as IDBRequest<T | undefined>);

export const keep = (store: StoreName, key: string, value: unknown): Promise<unknown> =>
  run(store, 'readwrite', (values) => values.put(value, key));

export const forget = (store: StoreName, key: string): Promise<unknown> =>
  run(store, 'readwrite', (values) => values.delete(key));
