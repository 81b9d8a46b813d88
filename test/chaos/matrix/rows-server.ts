// Rows 1 to 3 and 21 to 26: the server itself.
import { setTimeout as pause } from 'node:timers/promises';
import { rawCommand, type RedisServer } from '../../helpers/redis-server.ts';
import { openAdmin, type AdminConnection } from './admin-connection.ts';
import { BOUNDS, type Row } from './run-row.ts';
import { onServer } from './scenes.ts';

const config = (server: RedisServer, name: string, value: string): Promise<string> =>
  server.command('CONFIG', 'SET', name, value);

/** Commands that a hung server answers late or never. */
const unanswered = (server: RedisServer, ...args: string[]): void =>
  void rawCommand(server.port, args, 5000).catch(() => undefined);

/** Asked for again every 5 s: people mend it. Until then processes serve what they have, 10 s at most. */
const MENDED = { backMs: 7000, staleMs: 10_000 };

/** The server answers nobody for 1.5 s. What it acknowledged just before, other processes may hear of after that. */
const ABSENT = { staleMs: 1500 + BOUNDS.staleMs };

const DEBUG = ['--enable-debug-command', 'yes'];

export const serverRows: readonly Row[] = [
  {
    id: '1',
    name: 'crash and restart',
    made: 'SIGKILL, a new server on the port',
    stage: onServer({ hurt: (server) => server.sigkill(), heal: (server) => server.restart() }),
    bounds: ABSENT,
  },
  {
    id: '2',
    name: 'stands still',
    made: 'SIGSTOP, SIGCONT',
    stage: onServer({ hurt: (server) => server.stop(), heal: (server) => server.cont() }),
    bounds: ABSENT,
  },
  {
    id: '3a',
    name: 'paused clients',
    made: 'CLIENT PAUSE 1500 ALL',
    stage: onServer({
      hurt: (server) => server.command('CLIENT', 'PAUSE', '1500', 'ALL'),
      heal: () => undefined,
    }),
    bounds: ABSENT,
  },
  {
    id: '3b',
    name: 'busy for long',
    made: 'DEBUG SLEEP 1.5',
    stage: onServer(
      { hurt: (server) => unanswered(server, 'DEBUG', 'SLEEP', '1.5'), heal: () => undefined },
      DEBUG,
    ),
    bounds: ABSENT,
  },
  {
    id: '21',
    name: 'out of memory',
    made: 'maxmemory 1mb, noeviction',
    stage: onServer({
      hurt: (server) => config(server, 'maxmemory', '1mb'),
      heal: (server) => config(server, 'maxmemory', '0'),
    }),
  },
  {
    id: '22a',
    name: 'a replica now (READONLY)',
    made: 'REPLICAOF of a port where nobody is',
    stage: onServer({
      hurt: (server) => server.command('REPLICAOF', '127.0.0.1', '1'),
      heal: (server) => server.command('REPLICAOF', 'NO', 'ONE'),
    }),
  },
  {
    id: '22b',
    name: 'a replica without its master (MASTERDOWN)',
    made: 'the same, replica-serve-stale-data no',
    stage: onServer(
      {
        hurt: (server) => server.command('REPLICAOF', '127.0.0.1', '1'),
        heal: (server) => server.command('REPLICAOF', 'NO', 'ONE'),
      },
      ['--replica-serve-stale-data', 'no'],
    ),
  },
  {
    id: '23',
    name: 'loading its data',
    made: 'DEBUG RELOAD of 5,000 keys, slowed down',
    stage: onServer(
      {
        async hurt(server) {
          unanswered(
            server,
            'EVAL',
            "for i=1,5000 do redis.call('SET','fill'..i,string.rep('x',100)) end",
            '0',
          );
          await pause(300);
          unanswered(server, 'DEBUG', 'RELOAD');
        },
        heal: () => undefined,
      },
      [...DEBUG, '--key-load-delay', '300', '--loading-process-events-interval-bytes', '1024'],
    ),
    bounds: { backMs: 5000 },
  },
  {
    id: '24a',
    name: 'no permission (NOPERM)',
    made: 'ACL SETUSER default -@all, and back',
    stage: onServer({
      hurt: (server) =>
        server.command('ACL', 'SETUSER', 'default', '-@all', '+acl', '+ping', '+hello', '+client'),
      heal: (server) => server.command('ACL', 'SETUSER', 'default', '+@all'),
    }),
    bounds: MENDED,
  },
  {
    id: '24b',
    name: 'password changed (WRONGPASS)',
    made: 'requirepass, all other connections killed, and back',
    ...withAdmin(
      async (admin) => {
        await admin.command('CONFIG', 'SET', 'requirepass', 'other');
        await admin.command('AUTH', 'other');
        await admin.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      },
      (admin) => admin.command('CONFIG', 'SET', 'requirepass', ''),
    ),
    bounds: MENDED,
  },
  {
    id: '25',
    name: 'no more connections',
    made: 'maxclients 1, all other connections killed',
    ...withAdmin(
      async (admin) => {
        await admin.command('CONFIG', 'SET', 'maxclients', '1');
        await admin.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      },
      (admin) => admin.command('CONFIG', 'SET', 'maxclients', '1000'),
    ),
  },
  {
    id: '26',
    name: 'a script that does not end (BUSY)',
    made: 'EVAL "while true do end", SCRIPT KILL',
    stage: onServer(
      {
        hurt: (server) => unanswered(server, 'EVAL', 'while true do end', '0'),
        heal: (server) => retried(() => server.command('SCRIPT', 'KILL')),
      },
      ['--busy-reply-threshold', '500'],
    ),
  },
];

/** While others are served first. */
async function retried(command: () => Promise<string>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const reply = await command().catch(() => '');
    if (reply.startsWith('+OK')) return;
    await pause(10);
  }
}

/** Over a connection that was there before the fault. */
function withAdmin(
  hurt: (admin: AdminConnection) => Promise<unknown>,
  heal: (admin: AdminConnection) => Promise<unknown>,
): Pick<Row, 'stage'> {
  let admin: AdminConnection | undefined;
  return {
    stage: onServer({
      async hurt(server) {
        admin = await openAdmin(server.port);
        await hurt(admin);
      },
      async heal() {
        if (admin !== undefined) await heal(admin);
        admin?.close();
      },
    }),
  };
}
