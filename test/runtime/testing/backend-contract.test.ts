// The contract is worth something only if it finds what is wrong: backends that break one rule each.
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../../runtime/backend/backend.ts';
import type { FenceCapability } from '../../../runtime/backend/fence-capability.ts';
import type { LogCapability } from '../../../runtime/backend/log-capability.ts';
import { memoryBackend } from '../../../runtime/backend/memory-backend.ts';
import { backendContract } from '../../../runtime/testing/backend-contract.ts';
import { syncOf } from '../../../runtime/testing/log-requests.ts';

/** The memory backend with other parts. */
function broken(
  change: (inner: Backend & { readonly fence: FenceCapability; readonly log: LogCapability }) => {
    readonly fence?: Partial<FenceCapability>;
    readonly log?: Partial<LogCapability>;
  },
): Backend {
  const inner = memoryBackend() as Parameters<typeof change>[0]; // the memory backend has both
  const { fence, log } = inner;
  const own = change(inner);
  return {
    ...inner,
    fence: {
      begin: (...args) => fence.begin(...args),
      fill: (...args) => fence.fill(...args),
      renew: (...args) => fence.renew(...args),
      release: (...args) => fence.release(...args),
      replace: (...args) => fence.replace(...args),
      ...own.fence,
    },
    log: {
      sync: (...args) => log.sync(...args),
      appendGroup: (...args) => log.appendGroup(...args),
      appendKey: (...args) => log.appendKey(...args),
      follow: (...args) => log.follow(...args),
      positions: (...args) => log.positions(...args),
      ...own.log,
    },
  };
}

async function findings(create: () => Backend): Promise<string[]> {
  const cases = backendContract(async () => create()).filter(({ name }) => /^(?:fence|log):/.test(name));
  const found = await Promise.all(
    cases.map(({ name, run }) =>
      run().then(
        () => undefined,
        () => name,
      ),
    ),
  );
  return found.filter((name) => name !== undefined);
}

const BROKEN: Record<string, () => Backend> = {
  'a fill without a look at the lease': () =>
    broken((inner) => ({
      fence: {
        fill: async ({ key, value, ttlMs }, signal) => (await inner.set(key, value, ttlMs, signal), true),
      },
    })),
  'an invalidation that leaves the lease': () =>
    broken((inner) => ({
      log: {
        appendKey: async (request, signal) => {
          await inner.delete(request.subject, signal);
          return inner.log.appendKey({ ...request, subject: `${request.subject}x` }, signal);
        },
      },
    })),
  'an invalidation that leaves the entry': () =>
    broken((inner) => ({
      log: {
        appendKey: async (request, signal) => {
          const value = await inner.get(request.subject, signal);
          const answer = await inner.log.appendKey(request, signal);
          if (value !== undefined) await inner.set(request.subject, value, 1000, signal);
          return answer;
        },
      },
    })),
  'a lease for each who begins': () =>
    broken(({ fence }) => ({
      fence: {
        begin: async (request, signal) => {
          const answer = await fence.begin(request, signal);
          return answer.kind === 'filled' ? answer : { ...answer, lease: request.nonce };
        },
      },
    })),
  'a begin that does not look for an entry': () =>
    broken(({ fence }) => ({
      fence: { begin: (request, signal) => fence.begin({ ...request, rejected: new Uint8Array() }, signal) },
    })),
  'a lock for everybody': () =>
    broken(({ fence }) => ({
      fence: { begin: (request, signal) => fence.begin({ ...request, token: '' }, signal) },
    })),
  'a lock without end': () =>
    broken(({ fence }) => ({
      fence: { begin: (request, signal) => fence.begin({ ...request, lockMs: 1e9 }, signal) },
    })),
  'a fill that keeps its lock': () =>
    broken(({ fence }) => ({
      fence: { fill: (request, signal) => fence.fill({ ...request, token: '' }, signal) },
    })),
  'a renewal that renews nothing': () => broken(() => ({ fence: { renew: async () => true } })),
  'a replacement without a comparison': () =>
    broken(({ fence }) => ({
      fence: {
        replace: (request, signal) => fence.replace({ ...request, expected: new Uint8Array() }, signal),
      },
    })),
  'positions of the clients': () =>
    broken(({ log }) => ({
      log: {
        appendGroup: async (request, signal) => ({
          ...(await log.appendGroup(request, signal)),
          position: request.head + 1,
        }),
      },
    })),
  'no predecessors': () =>
    broken(({ log }) => ({
      log: {
        follow: async (...args) => {
          const answer = await log.follow(...args);
          return { ...answer, records: answer.records.map((record) => ({ ...record, previous: 0 })) };
        },
      },
    })),
  'a sync that forgets the groups': () =>
    broken(({ log }) => ({
      log: { sync: async (...args) => ({ ...(await log.sync(...args)), groups: [] }) },
    })),
  'a sync that keeps an older registry': () =>
    broken(({ log }) => ({
      log: { sync: (request, signal) => log.sync({ ...request, inc: 0 }, signal) },
    })),
  'a head that is not raised': () =>
    broken(({ log }) => ({
      log: { sync: (request, signal) => log.sync({ ...request, head: 0 }, signal) },
    })),
  'no floor': () =>
    broken(({ log }) => ({
      log: { positions: async (...args) => ({ ...(await log.positions(...args)), floor: 0 }) },
    })),
  'a registry without a limit': () =>
    broken(({ log }) => ({
      log: {
        appendGroup: (request, signal) => log.appendGroup({ ...request, registryMax: 1e9 }, signal),
      },
    })),
  'a log that nobody wakes from': () =>
    broken(({ log }) => ({
      log: {
        follow: async (place, waitMs, signal) => {
          // Here and now: within any wait the next record may come.
          const isBehind = (log.syncNow?.(syncOf(place))?.head ?? 0) > place.head;
          if (isBehind) return log.follow(place, waitMs, signal);
          await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, 4000)));
          return log.follow(place, 1, signal);
        },
      },
    })),
  'a log that does not wait': () =>
    broken(({ log }) => ({
      log: { follow: (place, _, signal) => log.follow(place, 0, signal) },
    })),
  'one registry for all': () =>
    broken(({ log }) => ({
      log: {
        sync: (request, signal) => log.sync({ ...request, prefix: 'one' }, signal),
        appendGroup: (request, signal) => log.appendGroup({ ...request, prefix: 'one' }, signal),
        positions: (place, ids, signal) => log.positions({ ...place, prefix: 'one' }, ids, signal),
      },
    })),
};

test('the memory backend as it is, and one without these parts, hold', async () => {
  expect(await findings(() => broken(() => ({})))).toEqual([]);
  expect(
    await findings(() => {
      const { fence: _, log: __, ...plain } = memoryBackend();
      return plain;
    }),
  ).toEqual([]);
});

const AT_ONCE = 4;

describe('the contract finds', () => {
  // A group at a time: most of the time they wait, but a busy event loop would hide who does not.
  const names = Object.keys(BROKEN);
  const found = new Map<string, Promise<string[]>>();
  let before: Promise<unknown> = Promise.resolve();
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const group = before;
    for (const name of names.slice(at, at + AT_ONCE))
      found.set(
        name,
        group.then(() => findings(() => BROKEN[name]?.() ?? broken(() => ({})))),
      );
    before = Promise.all(found.values());
  }

  test.each(Object.keys(BROKEN))('%s', async (name) => {
    expect(await found.get(name)).not.toEqual([]);
  });
});
