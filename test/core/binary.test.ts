import { afterEach, describe, expect, it, vi } from 'vitest';
import { embed } from '../../scripts/embed.mjs';
import { embeddedBinary } from '../../src/core/binary.ts';
import { absentBinary, compiledBinary } from '../../src/core/compiled-binary.ts';
import { UnsupportedError } from '../../src/core/errors.ts';
import { receiveBinaries, sentBinary } from '../../src/core/sent-binary.ts';

const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const textOf = (bytes: Uint8Array): string => JSON.parse(embed(bytes)) as string;

describe('embeddedBinary', () => {
  afterEach(() => vi.restoreAllMocks());

  it('compiles its text when it is asked to, and gives its bytes', () => {
    const binary = embeddedBinary('empty', textOf(empty));
    expect(binary.module()).toBeInstanceOf(WebAssembly.Module);
    expect(binary.bytes()).toEqual(empty);
  });

  it('is a CompileError where the text is no WebAssembly', () => {
    expect(() => embeddedBinary('empty', textOf(empty.subarray(0, 7))).module()).toThrow(WebAssembly.CompileError);
  });

  it('says what to do where the host compiles nothing', () => {
    vi.spyOn(WebAssembly, 'Module').mockImplementation(() => {
      throw new EvalError('Code generation from strings disallowed for this context');
    });
    const compile = () => embeddedBinary('empty', textOf(empty)).module();
    expect(compile).toThrow(UnsupportedError);
    expect(compile).toThrow("import 'facsimile/core.wasm'");
  });
});

describe('the forms of the other flavours', () => {
  it('a module is itself, and has no bytes', () => {
    const module = new WebAssembly.Module(empty);
    expect(compiledBinary('empty', module).module()).toBe(module);
    expect(() => compiledBinary('empty', module).bytes()).toThrow(UnsupportedError);
  });

  it('what is sent has its bytes once they came, and says which file is missing before', () => {
    const binary = sentBinary('empty');
    expect(() => binary.module()).toThrow(UnsupportedError);
    expect(() => binary.bytes()).toThrow('nobody has sent empty.wasm');
    receiveBinaries({ empty });
    expect(binary.bytes()).toBe(empty);
    expect(binary.module()).toBeInstanceOf(WebAssembly.Module);
  });

  it('what is left out says so', () => {
    expect(() => absentBinary('fast').module()).toThrow("there is no precision 'fast'");
    expect(() => absentBinary('fast').bytes()).toThrow(UnsupportedError);
  });
});
