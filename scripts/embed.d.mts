export function embed(bytes: Uint8Array): string;
