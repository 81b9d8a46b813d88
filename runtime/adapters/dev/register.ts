// `node --import cachekit/dev/register app.js`: opens the dev view of this process on the loopback interface, once a
// cached function leaves memory for the first time. Processes that cache nothing (npm, a bundler) open nothing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { notice } from '../../observe/notice.ts';
import { subscribe } from '../../observe/publish.ts';
import { devView } from './index.ts';

const HOST = '127.0.0.1';

// From the beginning: the call that opens the page is on it.
const view = devView();
const stop = subscribe('cachekit:left-memory', () => {
  stop();
  open(wantedPort());
});

/** Neither the server nor a page that is open keeps the process alive, and no trouble here is the application's. */
function open(port: number): void {
  if (process.env['NODE_ENV'] === 'production') return view.stop(); // set by the application itself, after us
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

/** 0: any. */
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
    // A closed or full pipe: nobody reads it.
  }
}
