// `arrow`: results that are a table of apache-arrow. The codec of `cachekit/arrow` has made bytes of it; same form as `auto`.
import { readMessagePack, writeMessagePack } from './message-pack.ts';
import type { WireFormat } from './serializer.ts';

export const arrowFormat: WireFormat = {
  id: 'arrow',
  code: 4,
  write: writeMessagePack,
  read: readMessagePack,
};
