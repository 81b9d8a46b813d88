// Rows 27, 28 and 30 to 32: names, clocks, and the embedded store.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedisServer, until } from '../../helpers/redis-server.ts';
import type { LoadProcess } from './load-process.ts';
import type { Row, Scene } from './run-row.ts';
import { onServer } from './scenes.ts';

const HOUR_MS = 3_600_000;
const none = (): void => undefined;

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** A reason why file systems cannot be mounted here. */
function noMounts(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-mount-'));
  const isMounted = run('mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder);
  if (isMounted) run('umount', '-l', folder);
  rmSync(folder, { recursive: true, force: true });
  return isMounted ? undefined : 'mount is not permitted here';
}

/** Two processes with one store. `isMounted`: on a file system of its own, of 6 MB. */
function onStore(
  hurt: (folder: string) => unknown,
  heal: (folder: string) => unknown,
  isMounted = false,
): () => Promise<Scene> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cachekit-chaos-store-'));
    if (isMounted) run('mount', '-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder);
    return {
      backends: ['embedded', 'embedded'],
      env: { CACHEKIT_PATH: folder },
      async hurt() {
        await hurt(folder);
      },
      async heal() {
        await heal(folder);
      },
      async close() {
        if (isMounted) run('umount', '-l', folder);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  };
}

const storeIn = (folder: string): string =>
  join(folder, readdirSync(folder).find((name) => name.endsWith('.sqlite')) ?? '');

/** Until nothing more fits. */
function fill(folder: string): void {
  const file = openSync(join(folder, 'filler'), 'w');
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size, 1));
    } catch {
      // Full, for pieces of that size.
    }
  }
  closeSync(file);
}

function damage(folder: string): void {
  const file = openSync(storeIn(folder), 'r+');
  // The first page says what the file is; the rest are pages of entries and of the log.
  for (let page = 0; page < 12; page++) writeSync(file, Buffer.alloc(2000, 0xab), 0, 2000, page * 4096);
  closeSync(file);
}

let writer: ChildProcess | undefined;

/** A process that is stopped with the lock of the file in its hands. */
async function stopWriter(folder: string): Promise<void> {
  const code = `
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const db = new DatabaseSync(${JSON.stringify(storeIn(folder))}, { timeout: 2000 });
    db.exec("BEGIN IMMEDIATE; INSERT OR REPLACE INTO entry VALUES ('x', x'00', 1)");
    console.log('in');
    process.kill(process.pid, 'SIGSTOP');
    db.exec('COMMIT');`;
  const child = spawn(process.execPath, ['--eval', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  writer = child;
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output !== '', { what: 'a writer is in a transaction' });
}

/** From the start, and for good. */
const onName = (backend: string) => async (): Promise<Scene> => ({
  backends: [backend, backend],
  hurt: none,
  heal: none,
  close: async () => undefined,
});

/** Dead before the first process starts. */
async function onLateServer(): Promise<Scene> {
  const server = await startRedisServer();
  await server.sigkill();
  return {
    backends: [server.url, server.url],
    hurt: none,
    heal: () => server.restart(),
    close: () => server.close(),
  };
}

const shifted = (byMs: number): Pick<Row, 'stage'> => ({
  stage: onServer({
    hurt: (_, [one]: readonly LoadProcess[]) => one?.shiftClock(byMs),
    heal: (_, [one]: readonly LoadProcess[]) => one?.shiftClock(0),
  }),
});

export const localRows: readonly Row[] = [
  {
    id: '27a',
    name: 'no such name',
    made: 'redis://does-not-exist.invalid',
    stage: onName('redis://does-not-exist.invalid:6379'),
    isHopeless: true,
  },
  { id: '27b', name: 'nobody there at the start', made: 'the server starts later', stage: onLateServer },
  {
    id: '27c',
    name: 'an address that swallows packets',
    made: 'redis://192.0.2.1',
    stage: onName('redis://192.0.2.1:6379'),
    isHopeless: true,
  },
  { id: '28a', name: 'wall clock an hour ahead', made: 'Date.now of one process', ...shifted(HOUR_MS) },
  { id: '28b', name: 'wall clock an hour back', made: 'Date.now of one process', ...shifted(-HOUR_MS) },
  {
    id: '30a',
    name: 'embedded store: disk full',
    made: 'tmpfs of 6 MB, filled',
    missing: noMounts,
    stage: onStore(fill, (folder) => rmSync(join(folder, 'filler')), true),
  },
  {
    id: '30b',
    name: 'embedded store: read-only',
    made: 'mount -o remount,ro',
    missing: noMounts,
    stage: onStore(
      (folder) => run('mount', '-o', 'remount,ro', folder),
      (folder) => run('mount', '-o', 'remount,rw', folder),
      true,
    ),
  },
  {
    id: '31a',
    name: 'embedded store: damaged while in use',
    made: '12 pages overwritten',
    stage: onStore(damage, none),
    bounds: { backMs: 4000 },
  },
  {
    id: '31b',
    name: 'embedded store: cut while in use',
    made: 'truncated to 8 kB',
    stage: onStore((folder) => truncateSync(storeIn(folder), 8192), none),
    bounds: { backMs: 4000 },
  },
  {
    id: '32',
    name: 'embedded store: a writer stands still',
    made: 'SIGSTOP inside a transaction, SIGCONT',
    stage: onStore(stopWriter, () => writer?.kill('SIGCONT')),
  },
];
