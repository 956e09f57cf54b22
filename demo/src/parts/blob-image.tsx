import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A picture that is in memory, shown as long as it is needed. */
export function BlobImage({ blob, alt, ...rest }: { blob: Blob; alt: string } & JSX.IntrinsicElements['img']) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url ? <img src={url} alt={alt} {...rest} /> : null;
}
