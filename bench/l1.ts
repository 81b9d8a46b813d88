// Hits in memory: a number argument, an object argument of five fields, and values of 10 KB.
import type { Contestant, Wrapping } from './contestants/contestant.ts';
import { cloneFloor, lruFloor, mapFloor } from './contestants/floors.ts';
import { bentocache, cacheable, layeredLoader } from './contestants/peers.ts';
import { interleave, loopOf, type Task } from './harness.ts';
import type { Scenario, Target } from './report.ts';
import type { Subject } from './subject.ts';
import type { Query } from './subject/object-sites.ts';

const OURS = 'cachekit';
const PLAN = { rounds: Number(process.env['ROUNDS'] ?? 25), batchMs: 15, warmMs: 200 };
/**
 * With `byReference`, all callers get the same object and see each other's changes to it; with `isolated` they do not.
 */
const byReference = [mapFloor, lruFloor, layeredLoader] as const;
const isolated = [bentocache, cacheable] as const;
const numbers = Array.from({ length: 100 }, (_, i) => i + 1);
const queries: readonly Query[] = numbers.map((userId) => ({
  tenant: 'acme',
  userId,
  locale: 'en-US',
  page: 3,
  filters: ['active', 'paid', `t${userId}`],
}));

export async function l1(subject: Subject): Promise<Scenario[]> {
  subject.configure({ backend: 'none' });
  const { numberSites, objectSites, changeable10k, readonly10k, makeOrder } = subject;
  const large = { run: async (id: number) => makeOrder(id, 10_240), key: (id: number) => `${id}` };
  return [
    await scenario({
      title: 'Memory hit, one number argument',
      target: { ratio: 0.5 },
      sites: numberSites,
      args: numbers,
      wrapping: { name: 'number', run: async (id) => ({ id, name: `n${id}` }), key: (id) => `${id}` },
      contestants: [...byReference, ...isolated],
    }),
    await scenario({
      title: 'Memory hit, object argument (5 fields, one an array of 3)',
      target: { ratio: 0.2 },
      sites: objectSites,
      args: queries,
      wrapping: {
        name: 'object',
        run: async (query) => ({ id: query.userId }),
        key: (query) => JSON.stringify(query),
      },
      contestants: [...byReference, ...isolated],
    }),
    await scenario({
      title: 'Memory hit, 10 KB that callers may change: a copy for each',
      target: { most: 3_000 },
      sites: [changeable10k],
      args: numbers,
      wrapping: { name: 'changeable', ...large },
      contestants: [cloneFloor, ...isolated],
    }),
    await scenario({
      title: 'Memory hit, 10 KB that nobody can change',
      target: { most: 150 },
      sites: [readonly10k],
      args: numbers,
      wrapping: { name: 'readonly', ...large },
      contestants: [...byReference, ...isolated],
    }),
  ];
}

interface Plan<A, R> {
  readonly title: string;
  readonly target: Target;
  readonly sites: readonly ((argument: A) => Promise<unknown>)[];
  readonly args: readonly A[];
  readonly wrapping: Wrapping<A, R>;
  /** The first is the reference of the ratios. */
  readonly contestants: readonly [Contestant, ...Contestant[]];
}

async function scenario<A, R>(plan: Plan<A, R>): Promise<Scenario> {
  const { title, target, sites, args, contestants } = plan;
  const tasks: Task[] = [];
  const closers: (() => Promise<void>)[] = [];
  for (const contestant of contestants) {
    const cache = await contestant.memory!(); // every contestant listed above has a memory tier
    closers.push(() => cache.close());
    const call = cache.wrap(plan.wrapping);
    for (const argument of args) await call(argument);
    tasks.push({ name: contestant.name, batch: loopOf(call, args) });
  }
  for (const site of sites) for (const argument of [...args, ...args]) await site(argument);
  tasks.push({ name: OURS, batch: loopOf(sites[0]!, args) }); // there is at least one
  const rows = await interleave(tasks, PLAN);
  for (const close of closers) await close();
  return { title, reference: contestants[0].name, targets: { [OURS]: target }, rows };
}
