const IMPORTS = 2;
/** Pages of 64 KiB that a 32-bit address reaches: the bound that the import declares. */
const MAX_PAGES = 65536;
const SHARED_AND_BOUNDED = 3;

/**
 * The same core over shared memory. Only its import differs, `memory 0` becoming `memory 0 65536 shared`: kernels use no
 * atomics, so this is byte for byte what the compiler makes of them with threads enabled (a test compares the two), and
 * nothing has to be shipped twice. WebAssembly Core Specification 2.0 with threads, sections 5.3.8 and 5.5.5.
 * @throws RangeError where the first import is not a memory without a maximum, the only one that the core has
 */
export function overSharedMemory(core: Uint8Array): Uint8Array {
  let at = 8;
  let size = unsigned(core, at + 1);
  while (core[at] !== IMPORTS) {
    at = size.end + size.value;
    if (at >= core.length) throw new RangeError('core: it imports nothing, so it has no memory to share');
    size = unsigned(core, at + 1);
  }
  const count = unsigned(core, size.end);
  const module = unsigned(core, count.end);
  const name = unsigned(core, module.end + module.value);
  const kind = name.end + name.value;
  const flags = kind + 1;
  const least = unsigned(core, flags + 1);
  const end = size.end + size.value;
  if (count.value !== 1 || core[kind] !== 2 || core[flags] !== 0 || least.end !== end)
    throw new RangeError('core: it must import one memory without a maximum and nothing else');
  const body = [
    ...core.subarray(size.end, flags),
    SHARED_AND_BOUNDED,
    ...core.subarray(flags + 1, least.end),
    ...leb128(MAX_PAGES),
  ];
  return Uint8Array.from([...core.subarray(0, at + 1), ...leb128(body.length), ...body, ...core.subarray(end)]);
}

/** An unsigned LEB128 number and where it ends. */
function unsigned(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++]!;
    value += (byte & 127) * scale;
    if (byte < 128) return { value, end: at };
  }
}

function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}
