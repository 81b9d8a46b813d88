// A TCP proxy between client and server that breaks things on demand. `up` is client → server, `down` server → client.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './redis-server.ts';

type Direction = 'up' | 'down';

/** What happens to bytes of one direction; may change while connections are open. */
export interface Faults {
  /** Added to every chunk; order is kept. */
  latencyMs: number;
  /** Bytes vanish, the socket stays open. */
  blackhole: boolean;
  /** The next chunks vanish: replies shift. */
  drop: number;
  /** The next chunks come twice. */
  duplicate: number;
  /** Chance per chunk that one bit flips. */
  flip01: number;
  /** After so many more bytes the connection is closed. */
  finAfterBytes: number | undefined;
  /** After so many more bytes the rest vanishes. */
  cutAfterBytes: number | undefined;
}

const healthy = (): Faults => ({
  latencyMs: 0,
  blackhole: false,
  drop: 0,
  duplicate: 0,
  flip01: 0,
  finAfterBytes: undefined,
  cutAfterBytes: undefined,
});

export interface TcpFaultProxy {
  readonly port: number;
  readonly url: string;
  /** Connections accepted since the start. */
  readonly accepted: number;
  set(faults: { readonly up?: Partial<Faults>; readonly down?: Partial<Faults> }): void;
  /** New connections are accepted and never answered. */
  hangNew(isHanging: boolean): void;
  heal(): void;
  /** Resets (or closes in order) every open connection. */
  rst(): void;
  fin(): void;
  /** Connections are refused until `accept`, which does nothing when they are not; open ones stay. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  close(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket | undefined;
  /** One queue per direction: timers of different length may fire out of order, which no network does. */
  readonly queues: Record<Direction, { readonly dueMs: number; readonly run: () => void }[]>;
  readonly timers: Set<NodeJS.Timeout>;
}

/** Small generator with a seed: a run that failed can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export async function startTcpFaultProxy(targetPort: number, seed = 1): Promise<TcpFaultProxy> {
  const random = generator(seed);
  const links = new Set<Link>();
  let faults: Record<Direction, Faults> = { up: healthy(), down: healthy() };
  let isHanging = false;
  let accepted = 0;
  let server: Server;

  const drop = (link: Link, isReset: boolean): void => {
    if (!links.delete(link)) return;
    for (const timer of link.timers) clearTimeout(timer);
    for (const socket of [link.client, link.server]) {
      if (socket === undefined || socket.destroyed) continue;
      if (isReset && !socket.connecting) socket.resetAndDestroy();
      else socket.destroy();
    }
  };
  const later = (link: Link, direction: Direction, run: () => void): void => {
    const queue = link.queues[direction];
    const dueMs = Math.max(performance.now() + faults[direction].latencyMs, queue.at(-1)?.dueMs ?? 0);
    if (queue.length === 0 && dueMs <= performance.now()) return run();
    queue.push({ dueMs, run });
    if (queue.length === 1) arm(link, direction);
    return undefined;
  };
  const arm = (link: Link, direction: Direction): void => {
    const queue = link.queues[direction];
    const timer = setTimeout(
      () => {
        link.timers.delete(timer);
        while ((queue[0]?.dueMs ?? Infinity) <= performance.now() + 0.5) queue.shift()?.run();
        if (queue.length > 0 && links.has(link)) arm(link, direction);
      },
      Math.max(0, (queue[0]?.dueMs ?? 0) - performance.now()),
    );
    link.timers.add(timer);
  };
  const flipBit = (chunk: Buffer): Buffer => {
    const copy = Buffer.from(chunk);
    const at = Math.floor(random() * copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return copy;
  };
  const pass = (link: Link, direction: Direction, original: Buffer, to: Socket): void => {
    const fault = faults[direction];
    let chunk = original;
    if (fault.blackhole) return;
    if (fault.drop > 0) return void fault.drop--;
    if (random() < fault.flip01) chunk = flipBit(chunk);
    if (fault.duplicate > 0 && fault.duplicate--) chunk = Buffer.concat([chunk, chunk]);
    const isCut = fault.cutAfterBytes !== undefined && chunk.length >= fault.cutAfterBytes;
    const isFin = fault.finAfterBytes !== undefined && chunk.length >= fault.finAfterBytes;
    if (isCut) chunk = chunk.subarray(0, fault.cutAfterBytes);
    if (isFin) chunk = chunk.subarray(0, fault.finAfterBytes);
    later(link, direction, () => {
      if (to.writable) to.write(chunk);
      if (isFin) link.client.end();
      if (isFin) link.server?.end();
    });
    if (isCut) Object.assign(fault, { cutAfterBytes: undefined, blackhole: true });
    if (isFin) fault.finAfterBytes = undefined;
  };
  const onClient = (client: Socket): void => {
    accepted++;
    const upstream = isHanging ? undefined : connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const link: Link = { client, server: upstream, queues: { up: [], down: [] }, timers: new Set() };
    links.add(link);
    client.on('error', () => drop(link, false));
    client.on('close', () => drop(link, false));
    if (upstream === undefined) return void client.resume();
    upstream.on('error', () => drop(link, true));
    upstream.on('close', () => drop(link, false));
    client.on('data', (chunk) => pass(link, 'up', chunk, upstream));
    upstream.on('data', (chunk) => pass(link, 'down', chunk, client));
  };
  const open = (port: number): Promise<void> => {
    server = createServer({ noDelay: true }, onClient);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
  };

  const port = await freePort();
  await open(port);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get accepted() {
      return accepted;
    },
    set({ up = {}, down = {} }) {
      faults = { up: { ...faults.up, ...up }, down: { ...faults.down, ...down } };
    },
    hangNew(next) {
      isHanging = next;
    },
    heal() {
      faults = { up: healthy(), down: healthy() };
      isHanging = false;
    },
    rst() {
      for (const link of links) drop(link, true);
    },
    fin() {
      for (const link of links) {
        link.client.end();
        link.server?.end();
      }
    },
    async refuse() {
      server.close();
      await new Promise((resolve) => setImmediate(resolve));
    },
    accept: () => (server.listening ? Promise.resolve() : open(port)),
    async close() {
      for (const link of links) drop(link, true);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
