// The full logical key of a call as bytes, and the name derived from it under which a backend stores the entry.
import { nodeCrypto } from '../crypto/node-crypto.ts';

/** The parts of a key that all calls of a site share. */
export interface KeyNamespace {
  readonly keyPrefix: string;
  readonly namespace: string;
  readonly siteId: string;
  /** The part that changes with the types or the code (docs/spec/key.md); empty: none. */
  readonly versionText: string;
}

/** Identity of one call in the store. */
export interface StoredKey {
  /** Identifies the call: different calls have different bytes (see `encodeParts`). */
  readonly logical: Buffer;
  /** First 16 bytes of the digest. They are stored in the entry, which reveals a reply to another key. */
  readonly tag: Buffer;
  /** `<prefix>:{<43 base64url characters>}`. The braces make the digest the hash tag of a Redis Cluster. */
  readonly name: string;
  /** Tags and names under previous master keys, newest first. */
  readonly older: readonly { readonly tag: Buffer; readonly name: string }[];
  /** The names in `older`. */
  readonly olderNames: readonly string[];
}

/** Replaces SHA-256 where names must reveal nothing. The MAC key may depend on the tenant in the key text. */
export interface NameMac {
  mac(logical: Buffer, keyText: string): Buffer;
  olderMacs(logical: Buffer, keyText: string): readonly Buffer[];
}

/**
 * Joins length-prefixed parts: one byte for the encoding, u32 little-endian for the length, then the bytes. Text with
 * lone surrogates, which UTF-8 cannot represent, is written as UTF-16; otherwise two such texts could give the same
 * bytes.
 */
export function encodeParts(parts: readonly string[]): Buffer {
  const pieces: Buffer[] = [];
  for (const part of parts) {
    const wellFormed = part.isWellFormed();
    const bytes = Buffer.from(part, wellFormed ? 'utf8' : 'utf16le');
    const head = Buffer.allocUnsafe(5);
    head[0] = wellFormed ? 0 : 1;
    head.writeUInt32LE(bytes.length, 1);
    pieces.push(head, bytes);
  }
  return Buffer.concat(pieces);
}

/** Appends a part to the result of `encodeParts`, with one allocation. */
function withPart(before: Buffer, part: string): Buffer {
  const wellFormed = part.isWellFormed();
  const encoding = wellFormed ? 'utf8' : 'utf16le';
  const sizeBytes = Buffer.byteLength(part, encoding);
  const all = Buffer.allocUnsafe(before.length + 5 + sizeBytes);
  all.set(before);
  all[before.length] = wellFormed ? 0 : 1;
  all.writeUInt32LE(sizeBytes, before.length + 1);
  all.write(part, before.length + 5, encoding);
  return all;
}

/** Most names remembered per site, and longest key text of one: for hot calls, and calls whose entry is being read. */
const MOST_REMEMBERED = 256;
const LONGEST_REMEMBERED = 512;

/**
 * Names the calls of one site. `mac` replaces SHA-256 on secure sites, where names must reveal nothing. Remembers some
 * results, since a call asks for its name up to three times, with other calls in between.
 */
export function createKeyNamer(options: KeyNamespace, mac?: NameMac): (keyText: string) => StoredKey {
  const fixed = encodeParts([options.namespace, options.siteId, options.versionText]);
  const remembered = new Map<string, StoredKey>();
  return (keyText) => {
    const known = remembered.get(keyText);
    if (known !== undefined) return known;
    const logical = withPart(fixed, keyText);
    const named = (digest: Buffer): { tag: Buffer; name: string } => ({
      tag: digest.subarray(0, 16),
      name: `${options.keyPrefix}:{${digest.toString('base64url')}}`,
    });
    const digest =
      mac === undefined ? nodeCrypto().hash('sha256', logical, 'buffer') : mac.mac(logical, keyText);
    const older = mac === undefined ? [] : mac.olderMacs(logical, keyText).map(named);
    const olderNames = older.map(({ name }) => name);
    const made = { logical, ...named(digest), older, olderNames };
    // A secure site remembers none: the text contains arguments, which must not outlive the call.
    if (mac !== undefined || keyText.length > LONGEST_REMEMBERED) return made;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(keyText, made);
    return made;
  };
}
