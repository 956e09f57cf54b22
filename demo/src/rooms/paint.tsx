import { useEffect, useRef, useState } from 'preact/hooks';
import { explain } from '../data/explain.ts';
import { painter, painting } from '../data/painter.ts';
import type { Photo } from '../data/photo.ts';
import { saveFile } from '../data/save-file.ts';
import { BlobImage } from '../parts/blob-image.tsx';
import { LossCurve, type LossPoint } from '../parts/loss-curve.tsx';
import { PhotoSlot } from '../parts/photo-slot.tsx';
import { SwatchButtons } from '../parts/swatches.tsx';
import type { Order, PaintNews, Unfinished } from '../workers/painter.ts';

type State = 'idle' | 'painting' | 'paused' | 'done';

const sizes = [128, 192, 256, 384, 512];
const strengths = [
  [0.1, 'light'],
  [1, 'usual'],
  [10, 'strong'],
] as const;

/** A content, a style, and a picture that becomes both. */
export function Paint({ visible }: { visible: boolean }) {
  const [content, setContent] = useState<Photo>();
  const [style, setStyle] = useState<Photo>();
  const [how, setHow] = useState<Omit<Order, 'content' | 'style'>>({
    size: 256,
    steps: 100,
    strength: 1,
    colors: false,
  });
  const [state, setState] = useState<State>('idle');
  /** Whether a paused painting could go on another day. */
  const [kept, setKept] = useState(false);
  const [unfinished, setUnfinished] = useState<Unfinished>();
  const [error, setError] = useState<string>();
  const change = (part: Partial<typeof how>) => setHow({ ...how, ...part });
  const failed = (reason: unknown) => setError(explain(reason));

  useEffect(() => {
    if (visible && state === 'idle') painter.unfinished().then(setUnfinished, failed);
  }, [visible]);

  const paint = async (order: Order, from?: Uint8Array) => {
    setError(undefined);
    setUnfinished(undefined);
    setKept(false);
    setState('painting');
    try {
      setState((await painter.paint(order, from)) ? 'done' : 'idle');
    } catch (reason) {
      failed(reason);
      setState('idle');
    }
  };
  const start = () => content && style && paint({ ...how, content: content.blob, style: style.blob });
  const goOn = ({ order, state: from }: Unfinished) => {
    setContent({ blob: order.content, name: 'content' });
    setStyle({ blob: order.style, name: 'style' });
    setHow(order);
    void paint(order, from);
  };
  const pause = () => {
    setState('paused');
    painter.pause().then(() => setKept(true), failed);
  };
  const resume = () => {
    setKept(false);
    setState('painting');
    painter.resume().catch(failed);
  };
  const save = () => painter.save().then((file) => saveFile(file, 'painting.png'), failed);
  const busy = state === 'painting' || state === 'paused';

  return (
    <>
      <h2>Paint it like that</h2>
      <p class="lead">
        What is in one picture, in the manner of another. The picture begins as the first and is changed step by step
        until the network sees the second’s textures in it.
      </p>
      <div class="pair">
        <PhotoSlot label="Content" onPhotos={([photo]) => setContent(photo)}>
          {content && <BlobImage blob={content.blob} alt={content.name} class="picture" />}
        </PhotoSlot>
        <PhotoSlot
          label="Style"
          hint="Drop a painting or a texture here"
          onPhotos={([photo]) => setStyle(photo)}
          more={<SwatchButtons onPhoto={setStyle} />}
        >
          {style && <BlobImage blob={style.blob} alt={style.name} class="picture" />}
        </PhotoSlot>
      </div>

      <fieldset class="options" disabled={busy}>
        <legend class="unseen">How to paint</legend>
        <label>
          Size
          <select value={how.size} onChange={({ currentTarget }) => change({ size: Number(currentTarget.value) })}>
            {sizes.map((size) => (
              <option key={size} value={size}>
                {size} pixels
              </option>
            ))}
          </select>
        </label>
        <label>
          Steps a size
          <input
            type="number"
            min="1"
            max="1000"
            value={how.steps}
            onChange={({ currentTarget }) =>
              change({ steps: Math.min(1000, Math.max(1, Math.round(Number(currentTarget.value)) || 1)) })
            }
          />
        </label>
        <label>
          Style
          <select
            value={how.strength}
            onChange={({ currentTarget }) => change({ strength: Number(currentTarget.value) })}
          >
            {strengths.map(([strength, name]) => (
              <option key={name} value={strength}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={how.colors}
            onChange={({ currentTarget }) => change({ colors: currentTarget.checked })}
          />
          Keep the colours
        </label>
      </fieldset>

      {unfinished && !busy && (
        <p class="notice">
          A painting was left at step {unfinished.iteration}.{' '}
          <button type="button" onClick={() => goOn(unfinished)}>
            Go on with it
          </button>
        </p>
      )}
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      <div class="brushes">
        {!busy && (
          <button type="button" class="primary" disabled={!content || !style} onClick={start}>
            {state === 'done' ? 'Paint again' : 'Paint'}
          </button>
        )}
        {state === 'painting' && (
          <button type="button" class="primary" onClick={pause}>
            Pause
          </button>
        )}
        {state === 'paused' && (
          <button type="button" class="primary" onClick={resume}>
            Resume
          </button>
        )}
        {busy && (
          <button type="button" onClick={() => painter.stop()}>
            Stop
          </button>
        )}
        {state !== 'idle' && (
          <button type="button" onClick={save}>
            Save
          </button>
        )}
        {state === 'paused' && kept && (
          <span class="small kept" role="status">
            Kept in this browser: it can go on another day.
          </span>
        )}
        {!content || !style ? <span class="small">A content and a style, please.</span> : null}
      </div>
      <Canvas state={state} />
    </>
  );
}

const words: Readonly<Record<State, string>> = {
  idle: 'Stopped',
  painting: 'Painting',
  paused: 'Paused',
  done: 'Done',
};

/** The picture as it comes to be. It listens by itself, so that nothing else of the room is drawn anew at each step. */
function Canvas({ state }: { state: State }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [news, setNews] = useState<PaintNews>();
  const losses = useRef<LossPoint[]>([]);
  useEffect(
    () =>
      painting.watch((step) => {
        if (!step) return;
        const last = losses.current.at(-1);
        if (last && last.iteration >= step.iteration) losses.current = [];
        losses.current.push({ iteration: step.iteration, loss: step.loss });
        const { picture } = step;
        if (picture && canvas.current) {
          canvas.current.width = picture.width;
          canvas.current.height = picture.height;
          canvas.current.getContext('bitmaprenderer')!.transferFromImageBitmap(picture);
        }
        setNews(step);
      }),
    [],
  );
  const begun = news !== undefined;
  return (
    <section class="easel" aria-label="Painting" hidden={!begun}>
      <canvas ref={canvas} class="picture" role="img" aria-label="The painting so far" />
      {begun && (
        <div class="progress">
          <p>
            <strong role="status">{words[state]}</strong>{' '}
            <span class="step">
              step {news.iteration} of {news.of}
            </span>
          </p>
          <progress aria-label="Steps" value={news.iteration} max={news.of} />
          <LossCurve points={losses.current} of={news.of} />
        </div>
      )}
    </section>
  );
}
