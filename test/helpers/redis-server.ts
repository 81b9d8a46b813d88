// A redis-server of our own for tests: started on a free port in a temporary folder, killed, stopped, restarted.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** `CACHEKIT_TEST_REDIS_SERVER`, else the one on PATH; undefined when there is none that runs. */
export function findRedisServer(): string | undefined {
  for (const path of [process.env['CACHEKIT_TEST_REDIS_SERVER'], 'redis-server']) {
    if (path === undefined || path === '') continue;
    try {
      execFileSync(path, ['--version'], { stdio: 'ignore' });
      return path;
    } catch {
      // Not there, or not for this machine.
    }
  }
  return undefined;
}

/**
 * Below those that the system gives to outgoing connections: while a server is down, or between here and its start, none of
 * them takes its port, nor is connected to itself.
 */
const PORTS = { first: 15_000, last: 31_999 } as const;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.last);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Polls until it holds. @throws after `withinMs`, which is no promise: it ends a test that waits in vain */
export async function until(
  holds: () => boolean | Promise<boolean>,
  { withinMs = 30_000, everyMs = 5, what = 'condition' } = {},
): Promise<number> {
  const beganMs = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - beganMs;
    if (performance.now() - beganMs > withinMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await pause(everyMs);
  }
}

/** One command over a fresh socket, no client library in the way. Resolves to the raw reply. */
export function rawCommand(port: number, args: readonly string[], timeoutMs = 3000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let reply = '';
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no reply')));
    socket.on('error', reject);
    socket.on('close', () => resolve(reply));
    socket.on('data', (chunk) => {
      reply += chunk.toString('latin1');
      if (reply.endsWith('\r\n')) socket.end();
    });
    const parts = args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
    socket.write(`*${args.length}\r\n${parts.join('')}`);
  });
}

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  command(...args: string[]): Promise<string>;
  /** Crash: nothing is flushed, sockets are reset. */
  sigkill(): Promise<void>;
  /** Grey failure: TCP accepts, nobody answers. */
  stop(): void;
  cont(): void;
  /** After `sigkill`, on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const PORT_ATTEMPTS = 3;

export interface RedisServerOptions {
  readonly args?: readonly string[];
  /** Default: a free one. */
  readonly port?: number;
  /** Lines of a configuration file: it is a Sentinel then, and keeps its state there. */
  readonly sentinel?: readonly string[];
  /** Resolve before it answers PING. Default false. */
  readonly isEager?: boolean;
}

/** @throws when there is no redis-server or it does not start */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Somebody else was faster to take that port.
      if (options.port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function startOnce(options: RedisServerOptions): Promise<RedisServer> {
  const path = findRedisServer();
  if (path === undefined) throw new Error('There is no redis-server to start.');
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-redis-'));
  const fixed = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--daemonize',
    'no',
  ];
  const file = join(folder, 'sentinel.conf');
  if (options.sentinel !== undefined) {
    const own = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`];
    writeFileSync(file, [...own, ...options.sentinel, ''].join('\n'));
  }
  const all = options.sentinel === undefined ? [...fixed, ...(options.args ?? [])] : [file, '--sentinel'];
  let child: ChildProcess;

  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const signal = (name: NodeJS.Signals): void => {
    if (isRunning()) child.kill(name);
  };
  const start = async (): Promise<void> => {
    child = spawn(path, all, { stdio: 'ignore' });
    process.once('exit', killNow);
    if (options.isEager === true) return;
    await until(isUp, { what: 'redis-server answers' });
  };
  /** @throws when it has ended: what answers on that port is another one */
  const isUp = async (): Promise<boolean> => {
    const reply = await rawCommand(port, ['INFO', 'server']).catch(() => '');
    if (!isRunning()) throw new Error(`redis-server ended at once; port ${port} may be taken.`);
    return reply.includes(`process_id:${child.pid}\r`) || /^-(?:NOAUTH|LOADING)/.test(reply);
  };
  const killNow = (): void => signal('SIGKILL');
  const sigkill = async (): Promise<void> => {
    process.off('exit', killNow);
    if (!isRunning()) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    signal('SIGCONT');
    signal('SIGKILL');
    await ended;
  };

  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child.pid ?? -1;
    },
    command: (...args) => rawCommand(port, args),
    sigkill,
    stop: () => signal('SIGSTOP'),
    cont: () => signal('SIGCONT'),
    async restart() {
      await sigkill();
      await start();
    },
    async close() {
      await sigkill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
