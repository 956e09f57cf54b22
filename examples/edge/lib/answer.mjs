/** What a client did wrong, or what it asked too much of: becomes an answer with this status. */
export class Refusal extends Error {
  constructor(status, code, message, headers = {}) {
    super(message);
    Object.assign(this, { status, code, headers });
  }
}

const answer = (body, status, headers) =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });

export const json = (body, status = 200) => answer(body, status, {});

/** Errors of the library that are about what a client sent, by their names: all else is ours. */
const codes = {
  NoFaceError: 'no-face',
  FaceTooSmallError: 'face-too-small',
  SeveralFacesError: 'several-faces',
  ImageError: 'unreadable-image',
  InputError: 'unusable-input',
};

/** Any error as JSON, `{ error: { code, message } }`. What is not the client's to know stays in the log. */
export function refused(error) {
  if (error instanceof Refusal)
    return answer({ error: { code: error.code, message: error.message } }, error.status, error.headers);
  const code = codes[error?.name];
  if (code) return json({ error: { code, message: error.message } }, 422);
  console.error(error);
  return json({ error: { code: 'failed', message: 'the service failed' } }, 500);
}
