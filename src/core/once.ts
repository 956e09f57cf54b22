/**
 * A function of an object that is computed once for each object and remembered as long as the object lives.
 * @__NO_SIDE_EFFECTS__
 */
export function once<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = compute(key);
      known.set(key, value);
    }
    return value;
  };
}
