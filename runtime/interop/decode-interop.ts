// Reads one MessagePack document that any library of interop/v1 may have written, in canonical form or not.
import { DATETIME_MARK, DATETIME_TEXT, parseDatetime } from './datetime-text.ts';
import { Extension } from './extension.ts';
import { interopError } from './interop-error.ts';
import { MAX_DEPTH, MAX_NODES, MAX_VALUE_BYTES } from './interop-limits.ts';

/**
 * The value of a document. Integers beyond 2^53 become bigint, bytes Uint8Array, dates Date (cut to milliseconds), maps
 * plain objects, or Map if a name is not a text. Shares no memory with `bytes`.
 * @throws ERR_CACHEKIT_INTEROP unless the bytes are exactly one document within the limits, which a cache treats as a
 * miss; nothing else
 */
export function decodeInterop(bytes: Uint8Array): unknown {
  if (!(bytes instanceof Uint8Array)) throw interopError('bytes', 'they have to be a Uint8Array.');
  if (bytes.length > MAX_VALUE_BYTES)
    throw interopError('bytes', 'they are more than the 100 MiB of a value.');
  return new DocumentReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).read();
}

const NOT_A_DOCUMENT = 'This is not what a function with `interop` stores. Let its writer compute it again.';
const OTHER_CONTAINER =
  'These bytes are an entry of the Python library outside interop, which only itself can read. Give its function `interop=`.';

/** Largest integer that is read as a number. */
const SAFE = Number.MAX_SAFE_INTEGER;

class DocumentReader {
  readonly #source: Buffer;
  #position = 0;
  #nodesLeft = MAX_NODES;

  constructor(source: Buffer) {
    this.#source = source;
  }

  read(): unknown {
    const value = this.#node(0);
    if (this.#position === this.#source.length) return value;
    // An entry of cachekit for Python begins with "CK". "C" is the integer 67, so such an entry always ends up here.
    const isPython = this.#source[0] === 0x43 && this.#source[1] === 0x4b;
    throw isPython
      ? interopError('bytes', OTHER_CONTAINER)
      : this.#malformed('the document ends before the bytes do');
  }

  #malformed(what: string): Error {
    return interopError(`byte ${this.#position}`, `${what}. ${NOT_A_DOCUMENT}`);
  }

  #node(depth: number): unknown {
    if (--this.#nodesLeft < 0) throw this.#malformed('more than 1,000,000 values');
    const lead = this.#unsigned(1);
    if (lead < 0x80) return lead;
    if (lead >= 0xe0) return lead - 0x100;
    if (lead < 0x90) return this.#map(lead & 0x0f, depth);
    if (lead < 0xa0) return this.#array(lead & 0x0f, depth);
    if (lead < 0xc0) return this.#text(lead & 0x1f);
    return this.#sized(lead, depth);
  }

  #sized(lead: number, depth: number): unknown {
    switch (lead) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return this.#source.readFloatBE(this.#take(4));
      case 0xcb:
        return this.#source.readDoubleBE(this.#take(8));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(2 << (lead - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(2 << (lead - 0xde)), depth);
      default:
        return lead >= 0xcc && lead <= 0xd3 ? this.#integer(lead) : this.#bytes(lead);
    }
  }

  #integer(lead: number): number | bigint {
    const width = 1 << (lead & 0x03);
    const isSigned = lead >= 0xd0;
    if (width < 8) return isSigned ? this.#source.readIntBE(this.#take(width), width) : this.#unsigned(width);
    const at = this.#take(8);
    const value = isSigned ? this.#source.readBigInt64BE(at) : this.#source.readBigUInt64BE(at);
    return value >= -SAFE && value <= SAFE ? Number(value) : value;
  }

  #bytes(lead: number): unknown {
    if (lead >= 0xc4 && lead <= 0xc6) return this.#binary(this.#unsigned(1 << (lead - 0xc4)));
    if (lead >= 0xc7 && lead <= 0xc9) return this.#extension(this.#unsigned(1 << (lead - 0xc7)));
    if (lead >= 0xd4 && lead <= 0xd8) return this.#extension(1 << (lead - 0xd4));
    if (lead >= 0xd9 && lead <= 0xdb) return this.#text(this.#unsigned(1 << (lead - 0xd9)));
    throw this.#malformed('C1 begins no value');
  }

  /** Start of the next `count` bytes. Nothing is allocated before this check. */
  #take(count: number): number {
    const start = this.#position;
    if (count > this.#source.length - start) throw this.#malformed('the bytes end before the document does');
    this.#position = start + count;
    return start;
  }

  #unsigned(width: number): number {
    return this.#source.readUIntBE(this.#take(width), width);
  }

  #text(length: number): string {
    const start = this.#take(length);
    const text = this.#source.toString('utf8', start, this.#position);
    // The decoder replaces invalid UTF-8 by U+FFFD. If the text really has that character, encoding gives the same
    // bytes.
    if (text.includes('\uFFFD') && !Buffer.from(text).equals(this.#source.subarray(start, this.#position))) {
      throw this.#malformed('a text before here is not UTF-8');
    }
    return text;
  }

  #binary(length: number): Uint8Array {
    const start = this.#take(length);
    return new Uint8Array(this.#source.subarray(start, this.#position));
  }

  #extension(length: number): Extension {
    const type = this.#source.readInt8(this.#take(1));
    return new Extension(type, this.#binary(length));
  }

  /** Checks a list before its elements are read. `bytesEach`: fewest bytes of an element. */
  #enter(count: number, bytesEach: number, depth: number): void {
    if (depth === MAX_DEPTH) throw this.#malformed('more than 100 levels');
    if (count * bytesEach > this.#source.length - this.#position) {
      throw this.#malformed('fewer bytes are left than elements are announced');
    }
  }

  #array(count: number, depth: number): unknown[] {
    this.#enter(count, 1, depth);
    const list: unknown[] = [];
    for (let i = 0; i < count; i++) list.push(this.#node(depth + 1));
    return list;
  }

  #map(count: number, depth: number): unknown {
    this.#enter(count, 2, depth);
    const entries = new Map<unknown, unknown>();
    let isPlain = true;
    for (let i = 0; i < count; i++) {
      const name = this.#node(depth + 1);
      if (typeof name === 'object' && name !== null)
        throw this.#malformed('a name before here is not a plain one');
      if (entries.has(name)) throw this.#malformed('a name before here appears twice');
      isPlain &&= typeof name === 'string';
      entries.set(name, this.#node(depth + 1));
    }
    if (!isPlain) return entries;
    return reviveDatetime(entries) ?? toPlain(entries as Map<string, unknown>); // all names are texts
  }
}

function reviveDatetime(entries: ReadonlyMap<unknown, unknown>): Date | undefined {
  if (entries.size !== 2 || entries.get(DATETIME_MARK) !== true) return undefined;
  const text = entries.get(DATETIME_TEXT);
  return typeof text === 'string' ? parseDatetime(text) : undefined;
}

function toPlain(entries: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    // An assignment would call the setter of `__proto__`, and would fail if the prototype is frozen.
    if (name in plain) {
      Object.defineProperty(plain, name, { value, writable: true, enumerable: true, configurable: true });
    } else plain[name] = value;
  }
  return plain;
}
