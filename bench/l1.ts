// Hits in memory: a number argument, and an object argument of five fields.
import { bentocache, cacheable, layeredLoader } from './contestants/peers.ts';
import { lruFloor, mapFloor } from './contestants/floors.ts';
import type { Wrapping } from './contestants/contestant.ts';
import { interleave, loopOf, type Task } from './harness.ts';
import type { Scenario } from './report.ts';
import type { Subject } from './subject.ts';
import type { Query } from './subject/object-sites.ts';

const OURS = 'cachekit';
const PLAN = { rounds: Number(process.env['ROUNDS'] ?? 25), batchMs: 15, warmMs: 200 };
const contestants = [mapFloor, lruFloor, bentocache, cacheable, layeredLoader];
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
  return [
    await scenario('Memory hit, one number argument', 0.5, subject.numberSites, numbers, {
      name: 'number',
      run: async (id) => ({ id, name: `n${id}` }),
      key: (id) => `${id}`,
    }),
    await scenario(
      'Memory hit, object argument (5 fields, one an array of 3)',
      0.2,
      subject.objectSites,
      queries,
      {
        name: 'object',
        run: async (query) => ({ id: query.userId }),
        key: (query) => JSON.stringify(query),
      },
    ),
  ];
}

async function scenario<A, R>(
  title: string,
  target: number,
  sites: readonly ((argument: A) => Promise<R>)[],
  args: readonly A[],
  wrapping: Wrapping<A, R>,
): Promise<Scenario> {
  const tasks: Task[] = [];
  const closers: (() => Promise<void>)[] = [];
  for (const contestant of contestants) {
    const cache = await contestant.memory!(); // every contestant listed above has a memory tier
    closers.push(() => cache.close());
    const call = cache.wrap(wrapping);
    for (const argument of args) await call(argument);
    tasks.push({ name: contestant.name, batch: loopOf(call, args) });
  }
  for (const site of sites) for (const argument of [...args, ...args]) await site(argument);
  tasks.push({ name: OURS, batch: loopOf(sites[0]!, args) });
  const rows = await interleave(tasks, PLAN);
  for (const close of closers) await close();
  return { title, reference: mapFloor.name, ours: OURS, target, rows };
}
