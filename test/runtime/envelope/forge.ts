// Frames as an attacker makes them who can write the store and knows everything but the master key.
import xxhash from 'xxhash-wasm';
import { personCodec, times } from './samples.ts';

const xxh = await xxhash();

interface ForgedFields {
  readonly compressed?: boolean;
  readonly tagged?: boolean;
  readonly serializer?: number;
  readonly rawSize?: number;
  readonly keyText?: string;
}

/** The header is right in everything that is not given, and so is the checksum. */
export function forgePlain(body: Uint8Array, fields: ForgedFields = {}): Buffer {
  const frame = Buffer.alloc(96 + body.length + 8);
  frame.write('c1434b46', 0, 'hex');
  frame[4] = 1;
  frame[5] = (fields.compressed === true ? 1 : 0) | (fields.tagged === true ? 4 : 0);
  frame[7] = fields.serializer ?? 1;
  frame.writeBigUInt64LE(BigInt(times.storedAtMs), 8);
  frame.writeBigUInt64LE(BigInt(times.softExpiryMs), 16);
  frame.writeBigUInt64LE(BigInt(times.hardExpiryMs), 24);
  frame.write('0123456789abcdef', 48, 'hex');
  const name = personCodec().storedKey(fields.keyText ?? '(7)');
  Buffer.from(name.slice(5, -1), 'base64url').copy(frame, 64, 0, 16);
  frame.writeUInt32LE(fields.rawSize ?? body.length, 80);
  frame.writeUInt32LE(body.length, 84);
  frame.set(body, 96);
  return rehash(frame);
}

/** Makes the checksum right again. */
export function rehash(frame: Buffer): Buffer {
  frame.writeBigUInt64LE(xxh.h64Raw(frame.subarray(0, -8)), frame.length - 8);
  return frame;
}

/** An LZ4 block of one literal and one endless match, behind the size it claims: `ratio` bytes for each of its own. */
export function lz4Bomb(sizeBytes: number, claimedBytes = sizeBytes): Buffer {
  const run = sizeBytes - 1 - 5 - 4 - 15;
  const block = [0x1f, 0x00, 0x01, 0x00, ...Array<number>(Math.floor(run / 255)).fill(255), run % 255];
  const bytes = Buffer.from([0, 0, 0, 0, ...block, 0x50, 0, 0, 0, 0, 0]);
  bytes.writeUInt32LE(claimedBytes, 0);
  return bytes;
}
