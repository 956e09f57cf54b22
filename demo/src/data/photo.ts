/** A picture that somebody chose, dropped, pasted or took. */
export interface Photo {
  readonly blob: Blob;
  readonly name: string;
}

/** The pictures among what was dropped or pasted. */
export function photosIn(transfer: DataTransfer | null): Photo[] {
  const files = [...(transfer?.files ?? [])];
  return files.map((file) => ({ blob: file, name: file.name }));
}
