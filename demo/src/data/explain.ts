/** What to say where something cannot be done, by the class of the library's error. */
const openings: Readonly<Record<string, string>> = {
  ImageError: 'This file cannot be read as a picture.',
  GalleryError: 'The people kept in this browser cannot be read.',
  WeightsError: 'The networks cannot be read.',
  OutOfMemoryError: 'This device has too little memory for that.',
};

/** Messages begin with the function that threw: `embed: no face found`. */
function sentence(message: string): string {
  const text = message.replace(/^[\w ]+: /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

export function explain(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const opening = openings[name];
  return opening ? `${opening} ${sentence(message)}` : sentence(message);
}
