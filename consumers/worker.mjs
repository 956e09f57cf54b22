import { verify } from './verify.mjs';

export default {
  async fetch(request) {
    return Response.json(await verify(new URL(request.url).searchParams.get('files')));
  },
};
