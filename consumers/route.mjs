import { verify } from './verify.mjs';

export const runtime = 'edge';

export async function GET(request) {
  return Response.json(await verify(new URL(request.url).searchParams.get('files')));
}
