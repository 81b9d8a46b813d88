// Writes and reads the parts of a value as MessagePack: nil, booleans, numbers, strings, binary and arrays, without
// maps and extension types. Why writer and reader are our own: docs/decisions/0016-codec-without-a-tree.md.
import type { WireReader, WireWriter } from '../contract/wire.ts';
import { MessagePackReader } from './message-pack-reader.ts';
import { MessagePackWriter } from './message-pack-writer.ts';
import type { ReadParts } from './serializer.ts';

/**
 * The writer that is reused. Absent while in use, because writing can be nested: a class codec may call a cached
 * function, whose result is written meanwhile.
 */
let idle: MessagePackWriter | undefined = new MessagePackWriter();

/** Returns a view of memory that the next call reuses. The caller wipes it after use, because values can be secret. */
export function writeMessagePack(write: (to: WireWriter) => void): Buffer {
  const writer = idle ?? new MessagePackWriter();
  idle = undefined;
  try {
    writer.start();
    write(writer);
    return writer.written();
  } catch (error) {
    writer.wipe();
    throw error;
  } finally {
    idle = writer;
  }
}

/** @throws MalformedError or WireError unless the bytes are exactly what `writeMessagePack` makes, within the limits */
export function readMessagePack<T>(bytes: Buffer, read: (from: WireReader) => T): ReadParts<T> {
  const reader = new MessagePackReader(bytes);
  const value = read(reader);
  reader.finish();
  return { value, sizeBytes: reader.sizeBytes };
}
