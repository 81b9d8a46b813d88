// Whole entries, plain, signed and sealed: what is not exactly as it was stored is refused.
import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { KeyRing } from '../../../runtime/crypto/key-ring.ts';
import { createSigner } from '../../../runtime/crypto/signer.ts';
import type { EntryCodec } from '../../../runtime/entry/entry.ts';
import type { EntryCodecOptions } from '../../../runtime/envelope/entry-codec.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { rehash } from '../../runtime/envelope/forge.ts';
import {
  ada,
  facts,
  keyText,
  longAda,
  nowMs,
  personCodec,
  vectorCipher,
  vectorKey,
} from '../../runtime/envelope/samples.ts';
import { CANARY, finding, type FuzzTarget, type Verdict } from '../target.ts';

const signer = createSigner(new KeyRing(createSecretKey(Buffer.from(vectorKey, 'hex'))));
const values: readonly object[] = [
  { ...ada, name: CANARY },
  { ...longAda, name: `${CANARY} `.repeat(100) },
  { ...ada, name: CANARY, extra: new Map([[CANARY, [1n, undefined, -0]]]) },
];

function entryOf(codec: EntryCodec, value: unknown, tags: readonly string[] = []): Buffer {
  const encoded = codec.encode(keyText, value, { ...facts, tags });
  return encoded.ok ? Buffer.from(encoded.bytes) : finding('a seed cannot be stored');
}

function exact(codec: EntryCodec, input: Buffer): Verdict {
  const result = codec.decode(keyText, input, nowMs);
  if (!result.ok) return 'refused';
  return values.some((value) => isDeepStrictEqual(result.value, value))
    ? 'accepted'
    : finding('a changed entry was read as another value');
}

function whole(name: string, options: Partial<EntryCodecOptions>): FuzzTarget {
  const codec = personCodec({ maxSizeBytes: 2 ** 20, ...options });
  const tag = `t:${'A'.repeat(16)}`;
  const seeds = [...values.map((value) => entryOf(codec, value)), entryOf(codec, values[0], [tag, tag])];
  return { name: `entry: ${name}`, seeds, check: (input) => exact(codec, input) };
}

/** Header fields of any value under a right checksum: the times may differ, the value may not. */
function headers(): FuzzTarget {
  const codec = personCodec();
  const seeds = values.map((value) => entryOf(codec, value));
  const field = fc.tuple(fc.nat(95), fc.uint8Array({ minLength: 1, maxLength: 8 }));
  const made = fc
    .tuple(fc.constantFrom(...seeds), fc.array(field, { minLength: 1, maxLength: 4 }))
    .map(([seed, fields]) => {
      const copy = Buffer.from(seed);
      for (const [at, bytes] of fields) copy.set(bytes.subarray(0, 96 - at), at);
      return copy;
    });
  const check = (input: Buffer): Verdict => {
    // A body under a right checksum may be any value of the type: only the header is meant here.
    if (!seeds.some((seed) => input.subarray(96, -8).equals(seed.subarray(96, -8)))) return 'refused';
    return exact(codec, rehash(Buffer.from(input)));
  };
  return { name: 'entry: header with a right checksum', seeds, made, check };
}

export const entryTargets: readonly FuzzTarget[] = [
  whole('std', {}),
  whole('json', { serializer: 'json' }),
  whole('std, signed', { signer }),
  whole('std, sealed', { cipher: vectorCipher() }),
  whole('json, sealed', { serializer: 'json', cipher: vectorCipher() }),
  headers(),
];
