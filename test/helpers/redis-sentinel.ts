// A master, a replica and three Sentinels of our own, which know each other from the start instead of after seconds.
import { freePort, startRedisServer, until, type RedisServer } from './redis-server.ts';

export interface SentinelSet {
  /** Master first, at the start; roles change. */
  readonly servers: readonly [RedisServer, RedisServer];
  readonly sentinels: readonly RedisServer[];
  /** `redis+sentinel:` of all of them. */
  readonly url: string;
  /** The server that all Sentinels call master, and that calls itself so; waits until there is one. */
  master(): Promise<RedisServer>;
  /** Planned. Resolves when the other server is the master. */
  failover(): Promise<void>;
  /** Resolves when the server that is no master follows the one that is, and every Sentinel knows. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'mymaster';
/**
 * A busy machine answers late, and must not be taken for a dead one. The first Sentinel notices alone, and its word is
 * enough (quorum 1): if two did at once, each would vote for itself, and the next vote is twice `FAILOVER_MS` away.
 */
const MASTER_DOWN_MS = 800;
const OTHERS_DOWN_MS = 20_000;
/** Longer than a replica that was told to be a master needs to say that it is one, on a busy machine. */
const FAILOVER_MS = 3000;

export async function startSentinelSet(): Promise<SentinelSet> {
  const quick = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'];
  const master = await startRedisServer({ args: quick });
  const replica = await startRedisServer({
    args: ['--replicaof', '127.0.0.1', String(master.port), ...quick],
  });
  const servers = [master, replica] as const;
  const ports = [await freePort(), await freePort(), await freePort()];
  const idOf = (i: number): string => String(i + 1).repeat(40);
  const isOnline = async (): Promise<boolean> =>
    (await master.command('INFO', 'replication')).includes('state=online');
  await until(isOnline, { what: 'the replica is online' });
  const sentinels = await Promise.all(
    ports.map((port, i) =>
      startRedisServer({
        port,
        sentinel: [
          `sentinel myid ${idOf(i)}`,
          `sentinel monitor ${NAME} 127.0.0.1 ${master.port} 1`,
          `sentinel down-after-milliseconds ${NAME} ${i === 0 ? MASTER_DOWN_MS : OTHERS_DOWN_MS}`,
          `sentinel failover-timeout ${NAME} ${FAILOVER_MS}`,
          `sentinel known-replica ${NAME} 127.0.0.1 ${replica.port}`,
          ...ports.flatMap((other, j) =>
            j === i ? [] : [`sentinel known-sentinel ${NAME} 127.0.0.1 ${other} ${idOf(j)}`],
          ),
        ],
      }),
    ),
  );
  // Of Redis 7 and later: a server that came back is told its new role at once, not after ten seconds.
  // A replica that answered nothing for five ping periods, or no INFO for three info periods, is not made the master.
  // One that says it is a master for four publish periods, before the leader heard it, is made a replica again by the others.
  const quicker = ['ping-period', '500', 'ask-period', '100', 'info-period', '500', 'publish-period', '500'];
  // Nor does a busy machine make them stop work for half a minute.
  quicker.push('tilt-trigger', '20000');
  await Promise.all(sentinels.map((one) => one.command('SENTINEL', 'DEBUG', ...quicker)));
  /** Undefined while they do not agree. */
  const agreedMaster = async (): Promise<RedisServer | undefined> => {
    const ask = ['SENTINEL', 'get-master-addr-by-name', NAME];
    const answers = await Promise.all(sentinels.map((one) => one.command(...ask).catch(() => '')));
    const living = answers.filter((text) => text !== '');
    for (const server of servers) {
      const isNamed = living.length > 0 && living.every((text) => text.includes(`\r\n${server.port}\r\n`));
      const role = isNamed ? await server.command('ROLE').catch(() => '') : '';
      if (role.includes('master')) return server;
    }
    return undefined;
  };
  const masterNow = async (): Promise<RedisServer> => {
    let found: RedisServer | undefined;
    const isAgreed = async (): Promise<boolean> => (found = await agreedMaster()) !== undefined;
    await until(isAgreed, { withinMs: 30_000, everyMs: 20, what: 'the Sentinels agree on a master' });
    return found!; // `until` throws otherwise
  };
  const isReady = async (): Promise<boolean> => {
    const states = await Promise.all(sentinels.map((one) => one.command('SENTINEL', 'ckquorum', NAME)));
    return states.every((text) => text.startsWith('+OK 3'));
  };
  await until(isReady, { what: 'the Sentinels see each other' });
  return {
    servers,
    sentinels,
    url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${NAME}/0`,
    master: masterNow,
    async failover() {
      const before = await masterNow();
      const isOther = async (): Promise<boolean> => {
        const now = await agreedMaster();
        return now !== undefined && now !== before;
      };
      // Refused while no replica looks well, and given up when one is slow: asked for again then.
      const isOver = async (): Promise<boolean> => {
        const reply = await sentinels[0]!.command('SENTINEL', 'failover', NAME);
        const withinMs = reply.startsWith('+OK') ? 2 * FAILOVER_MS : 200;
        return until(isOther, { withinMs, everyMs: 20 }).then(
          () => true,
          () => false,
        );
      };
      await until(isOver, { withinMs: 40_000, what: 'the failover' });
    },
    async settled() {
      const ask = ['SENTINEL', 'replicas', NAME];
      // One that still believes the old master to be a master makes it a replica once more: in the middle of a next failover.
      const follows = async (): Promise<boolean> => {
        const online = (await (await masterNow()).command('INFO', 'replication')).includes('state=online');
        const views = await Promise.all(sentinels.map((one) => one.command(...ask).catch(() => '')));
        const isKnown = (view: string): boolean =>
          view.includes('role-reported\r\n$5\r\nslave') && view.includes('master-link-status\r\n$2\r\nok');
        return online && views.every(isKnown);
      };
      await until(follows, { withinMs: 20_000, everyMs: 20, what: 'the old master follows the new one' });
    },
    async close() {
      await Promise.all([...sentinels, ...servers].map((one) => one.close()));
    },
  };
}
