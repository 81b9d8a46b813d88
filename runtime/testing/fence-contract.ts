// The contract for leases and locks of a backend. A store fences by leases, or by its log, in which case all leases
// are ''.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Backend } from '../backend/backend.ts';
import type { BeginAnswer, BeginRequest, FenceCapability, FillRequest } from '../backend/fence-capability.ts';
import type { AppendRequest, LogCapability } from '../backend/log-capability.ts';
import { bytes, ends, freshHex, freshKey, freshName, holds, MINUTE_MS, never } from './contract-case.ts';
import type { ContractCase } from './contract-case.ts';
import { appendOf, synced } from './log-requests.ts';

const LOCK_MS = 60;
const VALUE = bytes('value');

interface Fenced {
  readonly backend: Backend;
  readonly fence: FenceCapability;
  readonly key: string;
  readonly begin: (extra?: Partial<BeginRequest>) => Promise<BeginAnswer>;
  readonly fill: (lease: string, extra?: Partial<FillRequest>) => Promise<boolean>;
}

function fencedCase(name: string, check: (fenced: Fenced) => Promise<void>): ContractCase {
  return {
    name,
    async check(backend) {
      const { fence } = backend;
      if (fence === undefined) return;
      const key = freshKey();
      const lease = { leaseMs: MINUTE_MS, token: '', lockMs: LOCK_MS, rejected: undefined };
      await check({
        backend,
        fence,
        key,
        begin: (extra) => fence.begin({ key, nonce: freshHex(16), ...lease, ...extra }, never()),
        fill: (lease_, extra) =>
          fence.fill(
            { key, lease: lease_, value: VALUE, ttlMs: MINUTE_MS, token: '', born: 0, ageMs: 0, ...extra },
            never(),
          ),
      });
    },
  };
}

function leaseOf(answer: BeginAnswer): string {
  assert.notEqual(answer.kind, 'filled');
  return answer.kind === 'filled' ? '' : answer.lease;
}

/**
 * Checks something that lives for `lifeMs`. Tries again with twice the time if process or store were too slow to look
 * at it while it was alive.
 */
async function inTime<T>(lifeMs: number, look: (lifeMs: number) => Promise<() => T>): Promise<T> {
  for (let longerMs = lifeMs; ; longerMs *= 2) {
    const beganMs = performance.now();
    const judge = await look(longerMs);
    if (performance.now() - beganMs < longerMs) return judge();
  }
}

async function isLocked({ begin }: Fenced): Promise<boolean> {
  return (await begin({ token: freshHex(32) })).kind === 'locked';
}

/**
 * If there is a log, calls `check` with a position that has seen everything, and a function that invalidates the key.
 */
async function withLog(
  { backend, key }: Fenced,
  check: (born: number, invalidate: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const log: LogCapability | undefined = backend.log;
  if (log === undefined) return;
  const place = await synced(log, freshName());
  const request: AppendRequest = appendOf(place, key);
  await check(place.head, async () => {
    const answer = await log.appendKey({ ...request, recordId: freshHex(16) }, never());
    return answer.position;
  });
}

/** Cases for backends with a fence. */
export const FENCE_CASES: readonly ContractCase[] = [
  fencedCase(
    'fence: what begins is told to run, and its fill is stored',
    async ({ backend, key, begin, fill }) => {
      const answer = await begin();
      assert.equal(answer.kind, 'run');
      assert.equal(await fill(leaseOf(answer)), true);
      await holds(backend, key, VALUE);
    },
  ),
  fencedCase('fence: a fill lives as long as its ttl', async ({ backend, key, begin, fill }) => {
    assert.equal(await fill(leaseOf(await begin()), { ttlMs: 60 }), true);
    await pause(120);
    await holds(backend, key, undefined);
  }),
  fencedCase('fence: an entry that is there ends the wait, unless it is the rejected one', async (fenced) => {
    const { backend, key, begin } = fenced;
    await backend.set(key, VALUE, MINUTE_MS, never());
    const found = await begin({ rejected: bytes('other') });
    assert.deepEqual(found.kind === 'filled' ? [...found.value] : found.kind, [...VALUE]);
    assert.equal((await begin({ rejected: bytes('val') })).kind, 'run');
    assert.equal((await begin({ rejected: bytes('value and more') })).kind, 'filled');
  }),
  fencedCase('fence: no lease, no store', async ({ backend, key, begin, fill }) => {
    const lease = leaseOf(await begin());
    if (lease === '') return;
    assert.equal(await fill(freshHex(16)), false);
    await holds(backend, key, undefined);
    assert.equal(await fill(lease), true);
    assert.equal(await fill(lease, { value: bytes('again') }), false);
    await holds(backend, key, VALUE);
  }),
  fencedCase('fence: what stands beside an entry is stored with it, or not at all', async (fenced) => {
    const { backend, key, begin, fill } = fenced;
    const beside = { key: `${key}:s`, value: bytes('beside') };
    const lease = leaseOf(await begin());
    if (lease !== '') assert.equal(await fill(freshHex(16), { beside }), false);
    await holds(backend, beside.key, undefined);
    assert.equal(await fill(lease, { beside }), true);
    await holds(backend, key, VALUE);
    await holds(backend, beside.key, beside.value);
    const brief = freshKey();
    const besideBrief = { ...beside, key: `${brief}:s` };
    const another = leaseOf(await begin({ key: brief }));
    assert.equal(await fill(another, { key: brief, beside: besideBrief, ttlMs: 60 }), true);
    await pause(120);
    await holds(backend, besideBrief.key, undefined);
  }),
  fencedCase('fence: a lease is gone after its time', async ({ begin, fill }) => {
    const lease = leaseOf(await begin({ leaseMs: 40 }));
    await pause(90);
    if (lease !== '') assert.equal(await fill(lease), false);
  }),
  fencedCase('fence: all who begin share one lease', async ({ backend, key, begin, fill }) => {
    const [first, second] = [leaseOf(await begin()), leaseOf(await begin())];
    assert.equal(first, second);
    assert.equal(await fill(second), true);
    await holds(backend, key, VALUE);
  }),
  fencedCase(
    'fence: an invalidation deletes the entry, and what began before it is not stored',
    async (fenced) => {
      const { backend, key, begin, fill } = fenced;
      await withLog(fenced, async (born, invalidate) => {
        await backend.set(key, bytes('old'), MINUTE_MS, never());
        const before = leaseOf(await begin({ rejected: bytes('old') }));
        const position = await invalidate();
        await holds(backend, key, undefined);
        assert.equal(await fill(before, { born }), false);
        await holds(backend, key, undefined);
        const after = leaseOf(await begin());
        assert.equal(await fill(before === '' ? after : before, { born }), false);
        assert.equal(await fill(after, { born: position }), true);
        await holds(backend, key, VALUE);
      });
    },
  ),
  fencedCase('fence: an invalidation breaks no lease of another key', async (fenced) => {
    await withLog(fenced, async (born, invalidate) => {
      const [other, nonce] = [freshKey(), freshHex(16)];
      const lease = leaseOf(await fenced.begin({ key: other, nonce }));
      await invalidate();
      assert.equal(await fenced.fill(lease, { key: other, born }), true);
    });
  }),
  fencedCase('fence: a lock has one holder at a time', async (fenced) => {
    const mine = freshHex(32);
    assert.equal((await fenced.begin({ token: mine, lockMs: MINUTE_MS })).kind, 'run');
    assert.equal(await isLocked(fenced), true);
    await fenced.fence.release(fenced.key, freshHex(32), never());
    assert.equal(await isLocked(fenced), true, 'somebody else freed it');
    await fenced.fence.release(fenced.key, mine, never());
    assert.equal(await isLocked(fenced), false);
  }),
  fencedCase('fence: of many that begin at once one gets the lock', async ({ begin }) => {
    const all = Array.from({ length: 20 }, () => begin({ token: freshHex(32), lockMs: MINUTE_MS }));
    const kinds = (await Promise.all(all)).map((answer) => answer.kind);
    assert.equal(kinds.filter((kind) => kind === 'run').length, 1);
    assert.equal(kinds.filter((kind) => kind === 'locked').length, 19);
  }),
  fencedCase('fence: who asks for no lock neither waits for one nor takes it', async (fenced) => {
    assert.equal((await fenced.begin()).kind, 'run');
    assert.equal((await fenced.begin({ token: freshHex(32), lockMs: MINUTE_MS })).kind, 'run');
    assert.equal((await fenced.begin()).kind, 'run');
  }),
  fencedCase('fence: a fill frees its lock, stored or not, and no other', async (fenced) => {
    const [first, second] = [freshHex(32), freshHex(32)];
    const lease = leaseOf(await fenced.begin({ token: first, lockMs: MINUTE_MS }));
    await fenced.fill(lease, { token: second });
    const rejected = VALUE;
    const again = await fenced.begin({ token: second, lockMs: MINUTE_MS, rejected });
    assert.equal(again.kind, 'locked');
    await fenced.fill(lease, { token: first });
    assert.equal((await fenced.begin({ token: second, lockMs: MINUTE_MS, rejected })).kind, 'run');
  }),
  fencedCase('fence: a lock ends by itself, and not before', async (fenced) => {
    await inTime(LOCK_MS * 5, async (lockMs) => {
      const key = freshKey();
      assert.equal((await fenced.begin({ key, token: freshHex(32), lockMs })).kind, 'run');
      const { kind } = await fenced.begin({ key, token: freshHex(32) });
      return () => assert.equal(kind, 'locked', 'it ended too soon');
    });
    assert.equal((await fenced.begin({ token: freshHex(32), lockMs: LOCK_MS })).kind, 'run');
    await pause(2 * LOCK_MS);
    assert.equal(await isLocked(fenced), false);
  }),
  fencedCase('fence: its holder can keep a lock, nobody else can', async (fenced) => {
    const { fence, begin } = fenced;
    const [mine, theirs] = [freshHex(32), freshHex(32)];
    const key = await inTime(300, async (lockMs) => {
      const fresh = freshKey();
      await begin({ key: fresh, token: mine, lockMs });
      const ofOther = await fence.renew(fresh, theirs, MINUTE_MS, never());
      const ofHolder = await fence.renew(fresh, mine, MINUTE_MS, never());
      return () => {
        assert.deepEqual([ofOther, ofHolder], [false, true]);
        return fresh;
      };
    });
    await pause(400);
    assert.equal((await begin({ key, token: theirs })).kind, 'locked');
    assert.equal(await fence.renew(key, mine, 1, never()), true);
    await pause(50);
    assert.equal(await fence.renew(key, mine, MINUTE_MS, never()), false, 'it had ended');
  }),
  fencedCase('fence: replace needs the entry it expects', async ({ backend, fence, key }) => {
    const replace = (expected: string, value: string, ttlMs = MINUTE_MS): Promise<boolean> =>
      fence.replace({ key, expected: bytes(expected), value: bytes(value), ttlMs }, never());
    assert.equal(await replace('a', 'b'), false);
    await holds(backend, key, undefined);
    await backend.set(key, bytes('one'), MINUTE_MS, never());
    assert.equal(await replace('two', 'b'), false);
    assert.equal(await replace('one and more', 'b'), false);
    await holds(backend, key, bytes('one'));
    assert.equal(await replace('on', 'three'), true);
    await holds(backend, key, bytes('three'));
    assert.equal(await replace('three', 'four', 40), true);
    await pause(90);
    await holds(backend, key, undefined);
  }),
  fencedCase('fence: an operation whose signal is aborted ends', async ({ fence, key }) => {
    const aborted = AbortSignal.abort();
    const ended = Promise.allSettled([
      fence.renew(key, freshHex(32), LOCK_MS, aborted),
      fence.release(key, freshHex(32), aborted),
    ]);
    await ends(ended, 500, 'an aborted operation still waits');
  }),
];
