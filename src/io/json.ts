/** A value of a JSON text that is an object, not a list or null. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The first key that some object of a valid JSON text holds twice, where `JSON.parse` keeps the last in silence.
 * Keys are equal by what they mean, however they are escaped.
 */
export function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const start = at;
      while (json[++at] !== '"') if (json[at] === '\\') at++;
      if (!isKey(json, at + 1)) continue;
      const key: string = JSON.parse(json.slice(start, at + 1));
      if (open.at(-1)!.has(key)) return key;
      open.at(-1)!.add(key);
    }
  }
  return undefined;
}

/** Whether a colon follows: a string in front of one is a key. */
function isKey(json: string, at: number): boolean {
  let next = at;
  while (json[next] === ' ' || json[next] === '\n' || json[next] === '\r' || json[next] === '\t') next++;
  return json[next] === ':';
}
