const KINDS = ['function', 'table', 'memory', 'global', 'tag'] as const;
type Kind = (typeof KINDS)[number];

/** What a wasm module declares, read from its bytes (WebAssembly Core Specification, chapter 5.5). */
export interface WasmSections {
  readonly imports: readonly {
    readonly module: string;
    readonly name: string;
    readonly kind: Kind;
    /** Of an imported memory. */
    readonly memory?: { readonly hasMaximum: boolean; readonly isShared: boolean };
  }[];
  readonly exports: readonly { readonly name: string; readonly kind: Kind }[];
  readonly globals: readonly { readonly mutable: boolean }[];
  readonly hasStart: boolean;
  readonly dataSegments: number;
}

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    if (this.done) throw new RangeError(`wasm: ends within a section, at byte ${this.at}`);
    return this.#bytes[this.at++]!;
  }

  /** LEB128, unsigned. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  bytes(): Uint8Array {
    const length = this.number();
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  name(): string {
    return new TextDecoder().decode(this.bytes());
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.number() }, read);
  }

  limits(): { hasMaximum: boolean; isShared: boolean } {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
    return { hasMaximum: (flags & 1) !== 0, isShared: (flags & 2) !== 0 };
  }
}

/** Reads the sections whose content matters. @throws where an import is neither a function nor a memory. */
export function readSections(bytes: Uint8Array): WasmSections {
  const reader = new Reader(bytes);
  reader.at = 8;
  const sections = new Map<number, Reader>();
  while (!reader.done) sections.set(reader.byte(), new Reader(reader.bytes()));
  const read = <T>(id: number, entry: (section: Reader) => T): T[] => {
    const section = sections.get(id);
    return section?.list(() => entry(section)) ?? [];
  };
  return {
    imports: read(2, (section) => {
      const [module, name, kind] = [section.name(), section.name(), KINDS[section.byte()]!];
      if (kind === 'memory') return { module, name, kind, memory: section.limits() };
      if (kind !== 'function') throw new Error(`wasm: import ${module}.${name} is a ${kind}`);
      section.number();
      return { module, name, kind };
    }),
    exports: read(7, (section) => {
      const [name, kind] = [section.name(), KINDS[section.byte()]!];
      section.number();
      return { name, kind };
    }),
    globals: sections.has(6) ? readGlobals(sections.get(6)!) : [],
    hasStart: sections.has(8),
    dataSegments: sections.get(11)?.number() ?? 0,
  };
}

/** Types of the globals; their initial values are constants of one instruction and `end`. */
function readGlobals(section: Reader): { mutable: boolean }[] {
  return section.list(() => {
    section.byte();
    const mutable = section.byte() === 1;
    const opcode = section.byte();
    const size = new Map([
      [0x43, 4],
      [0x44, 8],
    ]).get(opcode);
    if (size) section.at += size;
    else section.number();
    if (section.byte() !== 0x0b) throw new Error(`wasm: a global starts with opcode ${opcode}, not with a constant`);
    return { mutable };
  });
}
