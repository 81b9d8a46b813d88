// `auto`: MessagePack for results with JavaScript types (Date, Map, Set, bigint, typed arrays), which the codec has
// turned into Wire.
import { readMessagePack, writeMessagePack } from './message-pack.ts';
import type { WireFormat } from './serializer.ts';

/** The format. */
export const autoFormat: WireFormat = { id: 'auto', code: 2, write: writeMessagePack, read: readMessagePack };
