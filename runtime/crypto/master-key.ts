// Makes and parses master keys, and refuses those that are not random. Keys are KeyObjects, which do not print their
// bytes.
import type { KeyObject } from 'node:crypto';
import { CacheKitError } from '../errors/cachekit-error.ts';
import { nodeCrypto } from './node-crypto.ts';
import { weaknessOf } from './weak-key.ts';

const KEY_BYTES = 32;
const PREFIX = 'ck1_';

/** A new master key as text: `ck1_` and 43 base64url characters. */
export function keygen(): string {
  const bytes = nodeCrypto().randomBytes(KEY_BYTES);
  // Tries again if the key would be refused, whose chance is below 10^-13.
  return weaknessOf(bytes) === undefined ? PREFIX + bytes.toString('base64url') : keygen();
}

/** A random key that only this process has, for tests and for entries that never leave the process. */
export function ephemeralKey(): KeyObject {
  const bytes = nodeCrypto().randomBytes(KEY_BYTES);
  try {
    return nodeCrypto().createSecretKey(bytes);
  } finally {
    bytes.fill(0);
  }
}

/**
 * Parses 64 hex digits, or `ck1_` and 43 base64url characters, with white space around them; or takes 32 bytes, which
 * the caller may wipe afterwards. @throws ERR_CACHEKIT_MASTER_KEY; its message never contains any of the input
 */
export function parseMasterKey(input: string | Uint8Array): KeyObject {
  const bytes = typeof input === 'string' ? decodeText(input.trim()) : copyBytes(input);
  try {
    if (bytes?.length !== KEY_BYTES) {
      throw refuse('The master key is not 64 hex digits, `ck1_` with 43 base64url characters, or 32 bytes.');
    }
    const weakness = weaknessOf(bytes);
    if (weakness !== undefined) throw refuse(`The master key is not usable: it is ${weakness}.`);
    return nodeCrypto().createSecretKey(bytes);
  } finally {
    bytes?.fill(0); // the KeyObject has its own copy
  }
}

function decodeText(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!text.startsWith(PREFIX)) return undefined;
  const body = text.slice(PREFIX.length);
  const bytes = Buffer.from(body, 'base64url');
  // The decoder ignores invalid characters, so the result is encoded again and compared.
  return bytes.toString('base64url') === body ? bytes : undefined;
}

function copyBytes(input: unknown): Buffer | undefined {
  return input instanceof Uint8Array ? Buffer.from(input) : undefined;
}

function refuse(fact: string): CacheKitError {
  return new CacheKitError('ERR_CACHEKIT_MASTER_KEY', `${fact} Make one with \`npx cachekit keygen\`.`);
}
