import { useId } from 'preact/hooks';
import type { SlotControl } from '../data/slot.ts';
import type { SeenFace, Sight } from '../workers/faces.ts';
import { BlobImage } from './blob-image.tsx';

/** Runs of the 68 landmarks that are drawn as lines, and whether each is closed. */
const lines: readonly (readonly [first: number, last: number, closed: boolean])[] = [
  [0, 16, false],
  [17, 21, false],
  [22, 26, false],
  [27, 30, false],
  [31, 35, false],
  [36, 41, true],
  [42, 47, true],
  [48, 59, true],
  [60, 67, true],
];

function landmarkPath({ landmarks }: SeenFace): string {
  return lines
    .map(([first, last, closed]) => {
      const points = landmarks.slice(first, last + 1).map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`);
      return `M${points.join('L')}${closed ? 'Z' : ''}`;
    })
    .join('');
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(3)}%`;

const place = ({ box }: SeenFace, { width, height }: Sight) => ({
  left: percent(box.x, width),
  top: percent(box.y, height),
  width: percent(box.width, width),
  height: percent(box.height, height),
});

interface FacePhotoProps {
  readonly slot: SlotControl;
  /** What to write at a face. */
  readonly nameOf?: (face: number) => string | undefined;
  /** Whether one of several faces is to be chosen. */
  readonly choice?: boolean;
}

/** A photo with its faces: their boxes, their landmarks, and a choice among them where one is needed. */
export function FacePhoto({ slot, nameOf, choice = false }: FacePhotoProps) {
  const { photo, sight, chosen, choose } = slot;
  const name = useId();
  if (!photo) return null;
  const several = choice && sight !== undefined && sight.faces.length > 1;
  const marked = (face: number) => !choice || face === chosen;
  return (
    <>
      <div class="photo">
        <BlobImage blob={photo.blob} alt={described(photo.name, sight)} />
        {sight && (
          <svg class="landmarks" viewBox={`0 0 ${sight.width} ${sight.height}`} aria-hidden="true">
            {sight.faces.map(
              (face, i) => marked(i) && <path key={`${face.box.x} ${face.box.y}`} d={landmarkPath(face)} />,
            )}
          </svg>
        )}
        {sight?.faces.map((face, i) => (
          <label
            key={`${face.box.x} ${face.box.y}`}
            class={`face-box${marked(i) ? ' chosen' : ''}`}
            style={place(face, sight)}
            htmlFor={several ? `${name}-${i}` : undefined}
            aria-hidden="true"
          >
            {nameOf?.(i) && <span class="face-name">{nameOf(i)}</span>}
          </label>
        ))}
      </div>
      {several && (
        <fieldset class="face-choice">
          <legend>{sight.faces.length} faces: which one is meant?</legend>
          {sight.faces.map((face, i) => (
            <label key={`${face.box.x} ${face.box.y}`} class="portrait">
              <input
                type="radio"
                id={`${name}-${i}`}
                name={name}
                aria-label={`Face ${i + 1}`}
                checked={i === chosen}
                onChange={() => choose(i)}
              />
              <BlobImage blob={face.portrait} alt="" />
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}

function described(name: string, sight: Sight | undefined): string {
  if (!sight) return name;
  const { length } = sight.faces;
  return `${name}, ${length} ${length === 1 ? 'face' : 'faces'} found`;
}
