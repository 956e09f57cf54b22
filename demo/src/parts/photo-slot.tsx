import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { type Photo, photosIn } from '../data/photo.ts';
import { CameraButton } from './camera.tsx';
import { SamplesButton } from './samples.tsx';

interface PhotoSlotProps {
  readonly label: string;
  readonly hint?: string;
  readonly onPhotos: (photos: readonly Photo[]) => void;
  readonly several?: boolean;
  readonly busy?: boolean;
  readonly error?: string | undefined;
  /** What is in it; nothing yet: it invites. */
  readonly children?: ComponentChildren;
  /** More ways to fill it. Default: camera and sample photos. */
  readonly more?: ComponentChildren;
}

/** A place to drop, paste, choose or take a photo, with its picture and what is wrong with it. */
export function PhotoSlot(props: PhotoSlotProps) {
  const { label, hint = 'Drop a photo here', onPhotos, several = false, busy = false, error, children } = props;
  const [over, setOver] = useState(false);
  const [heading, message] = [useId(), useId()];
  const take = (photos: readonly Photo[]) => photos.length > 0 && onPhotos(several ? photos : photos.slice(0, 1));
  const one = (photo: Photo) => onPhotos([photo]);
  return (
    <fieldset
      class={`slot${over ? ' over' : ''}`}
      aria-labelledby={heading}
      aria-describedby={error ? message : undefined}
      aria-busy={busy}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(photosIn(event.dataTransfer));
      }}
      onPaste={(event) => take(photosIn(event.clipboardData))}
    >
      <h3 id={heading}>{label}</h3>
      <div class="slot-view">{children ?? <p class="slot-hint">{hint}</p>}</div>
      {busy && (
        <p class="busy" role="status">
          Looking …
        </p>
      )}
      {error && (
        <p class="error" id={message} role="alert">
          {error}
        </p>
      )}
      <div class="slot-ways">
        <label class="file">
          <input
            type="file"
            accept="image/*"
            multiple={several}
            aria-label={`${label}: choose ${several ? 'files' : 'a file'}`}
            onChange={({ currentTarget }) => {
              take([...(currentTarget.files ?? [])].map((blob) => ({ blob, name: blob.name })));
              currentTarget.value = '';
            }}
          />
          <span aria-hidden="true">Choose {several ? 'files' : 'file'}</span>
        </label>
        {props.more ?? (
          <>
            <CameraButton onPhoto={one} />
            <SamplesButton onPhoto={one} />
          </>
        )}
      </div>
    </fieldset>
  );
}
