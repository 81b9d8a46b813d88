// What lies behind the checksum of a plain entry, which whoever writes the store can make right: any bytes are refused, or
// read as a value that is stored and read again as itself.
import fc from 'fast-check';
import type { EntryCodec } from '../../../runtime/entry/entry.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { forgePlain, lz4Bomb } from '../../runtime/envelope/forge.ts';
import { ada, facts, keyText, nowMs, personCodec } from '../../runtime/envelope/samples.ts';
import { malformedMessagePack } from '../../runtime/serializer/wires.ts';
import { checkValue } from '../realm.ts';
import { asJson, asMessagePack, taggedWire } from '../tagged-wires.ts';
import { CANARY, finding, type FuzzTarget, type Verdict } from '../target.ts';

const SERIALIZERS = { std: 1, auto: 2, json: 3 } as const;
const maxSizeBytes = 2 ** 20;
const person = { ...ada, name: CANARY };
const anything = {
  text: CANARY,
  list: [1, -0, NaN, 1.5, null, undefined, true, 2n ** 70n],
  map: new Map<unknown, unknown>([[new Date(5), new Set(['x'])]]),
  bytes: new Float64Array([1, 2]),
  url: new URL('https://example.com/?q=1'),
  bare: Object.assign(Object.create(null) as object, { a: 1 }),
};

/** Whatever it is, it is a value of the function's: stored and read again it stays the same. */
export function stable(codec: EntryCodec, entry: Buffer): Verdict {
  const result = codec.decode(keyText, entry, nowMs);
  if (!result.ok) return 'refused';
  checkValue(result.value);
  const again = codec.encode(keyText, result.value, facts);
  if (!again.ok) return finding('a value was read that cannot be stored');
  const read = codec.decode(keyText, Buffer.from(again.bytes), nowMs);
  if (!read.ok || !isDeepStrictEqual(read.value, result.value))
    finding('a value was read that does not come back');
  return 'accepted';
}

export function bodyOf(codec: EntryCodec, value: unknown): Buffer {
  const encoded = codec.encode(keyText, value, facts);
  return encoded.ok ? Buffer.from(encoded.bytes).subarray(96, -8) : finding('a seed cannot be stored');
}

const malformed = fc.constantFrom(
  ...malformedMessagePack.map(([, bytes]) => bytes).filter((b) => b.length < 1e5),
);

/** MessagePack of any kinds and lengths, right or wrong. */
const grammar = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        0xdc,
        0xdd,
        0xde,
        0xdf,
        0xd9,
        0xda,
        0xdb,
        0xc4,
        0xc5,
        0xc6,
        0xc7,
        0xc8,
        0xc9,
        0xd4,
        0xd8,
      ),
      fc.integer({ min: 0x80, max: 0x9f }),
      fc.integer({ min: 0xa0, max: 0xbf }),
      fc.nat(255),
    ),
    { maxLength: 200 },
  )
  .map((bytes) => Buffer.from(bytes));

function bodies(serializer: keyof typeof SERIALIZERS, tagged: boolean): FuzzTarget {
  const codec = personCodec({
    serializer,
    maxSizeBytes,
    compress: false,
    ...(tagged ? { value: undefined } : {}),
  });
  return {
    name: `body: ${serializer}, ${tagged ? 'tagged' : 'shaped'}`,
    seeds: tagged ? [bodyOf(codec, anything), bodyOf(codec, [person])] : [bodyOf(codec, person)],
    made: fc.oneof(
      { weight: 1, arbitrary: malformed },
      { weight: 1, arbitrary: grammar },
      { weight: 6, arbitrary: taggedWire.map(serializer === 'json' ? asJson : asMessagePack) },
    ),
    check: (input) => stable(codec, forgePlain(input, { tagged, serializer: SERIALIZERS[serializer] })),
  };
}

/** Four bytes for the size in the header, then the body: the size in front of the block, and the block. */
function compressed(): FuzzTarget {
  const claims = fc.option(fc.oneof(fc.nat(2 ** 20), fc.nat(2 ** 32 - 1)));
  const codec = personCodec({ value: undefined, maxSizeBytes });
  const long = codec.encode(keyText, { name: `${CANARY} `.repeat(200) }, facts);
  const seed = long.ok ? Buffer.from(long.bytes).subarray(96, -8) : finding('a seed cannot be stored');
  return {
    name: 'body: LZ4',
    seeds: [Buffer.concat([seed.subarray(0, 4), seed])],
    made: fc
      .tuple(fc.integer({ min: 100, max: 2 ** 18 }), claims, claims)
      .map(([size, inHeader, inFront]) => {
        const header = Buffer.alloc(4);
        header.writeUInt32LE(inHeader ?? size);
        return Buffer.concat([header, lz4Bomb(size, inFront ?? size)]);
      }),
    check: (input) => {
      if (input.length < 4) return 'refused';
      const fields = { compressed: true, tagged: true, rawSize: input.readUInt32LE(0) };
      return stable(codec, forgePlain(input.subarray(4), fields));
    },
  };
}

export const bodyTargets: readonly FuzzTarget[] = [
  bodies('std', false),
  bodies('std', true),
  bodies('auto', true),
  bodies('json', false),
  bodies('json', true),
  compressed(),
];
