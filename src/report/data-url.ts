/** Bytes as a `data:` URL, so that a file carries its pictures inside. */
export function dataUrl(bytes: Uint8Array, type: 'image/jpeg' | 'image/png'): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `data:${type};base64,${btoa(binary)}`;
}
