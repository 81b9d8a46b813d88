// `arrow`: for results that are a table of apache-arrow, which the codec of `cachekit/arrow` has turned into bytes.
// Same format as `auto`.
import { readMessagePack, writeMessagePack } from './message-pack.ts';
import type { WireFormat } from './serializer.ts';

/** Another id than `auto`, so that neither reads the other's entries. */
export const arrowFormat: WireFormat = {
  id: 'arrow',
  code: 4,
  write: writeMessagePack,
  read: readMessagePack,
};
