// Two network namespaces of our own and a cable between them. Needs root; nothing outside of them is touched.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisServer, until } from '../../helpers/redis-server.ts';

const [CLIENT_IP, SERVER_IP] = ['10.99.0.1', '10.99.0.2'];
const PORT = 7399;
/** Of nobody: frames to it are on their way and never arrive. */
const NOBODY = '02:00:00:00:00:99';

type Side = 'client' | 'server';

export interface NetworkNamespaces {
  readonly url: string;
  /** In front of a command that is to run there. */
  prefix(side: Side): readonly string[];
  /** What that side sends vanishes. */
  swallow(side: Side): void;
  /** The cable is out. */
  linkDown(): void;
  /** The client's kernel refuses: "administratively prohibited". */
  prohibit(): void;
  heal(): void;
  close(): Promise<void>;
}

function ip(...args: string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0;
}

/** A reason why there are none here. */
export function noNamespaces(): string | undefined {
  const name = `ck-try-${process.pid}`;
  const isMade = ip('netns', 'add', name);
  if (isMade) ip('netns', 'del', name);
  if (!isMade) return 'network namespaces are not permitted here';
  const hasClient = spawnSync('redis-cli', ['--version'], { stdio: 'ignore' }).status === 0;
  return hasClient ? undefined : 'there is no redis-cli';
}

/** With a redis-server on the server's side. @throws when it does not start */
export async function openNetworkNamespaces(): Promise<NetworkNamespaces> {
  const names = { client: `ck-cli-${process.pid}`, server: `ck-srv-${process.pid}` };
  const on = (side: Side, ...args: string[]): boolean => ip('-n', names[side], ...args);
  const prefix = (side: Side): readonly string[] => ['ip', 'netns', 'exec', names[side]];
  for (const name of [names.client, names.server]) ip('netns', 'add', name);
  on('client', 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v0', 'netns', names.server);
  on('client', 'addr', 'add', `${CLIENT_IP}/24`, 'dev', 'v0');
  on('server', 'addr', 'add', `${SERVER_IP}/24`, 'dev', 'v0');
  for (const side of ['client', 'server'] as const)
    for (const device of ['lo', 'v0']) on(side, 'link', 'set', device, 'up');
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-netns-'));
  const settings = ['--port', String(PORT), '--bind', SERVER_IP, '--protected-mode', 'no', '--save', ''];
  const command = [...prefix('server'), findRedisServer() ?? '', ...settings, '--dir', folder];
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: 'ignore' });
  const answers = (): boolean => {
    const [first, ...rest] = [...prefix('client'), 'redis-cli', '-h', SERVER_IP, '-p', String(PORT), 'PING'];
    return spawnSync(first, rest, { encoding: 'utf8', timeout: 1000 }).stdout.includes('PONG');
  };
  await until(answers, { what: 'redis-server answers in its namespace', everyMs: 50 });
  const other = { client: SERVER_IP, server: CLIENT_IP };
  return {
    url: `redis://${SERVER_IP}:${PORT}`,
    prefix,
    swallow: (side) =>
      void on(side, 'neigh', 'replace', other[side], 'lladdr', NOBODY, 'dev', 'v0', 'nud', 'permanent'),
    linkDown: () => void on('server', 'link', 'set', 'v0', 'down'),
    prohibit: () => void on('client', 'route', 'add', 'prohibit', `${SERVER_IP}/32`),
    heal() {
      on('server', 'link', 'set', 'v0', 'up');
      on('client', 'route', 'del', 'prohibit', `${SERVER_IP}/32`);
      for (const side of ['client', 'server'] as const) on(side, 'neigh', 'del', other[side], 'dev', 'v0');
    },
    async close() {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
      for (const name of [names.client, names.server]) ip('netns', 'del', name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
