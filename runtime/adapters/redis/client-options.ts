// Options for clients that we create: nothing in the library may hang, or keep the process alive by itself.
import type { RedisOptions } from 'ioredis';
import type { MasterFinder } from './master-finder.ts';
import type { ConnectionTimes } from './redis-connection.ts';
import type { RedisAddress } from './redis-login.ts';

/** How to make a connection to Redis. */
export interface ConnectionPlan {
  /** Server and login. With a `finder`, only the login counts. */
  readonly address: RedisAddress;
  readonly times: ConnectionTimes;
  /** Asked for the server before each attempt, where the master can move. */
  readonly finder?: MasterFinder | undefined;
  /** The connection never keeps the process alive: no caller waits for its answers. Default false. */
  readonly isBackground?: boolean;
}

/** `onDemoted` is called for each command that the server refuses because it is not a master. */
export function clientOptions({ address, times }: ConnectionPlan, onDemoted: () => void = () => undefined) {
  return {
    ...address,
    lazyConnect: true,
    connectTimeout: times.connectTimeoutMs,
    disconnectTimeout: 200,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // The ready check sends INFO, which needs a permission, prints to the console without it, and waits while the
    // server is LOADING. Without the check, commands fail fast then.
    enableReadyCheck: false,
    keepAlive: 5000,
    // Not set: `enableAutoPipelining`, which costs a turn of the event loop and objects per command (see `sending` of
    // RedisConnection); `commandTimeout` and `socketTimeout`, which set a timer per command (see SilenceWatch).
    // OwnConnection reconnects: the timer of the library would keep the process alive.
    retryStrategy: () => null,
    // Always false, because the library adds a listener per refused command when it reconnects. The second form of the
    // message is that of a command inside a script on servers before 7.
    reconnectOnError: (error) => {
      if (/(^|: -)(READONLY|MASTERDOWN) /.test(error.message)) onDemoted();
      return false;
    },
  } as const satisfies RedisOptions;
}
