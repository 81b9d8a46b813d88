// AES-256-GCM with a salt per process, a random nonce per message and key commitment. Claims: docs/spec/encryption.md.
import type { KeyObject } from 'node:crypto';
import { systemClock, type Clock } from '../config/clock.ts';
import { KEY_ID_BYTES, SEAL_BLOCK_BYTES, SEAL_TAG_BYTES, type Cipher } from './cipher.ts';
import type { KeyRing } from './key-ring.ts';
import { nodeCrypto } from './node-crypto.ts';
import { nextNonce, NONCE_BYTES } from './nonces.ts';
import { RecentMap } from './recent-map.ts';
import { deriveIndexKey, deriveSubkey, joinParts, type Subkey } from './subkeys.ts';

const ALGORITHM = 'aes-256-gcm';
const TAG_OPTIONS = { authTagLength: SEAL_TAG_BYTES };
const SALT_END = KEY_ID_BYTES + 16;
const COMMITMENT_END = SALT_END + 16;

/** A salt is used for at most this much, then replaced: random nonces stay far from colliding. */
const MAX_MESSAGES_PER_SALT = 2 ** 30;
const MAX_BYTES_PER_SALT = 2 ** 38;
const MAX_SALT_AGE_MS = 24 * 3_600_000;

/** Salts of other writers whose subkey is remembered: deriving one again costs some 20 us. */
const MAX_REMEMBERED_SUBKEYS = 4096;

interface CipherOptions {
  readonly clock?: Pick<Clock, 'monotonicMs'>;
  /** For salts and nonces. Default: the system's. */
  readonly random?: (sizeBytes: number) => Buffer;
  readonly maxMessagesPerSalt?: number;
  readonly maxBytesPerSalt?: number;
  /** Of other tenants as well, so that all of them together stay within the limit. Default: an own one. */
  readonly remembered?: RememberedSubkeys;
}

/** By tenant, key id and salt. */
export type RememberedSubkeys = RecentMap<string, Subkey>;

export function rememberSubkeys(): RememberedSubkeys {
  return new RecentMap(MAX_REMEMBERED_SUBKEYS);
}

interface Writer {
  readonly salt: Buffer;
  readonly subkey: Subkey;
  readonly startedMs: number;
  messages: number;
  bytes: number;
}

/** Entries of different tenants have different keys: one tenant's never open, nor are found, as another's. */
export function createCipher(ring: KeyRing, tenant = 'default', options: CipherOptions = {}): Cipher {
  const { clock = systemClock, random = nodeCrypto().randomBytes, remembered = rememberSubkeys() } = options;
  const takeNonce = options.random === undefined ? nextNonce : (): Buffer => random(NONCE_BYTES);
  const { maxMessagesPerSalt = MAX_MESSAGES_PER_SALT, maxBytesPerSalt = MAX_BYTES_PER_SALT } = options;
  const indexKey = deriveIndexKey(ring.primary, tenant);
  const olderIndexKeys = ring.previous.map((key) => deriveIndexKey(key, tenant));
  let writer: Writer | undefined;

  const takeWriter = (sizeBytes: number): Writer => {
    const nowMs = clock.monotonicMs();
    if (
      writer === undefined ||
      writer.messages >= maxMessagesPerSalt ||
      writer.bytes + sizeBytes > maxBytesPerSalt ||
      nowMs - writer.startedMs >= MAX_SALT_AGE_MS
    ) {
      const salt = random(16);
      const subkey = deriveSubkey(ring.primary, salt, tenant);
      writer = { salt, subkey, startedMs: nowMs, messages: 0, bytes: 0 };
    }
    writer.messages += 1;
    writer.bytes += sizeBytes;
    return writer;
  };

  return {
    keyId: ring.primary.id,
    mac: (data) => macUnder(indexKey, data),
    olderMacs: (data) => olderIndexKeys.map((key) => macUnder(key, data)),

    seal(header, context, plain) {
      const { salt, subkey } = takeWriter(plain.length);
      const nonce = takeNonce();
      const start = header.length - SEAL_BLOCK_BYTES;
      header.set(ring.primary.id, start);
      header.set(salt, start + KEY_ID_BYTES);
      header.set(subkey.commitment, start + SALT_END);
      header.set(nonce, start + COMMITMENT_END);
      const cipher = nodeCrypto().createCipheriv(ALGORITHM, subkey.key, nonce, TAG_OPTIONS);
      cipher.setAAD(joinParts([header, context]));
      const body = cipher.update(plain);
      cipher.final();
      return { body, tag: cipher.getAuthTag() };
    },

    open(header, context, body, tag) {
      const block = header.subarray(header.length - SEAL_BLOCK_BYTES);
      const master = ring.find(block.subarray(0, KEY_ID_BYTES));
      if (master === undefined) return 'unknown-key';
      const salt = block.subarray(KEY_ID_BYTES, SALT_END);
      const name = block.toString('latin1', 0, SALT_END) + tenant;
      const known = remembered.get(name);
      const subkey = known ?? deriveSubkey(master, salt, tenant);
      if (!nodeCrypto().timingSafeEqual(subkey.commitment, block.subarray(SALT_END, COMMITMENT_END)))
        return 'tamper';
      const plain = decrypt(subkey, block.subarray(COMMITMENT_END), joinParts([header, context]), body, tag);
      if (plain === undefined) return 'tamper';
      // Only salts that proved to be ours: made-up ones cannot push them out.
      if (known === undefined) remembered.set(name, subkey);
      return plain;
    },
  };
}

function macUnder(key: KeyObject, data: Uint8Array): Buffer {
  return nodeCrypto().createHmac('sha256', key).update(data).digest();
}

/** Nothing of the plaintext leaves before the tag is verified. */
function decrypt(
  subkey: Subkey,
  nonce: Uint8Array,
  aad: Uint8Array,
  body: Uint8Array,
  tag: Uint8Array,
): Buffer | undefined {
  const decipher = nodeCrypto().createDecipheriv(ALGORITHM, subkey.key, nonce, TAG_OPTIONS);
  decipher.setAAD(aad);
  const plain = decipher.update(body);
  try {
    decipher.setAuthTag(tag);
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return undefined;
  }
}
