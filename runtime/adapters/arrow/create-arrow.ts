// Makes the exports of `cachekit/arrow` for one of the two builds of apache-arrow.
import type { Table } from 'apache-arrow';
import type { Serializer } from '../../serializer/serializer.ts';
import type { ClassCodec } from '../../value/class-codec.ts';
import type { ArrowBuild } from './arrow-build.ts';
import { createTableBytes } from './table-bytes.ts';

interface ArrowExports {
  readonly tables: ClassCodec<Table>;
  readonly arrow: Serializer;
}

/** The codec that generated code uses, and the serializer for `cached(fn, { serializer })`. */
export function createArrow(build: ArrowBuild): ArrowExports {
  const { tableToBytes, tableFromBytes } = createTableBytes(build);
  return {
    tables: {
      type: build.Table,
      codec: { id: 'apache-arrow/Table/1', encode: tableToBytes, decode: tableFromBytes },
    },
    arrow: { id: 'cachekit/arrow', serialize: tableToBytes, deserialize: tableFromBytes },
  };
}
