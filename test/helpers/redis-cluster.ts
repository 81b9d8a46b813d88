// A Redis Cluster of our own: three masters, and one replica of the first.
import { freePort, startRedisServer, until, type RedisServer } from './redis-server.ts';

export interface RedisCluster {
  readonly masters: readonly RedisServer[];
  /** Of the first master. */
  readonly replica: RedisServer;
  /** `redis+cluster:` of all of them. */
  readonly url: string;
  /** The master of a slot, at the start. */
  ownerOf(slot: number): RedisServer;
  /** Live: keys are moved a few at a time; `onStep` runs between the steps. */
  moveSlot(slot: number, to: RedisServer, onStep?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const SLOTS = 16_384;
const NODE_TIMEOUT_MS = 1000;

async function startNode(): Promise<RedisServer> {
  const args = ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())];
  const quick = ['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--repl-diskless-sync-delay', '0'];
  const partly = ['--cluster-require-full-coverage', 'no', '--cluster-replica-validity-factor', '0'];
  return startRedisServer({ args: [...args, ...quick, ...partly] });
}

/** One line of a bulk reply. */
const bulk = (reply: string): string => reply.split('\r\n')[1] ?? '';

async function join(nodes: readonly RedisServer[], masters: readonly RedisServer[]): Promise<void> {
  const [first] = nodes;
  const step = Math.ceil(SLOTS / masters.length);
  await Promise.all(
    masters.map(async (node, i) => {
      await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
      const last = Math.min(SLOTS, (i + 1) * step) - 1;
      await node.command('CLUSTER', 'ADDSLOTSRANGE', String(i * step), String(last));
    }),
  );
  for (const node of nodes.slice(1)) {
    const bus = (await node.command('CONFIG', 'GET', 'cluster-port')).split('\r\n')[4] ?? '';
    await first?.command('CLUSTER', 'MEET', '127.0.0.1', String(node.port), bus);
  }
  const isWhole = async (): Promise<boolean> => {
    const states = await Promise.all(nodes.map((node) => node.command('CLUSTER', 'INFO')));
    return states.every(
      (text) => text.includes('cluster_state:ok') && text.includes(`cluster_known_nodes:${nodes.length}`),
    );
  };
  await until(isWhole, { what: 'the cluster is whole' });
}

export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all(Array.from({ length: 4 }, startNode));
  try {
    return await assemble(nodes);
  } catch (error) {
    await Promise.all(nodes.map((node) => node.close()));
    throw error;
  }
}

async function assemble(nodes: readonly RedisServer[]): Promise<RedisCluster> {
  const masters = nodes.slice(0, 3);
  const replica = nodes[3]!; // the fourth of four
  await join(nodes, masters);
  const idOf = async (node: RedisServer): Promise<string> => bulk(await node.command('CLUSTER', 'MYID'));
  const first = masters[0]!; // the first of three
  await replica.command('CLUSTER', 'REPLICATE', await idOf(first));
  const isOnline = async (): Promise<boolean> =>
    (await first.command('INFO', 'replication')).includes('state=online');
  await until(isOnline, { what: 'the replica is online' });
  const ownerOf = (slot: number): RedisServer => masters[Math.floor(slot / Math.ceil(SLOTS / 3))]!; // 0 to 2
  const setSlot = (node: RedisServer, slot: number, state: string, id: string): Promise<string> =>
    node.command('CLUSTER', 'SETSLOT', String(slot), state, id);
  return {
    masters,
    replica,
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    ownerOf,
    async moveSlot(slot, to, onStep = async () => undefined) {
      const from = ownerOf(slot);
      await setSlot(to, slot, 'IMPORTING', await idOf(from));
      await onStep();
      await setSlot(from, slot, 'MIGRATING', await idOf(to));
      await onStep();
      for (;;) {
        const reply = await from.command('CLUSTER', 'GETKEYSINSLOT', String(slot), '3');
        const keys = reply.split('\r\n').filter((line) => /^[^*$]/.test(line));
        if (keys.length === 0) break;
        await from.command('MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys);
        await onStep();
      }
      const id = await idOf(to);
      for (const node of [to, from, ...masters]) await setSlot(node, slot, 'NODE', id);
    },
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}
