import { readFileSync } from 'node:fs';

/** A fenced block of a document. */
export interface CodeBlock {
  readonly language: string;
  /** What it needs beside the usual files, as its fence says: ```js context=page. */
  readonly context: string | undefined;
  readonly code: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
}

const FENCE = /^```(\S+)(?: context=(\S+))?$/;

/** The fenced blocks of a Markdown file, in order. */
export function codeBlocks(path: string): CodeBlock[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const blocks: CodeBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i]!.startsWith('```')) continue;
    const [, language, context] = FENCE.exec(lines[i]!) ?? [];
    if (!language)
      throw new Error(`${path}:${i + 1}: a fence must say its language and may say a context: ${lines[i]}`);
    const end = lines.indexOf('```', i + 1);
    if (end < 0) throw new Error(`${path}:${i + 1}: the block has no end`);
    blocks.push({ language, context, code: lines.slice(i + 1, end).join('\n'), line: i + 2 });
    i = end;
  }
  return blocks;
}
