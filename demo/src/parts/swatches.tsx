import type { Photo } from '../data/photo.ts';
import { paintSwatch, swatches } from '../data/swatches.ts';

/** Buttons for the styles that the page draws by itself. */
export function SwatchButtons({ onPhoto }: { onPhoto: (photo: Photo) => void }) {
  return swatches.map((swatch) => (
    <button type="button" class="quiet" key={swatch.name} onClick={async () => onPhoto(await paintSwatch(swatch))}>
      {swatch.name}
    </button>
  ));
}
