export function embed(bytes: Uint8Array): string;
export function embedBinary(name: string, folder: string): void;
