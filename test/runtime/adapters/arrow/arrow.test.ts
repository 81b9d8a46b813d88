import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrow as serializer } from '../../../../runtime/adapters/arrow/index.ts';
import { writeMessagePack } from '../../../../runtime/serializer/message-pack.ts';
import { fastestMs } from '../../serializer/wires.ts';
import { columnNames, seen, tableOf, variousTables } from './sample-tables.ts';

const serialize = (table: unknown): Uint8Array => serializer.serialize(table);
const deserialize = (bytes: Uint8Array): unknown => serializer.deserialize(bytes);
const roundTrip = (table: arrow.Table): arrow.Table => deserialize(serialize(table)) as arrow.Table; // as it promises

describe('tables of apache-arrow', () => {
  it.each(variousTables())('come back as they were: %s', (_name, table) => {
    const back = roundTrip(table);
    expect(back).toBeInstanceOf(arrow.Table);
    expect(seen(back)).toEqual(seen(table));
    expect(Buffer.from(serialize(back))).toEqual(Buffer.from(serialize(table)));
  });

  it('share no memory with what they were made of', () => {
    const numbers = Int32Array.of(1, 2, 3);
    const back = roundTrip(arrow.tableFromArrays({ numbers }));
    const again = roundTrip(back);
    numbers[0] = 9;
    back.getChild('numbers')?.set(1, 8);
    expect([...(again.getChild('numbers') ?? [])]).toEqual([1, 2, 3]);
  });

  it('keep one dictionary that many columns and batches use', () => {
    const labels = arrow.vectorFromArray(
      ['red', 'green'],
      new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
    );
    const back = roundTrip(
      new arrow.Table({ a: labels, b: labels }).concat(new arrow.Table({ a: labels, b: labels })),
    );
    const used = back.data.flatMap(({ children }) => children.map(({ dictionary }) => dictionary));
    expect(used).toHaveLength(4);
    expect(new Set(used).size).toBe(1);
  });

  it.each<[string, () => unknown]>([
    ['no table', () => ({ numbers: [1] })],
    ['a table with a further property', () => Object.assign(tableOf('tiny'), { extra: 1 })],
    ['a table of a subclass', () => new (class extends arrow.Table {})()],
    ['a record batch', () => tableOf('tiny').batches[0]],
    [
      'a column of a type that is not supported',
      () => new arrow.Table({ a: arrow.vectorFromArray(['a'], new arrow.Utf8View()) }),
    ],
  ])('are not stored otherwise: %s', (_name, make) => {
    const value = make();
    expect(() => serialize(value)).toThrow('Not a table, or one that cannot be stored');
  });
});

describe('hostile bytes', () => {
  /** Refused, or a table whose every cell can be read. */
  const rightOrRefused = (bytes: Uint8Array): boolean => {
    let table: arrow.Table;
    try {
      table = deserialize(bytes) as arrow.Table; // as it promises
    } catch {
      return true;
    }
    try {
      seen(table);
    } catch (error) {
      // Arrow's own answer for an instant that is beyond JavaScript's numbers, whoever made the table.
      return error instanceof TypeError && error.message.endsWith('is not safe to convert to a number.');
    }
    return true;
  };

  it.each(columnNames)('are refused, or a table that can be read: %s', (name) => {
    const stored = serialize(tableOf(name));
    for (let at = 0; at < stored.length; at++) {
      for (const bit of [0, 3, 7]) {
        const changed = Uint8Array.from(stored);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(rightOrRefused(changed)).toBe(true);
      }
    }
    for (let length = 0; length < stored.length; length++)
      expect(() => deserialize(stored.subarray(0, length))).toThrow(/^Malformed|^Not a table/);
  });

  it('take little time, whatever they are', () => {
    const stored = serialize(tableOf('texts', 'labels', 'lists'));
    fc.assert(
      fc.property(fc.nat(stored.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, bytes) => {
        const changed = Uint8Array.from(stored);
        changed.set(bytes.subarray(0, stored.length - at), at);
        expect(rightOrRefused(changed)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('claim no more rows than they bring memory for', () => {
    const claimed = (rows: number): Uint8Array => {
      const column = [rows, 0, null, null, null, [], null];
      const batch = [[], [rows, 0, null, null, null, [column], null]];
      const schema = [4, [], [['nothing', true, [], ['Null']]]];
      return Uint8Array.from(writeMessagePack((to) => to.wire([1, schema, [], [batch]])));
    };
    expect((deserialize(claimed(1_000_000)) as arrow.Table).numRows).toBe(1_000_000); // as it promises
    for (const rows of [1_000_001, 2 ** 32, 2 ** 53, -1, 0.5]) {
      expect(() => deserialize(claimed(rows))).toThrow('Not a table');
      expect(fastestMs(() => rightOrRefused(claimed(rows)))).toBeLessThan(50);
    }
    const floats = arrow.makeData({ type: new arrow.Float64(), length: 1000, data: new Float64Array(2) });
    const short = new arrow.Table({ floats: new arrow.Vector([floats]) });
    expect(() => deserialize(serialize(short))).toThrow('Not a table');
  });
});
