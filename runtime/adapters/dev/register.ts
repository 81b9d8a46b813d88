// `node --import cachekit/dev/register app.js`: serves the dev view of this process on the loopback interface, from the
// first call of a cached function on. Processes that cache nothing (npm, a bundler) open no port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { notice } from '../../observe/notice.ts';
import { subscribe } from '../../observe/publish.ts';
import { devView } from './index.ts';

const HOST = '127.0.0.1';

// Made at once, so that the call which opens the port is counted too.
const view = devView();
const stop = subscribe('cachekit:left-memory', () => {
  stop();
  open(wantedPort());
});

/** Serves the view on `port`. Neither the server nor an open page keeps the process alive, and no error gets out. */
function open(port: number): void {
  if (process.env['NODE_ENV'] === 'production') return view.stop(); // set by the application after this module loaded
  const server = createServer((request, response) => {
    if (view.handle(request, response)) return;
    response.writeHead(404);
    response.end();
  });
  server.on('connection', (socket) => socket.unref());
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE' && port !== 0) return open(0);
    say(`could not open a port: ${error.code ?? 'unknown'}`);
  });
  server.listen(port, HOST, () => say(`http://${HOST}:${(server.address() as AddressInfo).port}/`));
  server.unref();
}

/** CACHEKIT_DEV_PORT; 0, any free port, when it is unset or invalid. */
function wantedPort(): number {
  const text = process.env['CACHEKIT_DEV_PORT'] ?? '';
  if (text === '') return 0;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  notice('CACHEKIT_ENV_VALUE', 'CACHEKIT_DEV_PORT is no port: any free one is used.', 'CACHEKIT_DEV_PORT');
  return 0;
}

function say(text: string): void {
  try {
    process.getBuiltinModule('node:fs').writeSync(2, `cachekit dev: ${text}\n`);
  } catch {
    // stderr is closed or its pipe is full: the line is not worth an error.
  }
}
