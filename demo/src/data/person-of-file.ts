/** Whom a file's name tells of: `ada-1.jpg` and `Ada_0002.png` are of ada and Ada. */
export function personOfFile(file: string): string {
  const stem = file.replace(/\.\w+$/, '');
  const name = stem
    .replace(/[\s_.-]*\(?\d+\)?$/, '')
    .replaceAll('_', ' ')
    .trim();
  return name || stem;
}
