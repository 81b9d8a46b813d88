// `cachekit/arrow`: results that are tables of apache-arrow. Compiled files import it where a function returns one.
import { Table } from 'apache-arrow';
import type { Serializer } from '../../serializer/serializer.ts';
import type { ClassCodec } from '../../value/class-codec.ts';
import { tableFromBytes, tableToBytes } from './table-bytes.ts';

/** How generated code stores tables, wherever in a result they are. The compiler names it. */
export const tables: ClassCodec<Table> = {
  type: Table,
  codec: { id: 'apache-arrow/Table/1', encode: tableToBytes, decode: tableFromBytes },
};

/** For `cached(fn, { serializer: arrow })`, and for programs that keep tables by themselves. */
export const arrow: Serializer = {
  id: 'cachekit/arrow',
  serialize: tableToBytes,
  deserialize: tableFromBytes,
};
