// Rows 18 to 20 and 34: several servers, and many processes.
import { setTimeout as pause } from 'node:timers/promises';
import type { RedisCluster } from '../../helpers/redis-cluster.ts';
import type { RedisServer } from '../../helpers/redis-server.ts';
import type { LoadProcess } from './load-process.ts';
import type { Row } from './run-row.ts';
import { onCluster, onSentinel, onServer } from './scenes.ts';

/** What a failover lost is invalidated again within 5 s, by whoever saw it; until the new master is there nothing can be. */
const FAILOVER = { staleMs: 8000, backMs: 8000 };
const none = (): void => undefined;

let hurtServer: RedisServer | undefined;

export const fleetRows: readonly Row[] = [
  {
    id: '18a',
    name: 'Sentinel: planned failover',
    made: 'SENTINEL FAILOVER',
    stage: onSentinel({ hurt: (set) => set.failover(), heal: none }),
    faultMs: 500,
    bounds: FAILOVER,
  },
  {
    id: '18b',
    name: 'Sentinel: the master is killed',
    made: 'SIGKILL of the master',
    stage: onSentinel({ hurt: async (set) => (await set.master()).sigkill(), heal: none }),
    bounds: FAILOVER,
  },
  {
    id: '18c',
    name: 'Sentinel: the master stands still',
    made: 'SIGSTOP of the master, SIGCONT after the failover',
    stage: onSentinel({
      async hurt(set) {
        hurtServer = await set.master();
        hurtServer.stop();
      },
      heal: () => hurtServer?.cont(),
    }),
    faultMs: 4000,
    bounds: { ...FAILOVER, staleMs: 10_000 },
  },
  {
    id: '19a',
    name: 'Cluster: a master is killed',
    made: 'SIGKILL of the master that has a replica',
    stage: onCluster({ hurt: (cluster) => first(cluster).sigkill(), heal: none }),
    faultMs: 2000,
    bounds: FAILOVER,
  },
  {
    id: '19b',
    name: 'Cluster: a master stands still',
    made: 'SIGSTOP of the master that has a replica, SIGCONT',
    stage: onCluster({
      hurt: (cluster) => first(cluster).stop(),
      heal: (cluster) => first(cluster).cont(),
    }),
    faultMs: 4000,
    bounds: { ...FAILOVER, staleMs: 10_000 },
  },
  {
    id: '19c',
    name: 'Cluster: the majority is away',
    made: 'SIGSTOP of two of three masters, SIGCONT',
    stage: onCluster({
      hurt: ({ masters }) => masters.slice(1).map((one) => one.stop()),
      heal: ({ masters }) => masters.slice(1).map((one) => one.cont()),
    }),
    faultMs: 3000,
    bounds: { staleMs: 8000, backMs: 8000 },
  },
  {
    id: '20',
    name: 'Cluster: slots move, also that of the log',
    made: 'SETSLOT and MIGRATE under load',
    stage: onCluster({ hurt: moveSlots, heal: none }),
    faultMs: 200,
  },
  {
    id: '34',
    name: '16 processes, 10 of them killed at random',
    made: 'SIGKILL, one each 150 ms',
    stage: onServer({ hurt: (_, processes) => killSome(processes), heal: none }, [], 16),
    load: { tickMs: 60, writeEveryMs: 200, keys: 48 },
    faultMs: 200,
  },
];

const first = ({ masters }: RedisCluster): RedisServer => masters[0]!; // of three

async function moveSlots(cluster: RedisCluster): Promise<void> {
  const [from, to] = [first(cluster), cluster.masters[1]!]; // of three
  const reply = await from.command('KEYS', 'chaos:{*}');
  const keys = reply.split('\r\n').filter((line) => line.startsWith('chaos:'));
  for (const key of [...keys.slice(0, 5), 'chaos:{r}:g']) {
    const slot = Number((await from.command('CLUSTER', 'KEYSLOT', key)).slice(1));
    const target = cluster.ownerOf(slot) === to ? from : to;
    await cluster.moveSlot(slot, target, () => pause(40));
  }
}

async function killSome(processes: readonly LoadProcess[]): Promise<void> {
  for (const one of [...processes].sort(() => Math.random() - 0.5).slice(0, 10)) {
    await one.kill();
    await pause(150);
  }
}
