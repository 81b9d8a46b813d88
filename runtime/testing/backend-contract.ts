// The contract of every backend, as a list of test cases for any test runner.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Backend } from '../backend/backend.ts';
import { bytes, ends, freshKey, holds, MINUTE_MS, never, type ContractCase } from './contract-case.ts';
import { FENCE_CASES } from './fence-contract.ts';
import { LOG_CASES } from './log-contract.ts';

const ENTRY_CASES: readonly ContractCase[] = [
  {
    name: 'an absent key is undefined',
    check: (backend) => holds(backend, freshKey(), undefined),
  },
  {
    name: 'every byte comes back as it went in',
    async check(backend) {
      const key = freshKey();
      const value = Uint8Array.from({ length: 512 }, (_, i) => i & 0xff);
      await backend.set(key, value, MINUTE_MS, never());
      await holds(backend, key, value);
    },
  },
  {
    name: 'an empty value is a value',
    async check(backend) {
      const key = freshKey();
      await backend.set(key, new Uint8Array(0), MINUTE_MS, never());
      await holds(backend, key, new Uint8Array(0));
    },
  },
  {
    name: 'a megabyte comes back',
    async check(backend) {
      const key = freshKey();
      const value = Uint8Array.from({ length: 1024 ** 2 }, (_, i) => (i * 31) & 0xff);
      await backend.set(key, value, MINUTE_MS, never());
      const found = await backend.get(key, never());
      assert.ok(found !== undefined && Buffer.compare(found, value) === 0);
    },
  },
  {
    name: 'a slice of a larger buffer is stored without its surroundings',
    async check(backend) {
      const key = freshKey();
      await backend.set(key, bytes('xxvaluexx').subarray(2, 7), MINUTE_MS, never());
      await holds(backend, key, bytes('value'));
    },
  },
  {
    name: 'a later write replaces value and ttl',
    async check(backend) {
      const key = freshKey();
      await backend.set(key, bytes('first'), 40, never());
      await backend.set(key, bytes('second'), MINUTE_MS, never());
      await pause(80);
      await holds(backend, key, bytes('second'));
    },
  },
  {
    name: 'an entry is gone after its ttl, and not before',
    async check(backend) {
      const [brief, long] = [freshKey('a'), freshKey('b')];
      await backend.set(long, bytes('long'), MINUTE_MS, never());
      await backend.set(brief, bytes('brief'), 60, never());
      await pause(120);
      await holds(backend, brief, undefined);
      await holds(backend, long, bytes('long'));
    },
  },
  {
    name: 'a ttl that is not whole is accepted',
    async check(backend) {
      const key = freshKey();
      await backend.set(key, bytes('v'), MINUTE_MS + 0.25, never());
      await holds(backend, key, bytes('v'));
    },
  },
  {
    name: 'delete removes one key and no other, and may be repeated',
    async check(backend) {
      const [gone, kept] = [freshKey('a'), freshKey('b')];
      await backend.set(gone, bytes('1'), MINUTE_MS, never());
      await backend.set(kept, bytes('2'), MINUTE_MS, never());
      await backend.delete(gone, never());
      await backend.delete(gone, never());
      await holds(backend, gone, undefined);
      await holds(backend, kept, bytes('2'));
    },
  },
  {
    name: 'keys are compared character by character',
    async check(backend) {
      const base = freshKey();
      const keys = [
        base,
        `${base} `,
        `${base}:`,
        `${base}*`,
        `${base}\n`,
        `${base}é`,
        `${base}e\u0301`,
        base.toUpperCase(),
      ];
      await Promise.all(keys.map((key, i) => backend.set(key, Uint8Array.of(i), MINUTE_MS, never())));
      for (const [i, key] of keys.entries()) await holds(backend, key, Uint8Array.of(i));
    },
  },
  {
    name: 'a caller that changes its bytes changes no entry',
    async check(backend) {
      const key = freshKey();
      const mine = bytes('value');
      await backend.set(key, mine, MINUTE_MS, never());
      mine.fill(0);
      const found = await backend.get(key, never());
      assert.ok(found !== undefined);
      found.fill(1);
      await holds(backend, key, bytes('value'));
    },
  },
  {
    name: 'a hundred operations at once do not mix',
    async check(backend) {
      const keys = Array.from({ length: 100 }, (_, i) => freshKey(String(i)));
      await Promise.all(keys.map((key, i) => backend.set(key, bytes(`value ${i}`), MINUTE_MS, never())));
      await Promise.all(keys.map((key, i) => holds(backend, key, bytes(`value ${i}`))));
    },
  },
  {
    name: 'an operation whose signal is aborted ends',
    async check(backend) {
      const ended = Promise.allSettled([
        backend.get(freshKey(), AbortSignal.abort()),
        backend.set(freshKey(), bytes('v'), MINUTE_MS, AbortSignal.abort()),
        backend.delete(freshKey(), AbortSignal.abort()),
      ]);
      await ends(ended, 500, 'an aborted operation still waits');
    },
  },
  {
    name: 'synchronous reads see synchronous and asynchronous writes',
    async check(backend) {
      if (backend.sync === undefined) return;
      const [one, other] = [freshKey('a'), freshKey('b')];
      backend.sync.set(one, bytes('sync'), MINUTE_MS);
      assert.deepEqual([...(backend.sync.get(one) ?? [])], [...bytes('sync')]);
      await holds(backend, one, bytes('sync'));
      await backend.set(other, bytes('async'), MINUTE_MS, never());
      assert.deepEqual([...(backend.sync.get(other) ?? [])], [...bytes('async')]);
      assert.equal(backend.sync.get(freshKey()), undefined);
    },
  },
  {
    name: 'ping answers',
    async check(backend) {
      await backend.ping?.(never());
    },
  },
  {
    name: 'close ends within a second and may be repeated',
    async check(backend) {
      await backend.set(freshKey(), bytes('v'), MINUTE_MS, never());
      const closed = (async () => {
        await backend.close?.();
        await backend.close?.();
      })();
      await ends(closed, 1000, 'close took longer than a second');
    },
  },
];

/** All cases. Those for a fence or a log check nothing if the backend has none. */
const CASES = [...ENTRY_CASES, ...FENCE_CASES, ...LOG_CASES];

/**
 * The cases as tests. Each creates its own backend and closes it. `run` rejects with an AssertionError if the backend
 * breaks the contract.
 * @example for (const { name, run } of backendContract(async () => myBackend())) test(name, run);
 */
export function backendContract(
  create: () => Promise<Backend>,
): { readonly name: string; readonly run: () => Promise<void> }[] {
  return CASES.map(({ name, check }) => ({
    name,
    async run() {
      const backend = await create();
      try {
        await check(backend);
      } finally {
        await backend.close?.();
      }
    },
  }));
}
