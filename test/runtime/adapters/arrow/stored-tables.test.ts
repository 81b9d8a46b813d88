// Functions that return tables, as the compiler emits them, through memory and a second tier.
import * as arrow from 'apache-arrow';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { tables } from '../../../../runtime/adapters/arrow/index.ts';
import type { ValueOps } from '../../../../runtime/contract/value-kit.ts';
import { cacheOf, configure, flush } from '../../../../runtime/index.ts';
import { inspectEntry } from '../../../../runtime/inspect/inspect-entry.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../../runtime/testing/index.ts';
import type { TypeShape } from '../../../../transformer/2-shape/type-shape.ts';
import { writeValue } from '../../../../transformer/5-generate/write-value.ts';
import { evaluate } from '../../../transformer/5-generate/evaluate.ts';
import { hashed } from '../../../transformer/host/ts6/types/arrow-signatures.ts';
import { oneNumber } from '../../site/hand-written.ts';
import { warmTier } from '../../site/warm-tier.ts';
import { columnNames, seen, tableOf } from './sample-tables.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

const never = new AbortController().signal;
const IMPORT = "import type { Table } from 'apache-arrow';";

/** The value functions that the compiler writes for a result type. */
function valueOf(type: string): { value: () => ValueOps; shape: TypeShape } {
  const { shape } = hashed(IMPORT, type);
  const text = writeValue(shape, [], ({ name }) => `module.${name}`);
  return { value: evaluate(`(module) => ${text}`)({ tables }) as () => ValueOps, shape }; // the text of such a function
}

it('a hit is a table like the one of the miss, of its own, from every tier', async () => {
  const backend = memoryBackend();
  configure({ backend });
  let runs = 0;
  const load = oneNumber(async () => (runs++, tableOf(...columnNames)), {
    value: valueOf('Table').value,
    serializer: 'arrow',
  });
  const missed = await load(1);
  const first = await load(1);
  first.getChild('floats')?.set(0, 5);
  const second = await load(1);
  await flush();
  configure({ backend }); // empties memory
  const stored = await load(1);
  expect(runs).toBe(1);
  for (const table of [second, stored]) expect(seen(table)).toEqual(seen(missed));
  const bytes = await backend.get(cacheOf(load).key(1), never);
  const report = await inspectEntry(bytes ?? new Uint8Array(), { nowMs: Date.now() });
  expect(report.header?.serializer).toBe('arrow');
});

it('tables stand inside results as well', async () => {
  configure({ backend: 'none' });
  const load = oneNumber(async (id) => ({ name: 'x', rows: id === 0 ? null : tableOf('texts') }), {
    value: valueOf('{ name: string; rows: Table | null }').value,
    serializer: 'auto',
  });
  expect((await load(0)).rows).toBe((await load(0)).rows);
  const [missed, hit] = [await load(1), await load(1)];
  expect(hit.rows).not.toBe(missed.rows);
  expect(seen(hit.rows ?? new arrow.Table())).toEqual(seen(tableOf('texts')));
  expect(cacheOf(load).stats()).toMatchObject({ hits: 2, misses: 2 });
});

it('what is no table, or cannot be stored, is returned, counted and not stored', async () => {
  configure({ backend: 'none' });
  const discards = recordEvents('cachekit:discard');
  const strange = Object.assign(tableOf('tiny'), { extra: 1 });
  const load = oneNumber(async () => strange, { value: valueOf('Table').value, serializer: 'arrow' });
  expect([await load(1), await load(1)]).toEqual([strange, strange]);
  expect(cacheOf(load).stats()).toMatchObject({ hits: 0, misses: 2 });
  expect(discards.events.map(({ reason }) => reason)).toEqual(['unstorable', 'unstorable']);
  discards.stop();
});

it('entries that somebody has changed are misses', async () => {
  const backend = memoryBackend();
  configure({ backend });
  let runs = 0;
  const load = oneNumber(async () => (runs++, tableOf('labels')), {
    value: valueOf('Table').value,
    serializer: 'arrow',
  });
  await load(1);
  await flush();
  const key = cacheOf(load).key(1);
  const bytes = Buffer.from((await backend.get(key, never)) ?? []);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
  await backend.set(key, bytes, 60_000, never);
  configure({ backend });
  await load(1);
  expect(runs).toBe(2);
});
