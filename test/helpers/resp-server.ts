// A tiny Redis look-alike that misbehaves: greets like a server, then hangs, drops, answers LOADING, or is slow.
import { createServer, type AddressInfo, type Socket } from 'node:net';

export type Misbehaviour =
  | 'none'
  /** Takes commands, never answers. */
  | 'hang'
  /** Accepts and does not even greet. */
  | 'mute'
  /** Closes the connection at the first command. */
  | 'drop'
  | 'loading'
  /** The next command gets no answer; all others do. */
  | 'skip'
  /** Every answer to GET stops after a few bytes; the connection stays. */
  | 'truncate'
  | { readonly slowMs: number };

export interface RespServer {
  readonly url: string;
  /** Commands other than the greeting since the start. */
  readonly commands: number;
  /** Connections that the client has closed. */
  readonly closed: number;
  behave(how: Misbehaviour): void;
  close(): Promise<void>;
}

/** Complete commands in the buffer, and the rest. */
function parse(buffer: Buffer): { readonly commands: string[][]; readonly rest: Buffer } {
  const commands: string[][] = [];
  let at = 0;
  for (;;) {
    const parts = parseOne(buffer, at);
    if (parts === undefined) return { commands, rest: buffer.subarray(at) };
    commands.push(parts.words);
    at = parts.end;
  }
}

function parseOne(
  buffer: Buffer,
  start: number,
): { readonly words: string[]; readonly end: number } | undefined {
  const line = (from: number): { readonly value: number; readonly end: number } | undefined => {
    const end = buffer.indexOf('\r\n', from);
    return end < 0 ? undefined : { value: Number(buffer.toString('latin1', from + 1, end)), end: end + 2 };
  };
  const head = line(start);
  if (head === undefined) return undefined;
  const words: string[] = [];
  let at = head.end;
  for (let i = 0; i < head.value; i++) {
    const size = line(at);
    if (size === undefined || buffer.length < size.end + size.value + 2) return undefined;
    words.push(buffer.toString('latin1', size.end, size.end + size.value));
    at = size.end + size.value + 2;
  }
  return { words, end: at };
}

const GREETING = '%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n';
const bulk = (value: string): string => `$${Buffer.byteLength(value, 'latin1')}\r\n${value}\r\n`;

export async function startRespServer(initial: Misbehaviour = 'none'): Promise<RespServer> {
  const values = new Map<string, string>();
  const sockets = new Set<Socket>();
  let how = initial;
  let commands = 0;
  let closed = 0;

  const answer = ([name = '', key = '', value = '']: readonly string[]): string => {
    switch (name.toLowerCase()) {
      case 'get':
        return values.has(key) ? bulk(values.get(key) ?? '') : '_\r\n';
      case 'set':
        values.set(key, value);
        return '+OK\r\n';
      case 'unlink':
      case 'del':
        return values.delete(key) ? ':1\r\n' : ':0\r\n';
      case 'ping':
        return key === '' ? '+PONG\r\n' : bulk(key);
      default:
        return '+OK\r\n';
    }
  };
  const serve = (socket: Socket, words: readonly string[]): void => {
    const name = (words[0] ?? '').toLowerCase();
    if (how === 'mute') return;
    if (name === 'hello') return void socket.write(GREETING, 'latin1');
    if (name === 'client') return void socket.write('+OK\r\n');
    commands++;
    if (how === 'hang') return;
    if (how === 'skip') return void (how = 'none');
    if (how === 'drop') return void socket.destroy();
    if (how === 'loading') return void socket.write('-LOADING Redis is loading the dataset in memory\r\n');
    const reply = answer(words);
    if (how === 'truncate' && name === 'get') return void socket.write(reply.slice(0, 3), 'latin1');
    if (typeof how === 'object') setTimeout(() => socket.write(reply, 'latin1'), how.slowMs);
    else socket.write(reply, 'latin1');
  };

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let pending = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      closed++;
      sockets.delete(socket);
    });
    socket.on('data', (chunk) => {
      const { commands: complete, rest } = parse(Buffer.concat([pending, chunk]));
      pending = Buffer.from(rest);
      for (const words of complete) serve(socket, words);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `redis://127.0.0.1:${port}`,
    get commands() {
      return commands;
    },
    get closed() {
      return closed;
    },
    behave(next) {
      how = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
