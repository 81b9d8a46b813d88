import { describe, expect, it } from 'vitest';
import { hashed } from './arrow-signatures.ts';

const IMPORT = "import type { Float64, Int32, Table, Utf8 } from 'apache-arrow';";

describe('a table of apache-arrow', () => {
  it('is stored by the serializer of its own', () => {
    const { shape, serializer } = hashed(`${IMPORT}`, 'Table<{ id: Int32 }>');
    expect(shape).toMatchObject({
      kind: 'class',
      name: 'Table',
      wire: { kind: 'bytes', type: 'Uint8Array' },
      reach: { kind: 'module', from: 'cachekit/arrow', name: 'tables' },
    });
    expect(serializer).toEqual({ value: 'arrow', reason: 'a table of apache-arrow' });
  });

  it('is another type with other columns, however they are named', () => {
    const ids = hashed(IMPORT, 'Table<{ id: Int32 }>').hash;
    expect(hashed(`${IMPORT} type Ids = { id: Int32 };`, 'Table<Ids>').hash).toBe(ids);
    for (const other of [
      'Table<{ id: Float64 }>',
      'Table<{ key: Int32 }>',
      'Table<{ id: Int32; n: Utf8 }>',
      'Table',
    ])
      expect(hashed(IMPORT, other).hash).not.toBe(ids);
  });

  it('may stand inside a result, which is then stored by `auto`', () => {
    const { serializer } = hashed(IMPORT, '{ name: string; rows: Table<{ id: Int32 }> | null }');
    expect(serializer).toEqual({ value: 'auto', reason: 'class Table at .rows' });
  });

  it('is not any class of that name', () => {
    const { shape } = hashed('class Table { #rows = 1; rows(): number { return this.#rows; } }', 'Table');
    expect(shape).toMatchObject({ kind: 'unsupported', reason: 'class' });
  });
});
