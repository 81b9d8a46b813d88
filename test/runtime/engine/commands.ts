// What may happen to the world, as commands that fast-check puts in any order and takes away again.
import fc from 'fast-check';
import { KEYS, TTL_MS, type What, type World } from './world.ts';

type Model = Record<string, never>;
type Command = fc.AsyncCommand<Model, World>;

/** Always possible. */
function command(name: string, act: (world: World) => unknown): Command {
  return {
    check: () => true,
    async run(_, world) {
      await act(world);
    },
    toString: () => name,
  };
}

const key = fc.constantFrom(...KEYS);
const anybody = fc.nat(2);
const tier = fc.constantFrom('near' as const, 'far' as const);

const call = fc
  .tuple(anybody, key, tier)
  .map(([at, one, which]) => command(`P${at} calls ${which} ${one}`, (world) => world.call(at, one, which)));

/** Everybody asks for everything: the next invalidation has something to miss. */
const warm = fc.constant(
  command('all call', async (world) => {
    for (const at of world.processes.keys())
      for (const one of KEYS) for (const which of ['near', 'far'] as const) world.call(at, one, which);
    await world.clock.advance(70);
  }),
);

/** Many at once, of which the leader alone may run. */
const burst = fc.tuple(anybody, key).map(([at, one]) =>
  command(`P${at} calls near ${one} 20 times`, (world) => {
    for (let i = 0; i < 20; i++) world.call(at, one, 'near');
  }),
);

/** The third process only looks on: it may crash, and whoever invalidates has to live. */
const invalidate = fc
  .tuple(fc.nat(1), key, fc.constantFrom<What>('key', 'key', 'tag', 'tag', 'function', 'namespace'))
  .map(([at, one, what]) =>
    command(`P${at} invalidates ${what} ${one}`, (world) => world.invalidate(at, one, what)),
  );

const wait = fc
  .constantFrom(1, 3, 8, 20, 70, 300, 1500, 12_000)
  .map((ms) => command(`${ms} ms pass`, (world) => world.clock.advance(ms)));

/** Entries, leases and what is remembered of keys expire. */
const expire = fc
  .constantFrom(TTL_MS - 3000, TTL_MS + 1000, 130_000)
  .map((ms) => command(`${ms} ms pass`, (world) => world.clock.advance(ms)));

const change = key.map((one) => command(`the truth of ${one} changes`, (world) => world.change(one)));

const fail = fc
  .tuple(key, fc.boolean())
  .map(([one, isFailing]) =>
    command(`${one} ${isFailing ? 'fails' : 'works'}`, (world) => world.fail(one, isFailing)),
  );

const skew = fc
  .tuple(anybody, fc.constantFrom(-3_600_000, 0, 3_600_000))
  .map(([at, ms]) => command(`the wall clock of P${at} is ${ms} ms off`, (world) => world.skew(at, ms)));

const breakLink = anybody.map((at) =>
  command(`the link of P${at} breaks`, (world) => world.processes[at]?.backend.breakLink()),
);

const partition = fc
  .tuple(anybody, fc.boolean())
  .map(([at, isReachable]) =>
    command(`P${at} ${isReachable ? 'reaches the store' : 'is cut off'}`, (world) =>
      world.processes[at]?.backend.setReachable(isReachable),
    ),
  );

/** Longer than what it has may be served. */
const longCut = fc.tuple(anybody, fc.nat(1), key).map(([at, by, one]) =>
  command(`P${at} is cut off for long, P${by} invalidates ${one}`, async (world) => {
    world.processes[at]?.backend.setReachable(false);
    world.invalidate(by, one, 'key');
    await world.clock.advance(12_000);
    world.call(at, one, 'near');
  }),
);

const crash = fc.constant(command('P2 crashes', (world) => world.crash(2)));

const failOver = fc
  .tuple(fc.constantFrom('keys' as const, 'log' as const), fc.nat(3))
  .map(([over, writes]) =>
    command(`the server of the ${over} fails over, ${writes} writes lost`, (world) =>
      world.store.failOver(over, writes),
    ),
  );

/** Everybody holds it, it is invalidated, and the server that comes next does not know. */
const lostInvalidation = fc
  .tuple(
    fc.constantFrom('keys' as const, 'log' as const),
    fc.nat(1),
    key,
    fc.constantFrom<What>('key', 'tag'),
  )
  .map(([over, by, one, what]) =>
    command(`P${by} invalidates ${what} ${one}, and a failover of the ${over} loses it`, async (world) => {
      for (const at of world.processes.keys()) world.call(at, one, 'near');
      await world.clock.advance(70);
      world.invalidate(by, one, what);
      await world.clock.advance(60);
      world.store.failOver(over, 3);
    }),
  );

const evict = fc
  .tuple(fc.constantFrom('leases', 'entries', 'log', 'registry', 'everything'), key)
  .map(([what]) =>
    command(`${what} evicted`, ({ store }) => {
      if (what === 'leases') for (const name of store.keys()) store.evictLease(name);
      if (what === 'entries') for (const name of store.keys()) store.evictEntry(name);
      if (what === 'log') store.evictLog();
      if (what === 'registry') store.evictRegistry();
      if (what === 'everything') store.flush();
    }),
  );

/** A run that takes longer than it takes others to hear of an invalidation, and a caller who comes after that. */
const overtaken = fc.tuple(anybody, fc.nat(1), key).map(([at, by, one]) =>
  command(`P${at} runs ${one} slowly, P${by} invalidates it, P${at} calls it`, async (world) => {
    world.invalidate(at, one, 'key');
    await world.clock.advance(70);
    world.runSlowly(400);
    world.call(at, one, 'near');
    await world.clock.advance(40);
    world.invalidate(by, one, 'key');
    await world.clock.advance(250);
    world.call(at, one, 'near');
    await world.clock.advance(300);
  }),
);

/** A record is gone from the log before everybody has seen it, and another one comes. */
const trimmed = fc
  .tuple(fc.nat(1), key, key, fc.boolean(), fc.constantFrom(1, 3, 8, 20))
  .map(([by, one, other, isCut, ms]) =>
    command(
      `P${by} invalidates ${one}, ${isCut ? 'P2 is cut off, ' : ''}the log is trimmed`,
      async (world) => {
        const [, , onlooker] = world.processes;
        for (const at of world.processes.keys()) world.call(at, one, 'near');
        await world.clock.advance(100);
        if (isCut) onlooker?.backend.setReachable(false);
        world.invalidate(by, one, 'key');
        await world.clock.advance(ms);
        world.store.trimLog();
        world.invalidate(by, other, 'key');
        await world.clock.advance(isCut ? 60 : ms);
        world.store.trimLog();
        onlooker?.backend.setReachable(true);
        world.invalidate(by, other, 'key');
        await world.clock.advance(70);
      },
    ),
  );

const calls = [warm, warm, call, call, call, burst];
const healthy = [...calls, invalidate, invalidate, wait, wait, change, fail, skew, expire];
const network = [breakLink, partition, longCut, crash];
const losses = [failOver, lostInvalidation, evict];

/**
 * `slow`: and functions that are slow. `trimmed`: and a log that is short.
 * `healthy`: nothing but time, calls and invalidations. `network`: processes and messages too. `losses`: the store too.
 */
export const COMMANDS = {
  healthy,
  slow: [...healthy, overtaken, overtaken],
  trimmed: [...calls, invalidate, wait, wait, trimmed, trimmed, trimmed],
  network: [...healthy, ...network],
  losses: [...healthy, ...network, ...losses],
} as const satisfies Record<string, readonly fc.Arbitrary<Command>[]>;
