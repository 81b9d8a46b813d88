// The full logical key of a call as bytes, and the name made of it under which a backend keeps the entry.
import { hash } from 'node:crypto';

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

/**
 * Names the calls of one site. `mac` replaces SHA-256 where names must tell nothing (secure sites). The last result is
 * kept: a miss asks for the same call three times.
 */
export function createKeyNamer(
  options: KeyNamespace,
  mac?: (logical: Buffer) => Buffer,
): (keyText: string) => StoredKey {
  const fixed = encodeParts([options.namespace, options.siteId, options.versionText]);
  let lastText: string | undefined;
  let last: StoredKey | undefined;
  return (keyText) => {
    if (last !== undefined && keyText === lastText) return last;
    const logical = Buffer.concat([fixed, encodeParts([keyText])]);
    const digest = mac === undefined ? hash('sha256', logical, 'buffer') : mac(logical);
    const name = `${options.keyPrefix}:{${digest.toString('base64url')}}`;
    const made = { logical, tag: digest.subarray(0, 16), name };
    if (mac !== undefined) return made; // the text holds arguments: a secure site keeps none longer than the call
    lastText = keyText;
    last = made;
    return made;
  };
}
