// What we write is understood by a reader that knows the page of the specification and nothing of our code.
import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { cacheOf, configure, flush } from '../../../runtime/index.ts';
import { encodeInterop, float64 } from '../../../runtime/interop/index.ts';
import { interopKeys } from '../../../runtime/interop/interop-keys.ts';
import { sealInterop } from '../../../runtime/interop/seal-interop.ts';
import { manualClock, memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { oneNumber } from '../site/hand-written.ts';
import { warmTier } from '../site/warm-tier.ts';
import { modelValue } from './interop-values.ts';
import { openDocument, readBeside, readDocument, Refused } from './spec-reader.ts';
import { unhex, vectors } from './vectors.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

it('reads every value that we write', () => {
  fc.assert(
    fc.property(modelValue, (value) => {
      expect(isDeepStrictEqual(readDocument(encodeInterop(value)), value)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(readDocument(encodeInterop([float64(2), 2]))).toEqual([2, 2]);
});

it('refuses what the page refuses', () => {
  expect(vectors.refused.length).toBeGreaterThan(10);
  for (const { bytes } of vectors.refused) expect(() => readDocument(unhex(bytes))).toThrow(Refused);
});

it('opens what we encrypt, under its key and for its tenant only', () => {
  const master = Buffer.alloc(32, 5);
  const plain = encodeInterop({ a: 1 });
  const stored = sealInterop(interopKeys(createSecretKey(master), [], 'acme'), 'n:op:00', plain);
  expect(openDocument(stored, 'n:op:00', master, 'acme')).toEqual(Buffer.from(plain));
  expect(() => openDocument(stored, 'n:op:01', master, 'acme')).toThrow(/authenticate/);
  expect(() => openDocument(stored, 'n:op:00', master)).toThrow(/authenticate/);
});

it('reads what a function with interop has stored, and the record beside it', async () => {
  const backend = memoryBackend();
  configure({ backend, clock: manualClock() });
  const settings = { namespace: 'users', interop: 'get_user', jitter: 0, ttlMs: 60_000 } as const;
  const load = oneNumber(async (id) => ({ id, tags: ['a'] }), { settings });
  await load(7);
  await flush();
  const never = new AbortController().signal;
  const key = cacheOf(load).key(7);
  const entry = (await backend.get(key, never)) ?? new Uint8Array();
  expect(readDocument(entry)).toEqual({ id: 7, tags: ['a'] });
  const beside = (await backend.get(`ck1:s:{${key}}`, never)) ?? new Uint8Array();
  const record = readBeside(beside, entry);
  expect(record.hardExpiryMs - record.storedAtMs).toBe(60_000);
});

it('is short, and imports nothing of ours', () => {
  const text = readFileSync(new URL('spec-reader.ts', import.meta.url), 'utf8');
  expect(text.split('\n').length).toBeLessThanOrEqual(200);
  expect(text.match(/from '(?!node:)/g)).toBeNull();
});
