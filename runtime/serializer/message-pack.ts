// MessagePack over the parts of a value: nil, booleans, numbers, strings, binary and arrays; no maps, no extension types.
// Writer and reader are our own (docs/decisions/0016-codec-without-a-tree.md).
import type { WireReader, WireWriter } from '../contract/wire.ts';
import { MessagePackReader } from './message-pack-reader.ts';
import { MessagePackWriter } from './message-pack-writer.ts';
import type { ReadParts } from './serializer.ts';

/** Absent while it is in use: writing a value can call a class codec, and that one a function whose result is stored. */
let idle: MessagePackWriter | undefined = new MessagePackWriter();

/** A view of memory that the next call uses again: whoever is done with it fills it with zeros, since values can be secret. */
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

/** @throws MalformedError or WireError unless the bytes are exactly what was written, within the limits. */
export function readMessagePack<T>(bytes: Buffer, read: (from: WireReader) => T): ReadParts<T> {
  const reader = new MessagePackReader(bytes);
  const value = read(reader);
  reader.finish();
  return { value, sizeBytes: reader.sizeBytes };
}
