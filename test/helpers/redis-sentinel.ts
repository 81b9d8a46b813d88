// A master, a replica and three Sentinels of our own, which know each other from the start instead of after seconds.
import { setTimeout as pause } from 'node:timers/promises';
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
  /** Resolves when the server that is no master follows the one that is. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'mymaster';
/**
 * A busy machine answers late, and must not be taken for a dead one. The third Sentinel notices later: if all three did at
 * once, each would vote for itself, and the next vote is seconds away.
 */
const MASTER_DOWN_MS = 800;

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
          `sentinel monitor ${NAME} 127.0.0.1 ${master.port} 2`,
          `sentinel down-after-milliseconds ${NAME} ${i < 2 ? MASTER_DOWN_MS : 5 * MASTER_DOWN_MS}`,
          `sentinel failover-timeout ${NAME} 1000`,
          `sentinel known-replica ${NAME} 127.0.0.1 ${replica.port}`,
          ...ports.flatMap((other, j) =>
            j === i ? [] : [`sentinel known-sentinel ${NAME} 127.0.0.1 ${other} ${idOf(j)}`],
          ),
        ],
      }),
    ),
  );
  // Of Redis 7 and later: a server that came back is told its new role at once, not after ten seconds.
  const quicker = ['ping-period', '100', 'ask-period', '100', 'info-period', '300', 'publish-period', '100'];
  // Nor does a busy machine make them stop work for half a minute.
  quicker.push('tilt-trigger', '20000');
  await Promise.all(sentinels.map((one) => one.command('SENTINEL', 'DEBUG', ...quicker)));
  const named = async (): Promise<string[]> => {
    const ask = ['SENTINEL', 'get-master-addr-by-name', NAME];
    const answers = await Promise.all(sentinels.map((one) => one.command(...ask).catch(() => '')));
    return answers.filter((text) => text !== '');
  };
  const masterNow = async (): Promise<RedisServer> => {
    for (;;) {
      const answers = await named();
      for (const server of servers) {
        const isNamed =
          answers.length > 0 && answers.every((text) => text.includes(`\r\n${server.port}\r\n`));
        const role = isNamed ? await server.command('ROLE').catch(() => '') : '';
        if (role.includes('master')) return server;
      }
      await pause(20);
    }
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
      // One that is slower than Sentinel's own limit is given up by it, and must be asked for again.
      const isOver = async (): Promise<boolean> => {
        await sentinels[0]?.command('SENTINEL', 'failover', NAME);
        const isOther = async (): Promise<boolean> => (await masterNow()) !== before;
        return until(isOther, { withinMs: 3000, everyMs: 20 }).then(
          () => true,
          () => false,
        );
      };
      await until(isOver, { withinMs: 20_000, what: 'the failover' });
    },
    async settled() {
      const follows = async (): Promise<boolean> =>
        (await (await masterNow()).command('INFO', 'replication')).includes('state=online');
      await until(follows, { withinMs: 20_000, everyMs: 20, what: 'the old master follows the new one' });
    },
    async close() {
      await Promise.all([...sentinels, ...servers].map((one) => one.close()));
    },
  };
}
