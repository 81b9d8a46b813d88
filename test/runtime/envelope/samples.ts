// One function's result type with a hand-written codec in the form the compiler generates, and codecs for it.
import { createSecretKey } from 'node:crypto';
import type { ValueOps } from '../../../runtime/contract/value-kit.ts';
import { createCipher } from '../../../runtime/crypto/aes-gcm.ts';
import type { Cipher } from '../../../runtime/crypto/cipher.ts';
import { KeyRing } from '../../../runtime/crypto/key-ring.ts';
import { createSigner, type Signer } from '../../../runtime/crypto/signer.ts';
import { NO_STAMP, type EntryFacts, type EntryTimes } from '../../../runtime/entry/entry.ts';
import type { DecodeResult, EntryCodec } from '../../../runtime/entry/entry.ts';
import { createEntryCodec, type EntryCodecOptions } from '../../../runtime/envelope/entry-codec.ts';
import { valueKit as kit } from '../../../runtime/value/value-kit.ts';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly photo: Uint8Array;
}

export const personOps: ValueOps = {
  accepts: (value, open) =>
    kit.plain(value) &&
    (open === true || kit.own(value, ['id', 'name', 'photo']) === 3) &&
    typeof value.id === 'number' &&
    typeof value.name === 'string' &&
    kit.isBytes(value.photo, 'Uint8Array'),
  write: (to, person: Person) => {
    to.list(3);
    to.num(person.id);
    to.str(person.name);
    to.bytes(person.photo);
    to.end();
  },
  read: (from) => {
    from.list(3);
    const [id, name] = [from.num(), from.str()];
    const photo = kit.toBytes(from.bytes(), 'Uint8Array');
    from.end();
    return { id, name, photo };
  },
};

export const ada: Person = { id: 7, name: 'Ada Lovelace', photo: new Uint8Array([1, 2, 3]) };
/** Long enough to be compressed. */
export const longAda: Person = { ...ada, name: 'Ada Lovelace, Countess. '.repeat(60) };

export const keyText = '(7)';
export const nowMs = 1_750_000_001_000;
export const times: EntryTimes = {
  storedAtMs: 1_750_000_000_000,
  softExpiryMs: 1_750_003_600_000,
  hardExpiryMs: 1_750_007_200_000,
};

export const vectorKey = 'ef92d6d4dae4c130fb5dc1a56054a81841f569f9dd3509e2fbc2d9fd2c32a4b5';

export function vectorSigner(): Signer {
  return createSigner(new KeyRing(createSecretKey(Buffer.from(vectorKey, 'hex'))));
}

/** The key of the test vectors; `random` fixes salts and nonces. */
export function vectorCipher(random?: (sizeBytes: number) => Buffer): Cipher {
  const ring = new KeyRing(createSecretKey(Buffer.from(vectorKey, 'hex')));
  return createCipher(ring, 'default', random === undefined ? {} : { random });
}

export function personCodec(options: Partial<EntryCodecOptions> = {}): EntryCodec {
  return createEntryCodec({
    siteId: 'shop/src/person#getPerson',
    namespace: 'shop',
    keyPrefix: 'ck1',
    versionText: 's:0123456789abcdef',
    shape: '0123456789abcdef',
    serializer: 'std',
    value: personOps,
    compress: true,
    maxSizeBytes: 50 * 2 ** 20,
    ...options,
  });
}

/** Of an entry that nothing has tagged, in a store without a log. */
export const facts: EntryFacts = { times, stamp: NO_STAMP, tags: [] };

/** @throws when the value cannot be stored: the tests' mistake. */
export function encodeOrFail(codec: EntryCodec, value: unknown, text = keyText, at = times): Buffer {
  const result = codec.encode(text, value, { ...facts, times: at });
  if (!result.ok) throw new Error(result.reason);
  return Buffer.from(result.bytes);
}

/** What a decoded entry says, without how memory would count the value. */
export function said(result: DecodeResult): object {
  if (!result.ok) return result;
  const { built: _built, sealedBy: _sealedBy, ...rest } = result;
  return rest;
}
