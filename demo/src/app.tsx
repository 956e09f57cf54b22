import { loading } from './data/faces.ts';
import { useObserved } from './data/observable.ts';
import { offline } from './data/offline.ts';
import { useRoute } from './data/route.ts';
import { Calibrate } from './rooms/calibrate.tsx';
import { Compare } from './rooms/compare.tsx';
import { Inside } from './rooms/inside.tsx';
import { Paint } from './rooms/paint.tsx';
import { Recognise } from './rooms/recognise.tsx';

const rooms = {
  compare: { title: 'Compare', draw: () => <Compare /> },
  recognise: { title: 'Recognise', draw: (visible: boolean) => <Recognise visible={visible} /> },
  calibrate: { title: 'Calibrate', draw: () => <Calibrate /> },
  paint: { title: 'Paint', draw: (visible: boolean) => <Paint visible={visible} /> },
  inside: { title: 'Inside', draw: () => <Inside /> },
} as const;
const names = Object.keys(rooms) as (keyof typeof rooms)[];

/** The whole page. Rooms that are not visible stay: what was done in them is there on return, and goes on. */
export function App() {
  const current = useRoute(names);
  return (
    <>
      <header class="masthead">
        <h1>
          <img src="./icon.svg" alt="" width="36" height="36" />
          facsimile
        </h1>
        <nav aria-label="Rooms">
          {names.map((name) => (
            <a key={name} href={`#${name}`} aria-current={name === current ? 'page' : undefined}>
              {rooms[name].title}
            </a>
          ))}
        </nav>
      </header>
      <Loading />
      <main>
        {names.map((name) => (
          <section key={name} class="room" id={`room-${name}`} hidden={name !== current}>
            {rooms[name].draw(name === current)}
          </section>
        ))}
      </main>
      <Footer />
    </>
  );
}

function Loading() {
  const progress = useObserved(loading);
  if (!progress) return null;
  return (
    <p class="loading" role="status">
      <label>
        Loading the networks, once
        <progress value={progress.loaded} max={progress.total} />
      </label>
    </p>
  );
}

function Footer() {
  const ready = useObserved(offline);
  return (
    <footer class="foot">
      <p>
        <strong>Nothing leaves this page.</strong> Photos are looked at by this device alone
        {ready ? '; it works without a network now.' : '.'}
      </p>
      <p class="small">
        Sample photos and networks: @vladmandic/face-api (MIT); recognition network by Davis King (public domain).
      </p>
    </footer>
  );
}
