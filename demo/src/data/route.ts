import { useEffect, useState } from 'preact/hooks';

/** Which of the named rooms the address asks for (`#paint`), the first one by default. */
export function useRoute<Name extends string>(names: readonly Name[]): Name {
  const current = (): Name => names.find((name) => location.hash === `#${name}`) ?? names[0]!;
  const [name, setName] = useState(current);
  useEffect(() => {
    const follow = () => {
      setName(current());
      scrollTo(0, 0);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return name;
}
