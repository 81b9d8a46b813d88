// Faults of leases, locks and the log happen on cue, and to nothing else.
import { expect, test } from 'vitest';
import type { Backend } from '../../../runtime/backend/backend.ts';
import { memoryBackend } from '../../../runtime/backend/memory-backend.ts';
import { faultyBackend, type Fault } from '../../../runtime/testing/faulty-backend.ts';

const signal = new AbortController().signal;
const PLACE = { prefix: 'ck1', inc: 0, head: 0 };
const APPEND = { ...PLACE, spareInc: 7, recordId: 'r', subject: 'k', redone: false, registryMax: 9 };
const BEGIN = { key: 'k', nonce: 'lease', leaseMs: 9000, token: 't', lockMs: 9000, rejected: undefined };
const FILL = { key: 'k', lease: 'lease', ttlMs: 9000, token: 't', born: 0, ageMs: 0 };
const VALUE = Uint8Array.of(0, 0, 0);

const OPERATIONS: Record<string, Record<string, (backend: Backend) => Promise<unknown> | undefined>> = {
  lock: {
    begin: ({ fence }) => fence?.begin(BEGIN, signal),
    renew: ({ fence }) => fence?.renew('k', 't', 1000, signal),
    release: ({ fence }) => fence?.release('k', 't', signal),
  },
  fence: {
    fill: ({ fence }) => fence?.fill({ ...FILL, value: VALUE }, signal),
    replace: ({ fence }) => fence?.replace({ key: 'k', expected: VALUE, value: VALUE, ttlMs: 1 }, signal),
  },
  bus: {
    sync: ({ log }) => log?.sync(APPEND, signal),
    appendGroup: ({ log }) => log?.appendGroup(APPEND, signal),
    appendKey: ({ log }) => log?.appendKey(APPEND, signal),
    follow: ({ log }) => log?.follow(PLACE, 1, signal),
    positions: ({ log }) => log?.positions(PLACE, [], signal),
  },
};
const NAMES = Object.entries(OPERATIONS).flatMap(([operation, runs]) =>
  Object.entries(runs).map(([name, run]) => ({ operation, name, run })),
);

test.each(NAMES)('$name is $operation', async ({ operation, run }) => {
  const faults = ['get', 'set', 'delete', 'lock', 'fence', 'bus'] as const;
  const work = faults.map(async (fault) =>
    run(faultyBackend(memoryBackend(), [{ operation: fault, do: 'auth' }])),
  );
  const outcomes = await Promise.allSettled(work);
  const failed = faults.filter((_, at) => outcomes[at]?.status === 'rejected');
  expect(failed).toEqual([operation]);
});

test('values are corrupted on their way in and out', async () => {
  const both: Fault[] = [
    { operation: 'fence', do: 'corrupt' },
    { operation: 'lock', from: 2, do: 'corrupt' },
  ];
  const inner = memoryBackend();
  const backend = faultyBackend(inner, both);
  await backend.fence?.begin(BEGIN, signal);
  expect(await backend.fence?.fill({ ...FILL, value: VALUE }, signal)).toBe(true);
  expect(await inner.get('k', signal)).toEqual(Uint8Array.of(0, 1, 0));
  expect(await backend.fence?.begin(BEGIN, signal)).toEqual({ kind: 'filled', value: VALUE });
});

test('a backend without leases and log gets none', () => {
  const { fence: _, log: __, ...plain } = memoryBackend();
  expect(Object.keys(faultyBackend(plain, []))).not.toContain('fence');
  expect(Object.keys(faultyBackend(plain, []))).not.toContain('log');
});
