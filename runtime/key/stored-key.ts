// The full logical key of a call as bytes, and the name made of it under which a backend keeps the entry.
import { nodeCrypto } from '../crypto/node-crypto.ts';

export interface KeyNamespace {
  readonly keyPrefix: string;
  readonly namespace: string;
  readonly siteId: string;
  /** What of the types or the code counts (docs/spec/key.md); empty when nothing does. */
  readonly versionText: string;
}

/** One call's identity in the store. */
export interface StoredKey {
  /** Everything that makes this call this call, injective: see `encodeParts`. */
  readonly logical: Buffer;
  /** First 16 bytes of the digest: stands in the entry, so a reply to another key is noticed. */
  readonly tag: Buffer;
  /** `<prefix>:{<43 base64url characters>}`. The braces make the digest the hash tag of a Redis Cluster. */
  readonly name: string;
  /** What the entry was called under previous master keys, newest first. */
  readonly older: readonly { readonly tag: Buffer; readonly name: string }[];
  /** Of `older`. */
  readonly olderNames: readonly string[];
}

/** Replaces SHA-256 where names must tell nothing. Whose key it is may depend on the text. */
export interface NameMac {
  mac(logical: Buffer, keyText: string): Buffer;
  olderMacs(logical: Buffer, keyText: string): readonly Buffer[];
}

/**
 * Length-prefixed parts: one byte for the encoding, u32 little-endian for the length, the bytes. Text that has no UTF-8
 * form (lone surrogates) is written as UTF-16 and says so, else two such texts could be one.
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

/** `encodeParts` of all parts, when `before` is that of all but the last: one buffer, written once. */
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

/** Names remembered per site, of texts up to that length: hot calls, and calls whose entries are being read. */
const MOST_REMEMBERED = 256;
const LONGEST_REMEMBERED = 512;

/**
 * Names the calls of one site. `mac` replaces SHA-256 where names must tell nothing (secure sites). Some results are
 * kept: a call asks for the same name up to three times, and others ask in between.
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
    // The text holds arguments: a secure site keeps none longer than the call.
    if (mac !== undefined || keyText.length > LONGEST_REMEMBERED) return made;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(keyText, made);
    return made;
  };
}
