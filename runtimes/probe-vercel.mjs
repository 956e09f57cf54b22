// What Vercel puts around the edge function of examples/edge/vercel: its files, and the event.
import handler from './vercel/api/faces.mjs';

addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  event.respondWith(
    pathname === '/faces.safetensors' ? fetch(`${process.env.FILES}${pathname}`) : handler(event.request),
  );
});
