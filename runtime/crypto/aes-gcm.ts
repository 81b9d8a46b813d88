// AES-256-GCM with a salt per process, a random nonce per message, and key commitment. Security claims are in
// docs/spec/encryption.md.
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

/** Limits for one salt, after which it is replaced, so that random nonces stay far from a collision. */
const MAX_MESSAGES_PER_SALT = 2 ** 30;
const MAX_BYTES_PER_SALT = 2 ** 38;
const MAX_SALT_AGE_MS = 24 * 3_600_000;

/** Subkeys of other writers that are remembered: deriving one again takes about 20 µs. */
const MAX_REMEMBERED_SUBKEYS = 4096;

interface CipherOptions {
  readonly clock?: Pick<Clock, 'monotonicMs'>;
  /** Source of salts and nonces. Default: the system's. */
  readonly random?: (sizeBytes: number) => Buffer;
  readonly maxMessagesPerSalt?: number;
  readonly maxBytesPerSalt?: number;
  /** Shared by the ciphers of all tenants, so that one limit applies to all together. Default: not shared. */
  readonly remembered?: RememberedSubkeys;
}

/** Subkeys by key id, salt and tenant. */
export type RememberedSubkeys = RecentMap<string, Subkey>;

/** An empty memory of subkeys. */
export function rememberSubkeys(): RememberedSubkeys {
  return new RecentMap(MAX_REMEMBERED_SUBKEYS);
}

/** The salt that new entries use, and how much it was used. */
interface Writer {
  readonly salt: Buffer;
  readonly subkey: Subkey;
  readonly startedMs: number;
  messages: number;
  bytes: number;
}

/**
 * A cipher for one tenant. Keys and names differ by tenant: an entry of one is neither found nor opened as another's.
 */
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
      // Only after the entry has opened, so that forged salts cannot evict real ones.
      if (known === undefined) remembered.set(name, subkey);
      return plain;
    },
  };
}

function macUnder(key: KeyObject, data: Uint8Array): Buffer {
  return nodeCrypto().createHmac('sha256', key).update(data).digest();
}

/** Decrypts. Wipes the plaintext and returns undefined if the tag does not verify. */
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
