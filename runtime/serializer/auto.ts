// `auto`: MessagePack for results with JavaScript types (Date, Map, Set, bigint, typed arrays): the codec has made Wire of them.
import { readMessagePack, writeMessagePack } from './message-pack.ts';
import type { WireFormat } from './serializer.ts';

export const autoFormat: WireFormat = { id: 'auto', code: 2, write: writeMessagePack, read: readMessagePack };
