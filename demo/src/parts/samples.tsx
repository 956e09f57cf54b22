import { useState } from 'preact/hooks';
import type { Photo } from '../data/photo.ts';
import { openSample, samples } from '../data/samples.ts';
import { Dialog } from './dialog.tsx';

/** A button that offers the photos that come with the page. */
export function SamplesButton({ onPhoto }: { onPhoto: (photo: Photo) => void }) {
  const [open, setOpen] = useState(false);
  const choose = async (sample: (typeof samples)[number]) => {
    onPhoto(await openSample(sample));
    setOpen(false);
  };
  return (
    <>
      <button type="button" class="quiet" onClick={() => setOpen(true)}>
        Sample
      </button>
      {open && (
        <Dialog title="Sample photos" onClose={() => setOpen(false)}>
          <ul class="samples">
            {samples.map((sample) => (
              <li key={sample.address}>
                <button type="button" onClick={() => choose(sample)}>
                  <img src={sample.address} alt={sample.name} loading="lazy" />
                </button>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
