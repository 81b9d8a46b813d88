// `std`: MessagePack for results that every language has. Same bytes as `auto`; another id, so that neither reads the other's.
import { readMessagePack, writeMessagePack } from './message-pack.ts';
import type { WireFormat } from './serializer.ts';

export const stdFormat: WireFormat = { id: 'std', code: 1, write: writeMessagePack, read: readMessagePack };
