// How we drive the client library: settings that cannot hang, and nothing of its own that keeps the process alive.
import type { RedisOptions } from 'ioredis';
import type { MasterFinder } from './master-finder.ts';
import type { ConnectionTimes } from './redis-connection.ts';
import type { RedisAddress } from './redis-login.ts';

/** What a connection to Redis is made of. */
export interface ConnectionPlan {
  /** Where to, unless `finder` knows. */
  readonly address: RedisAddress;
  readonly times: ConnectionTimes;
  /** Asked before each attempt: the server moves. */
  readonly finder?: MasterFinder | undefined;
  /** Nobody waits for its answers: it never keeps the process alive. Default false. */
  readonly isBackground?: boolean;
}

/** `onDemoted`: the server says that it is no master; called for each command that it refuses for that. */
export function clientOptions({ address, times }: ConnectionPlan, onDemoted: () => void = () => undefined) {
  return {
    ...address,
    lazyConnect: true,
    connectTimeout: times.connectTimeoutMs,
    disconnectTimeout: 200,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // Its INFO needs a permission, prints to the console without it, and waits through LOADING; commands then fail fast.
    enableReadyCheck: false,
    keepAlive: 5000,
    // Not `enableAutoPipelining`: it costs a turn of the event loop and objects per command; see `sending`.
    // Nor `commandTimeout` and `socketTimeout`, which are timers per command: see SilenceWatch.
    // Reconnecting is ours: the library's timer would keep the process alive.
    retryStrategy: () => null,
    // The second form is that of a command inside a script on servers before 7.
    // Not by the library either: it adds a listener for each refused command.
    reconnectOnError: (error) => {
      if (/(^|: -)(READONLY|MASTERDOWN) /.test(error.message)) onDemoted();
      return false;
    },
  } as const satisfies RedisOptions;
}
