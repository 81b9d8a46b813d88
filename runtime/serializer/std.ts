// `std`: MessagePack for results of types that every language has. Same format as `auto`.
import { readMessagePack, writeMessagePack } from './message-pack.ts';
import type { WireFormat } from './serializer.ts';

/** Another id than `auto`, so that neither reads the other's entries. */
export const stdFormat: WireFormat = { id: 'std', code: 1, write: writeMessagePack, read: readMessagePack };
