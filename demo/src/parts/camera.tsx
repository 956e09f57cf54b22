import { useEffect, useRef, useState } from 'preact/hooks';
import type { Photo } from '../data/photo.ts';
import { Dialog } from './dialog.tsx';

const reasons: Readonly<Record<string, string>> = {
  NotAllowedError: 'The camera is not allowed here. You can allow it in the browser’s settings for this page.',
  NotFoundError: 'No camera was found.',
  NotReadableError: 'The camera is in use by something else.',
};

async function openCamera(): Promise<MediaStream> {
  // Pages that are not served over https have no cameras.
  if (!navigator.mediaDevices) throw new DOMException('', 'NotAllowedError');
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user', width: { ideal: 1280 } } });
}

/** What the camera sees now, as a file without loss. */
function takePhoto(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')!.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function CameraDialog({ onPhoto, onClose }: { onPhoto: (photo: Photo) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  const [error, setError] = useState<string>();

  useEffect(() => {
    let stream: MediaStream | undefined;
    let closed = false;
    openCamera().then(
      (opened) => {
        stream = opened;
        if (closed) return stop();
        video.current!.srcObject = opened;
      },
      ({ name }: Error) => setError(reasons[name] ?? 'The camera cannot be used.'),
    );
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    return () => {
      closed = true;
      stop();
    };
  }, []);

  const take = async () => {
    const blob = await takePhoto(video.current!);
    if (blob) onPhoto({ blob, name: 'camera.png' });
    onClose();
  };

  return (
    <Dialog title="Take a photo" onClose={onClose}>
      {error ? (
        <p class="error" role="alert">
          {error}
        </p>
      ) : (
        <>
          <video ref={video} class="camera" autoplay muted playsInline onLoadedData={() => setReady(true)} />
          <button type="button" class="primary" disabled={!ready} onClick={take}>
            Take photo
          </button>
        </>
      )}
    </Dialog>
  );
}

/** A button that takes a photo with the camera. */
export function CameraButton({ onPhoto }: { onPhoto: (photo: Photo) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="quiet" onClick={() => setOpen(true)}>
        Camera
      </button>
      {open && <CameraDialog onPhoto={onPhoto} onClose={() => setOpen(false)} />}
    </>
  );
}
