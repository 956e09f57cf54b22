import { useEffect, useRef } from 'preact/hooks';

/** A bitmap, drawn as it is. Without a text it is there for the eye alone. */
export function Bitmap({ bitmap, text }: { bitmap: ImageBitmap; text?: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => canvas.current?.getContext('2d')?.drawImage(bitmap, 0, 0), [bitmap]);
  const meaning = text ? ({ role: 'img', 'aria-label': text } as const) : ({ 'aria-hidden': true } as const);
  return <canvas ref={canvas} width={bitmap.width} height={bitmap.height} {...meaning} />;
}
