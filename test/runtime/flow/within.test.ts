// A wait ends in time, and not before what has come was looked at.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { within } from '../../../runtime/flow/within.ts';

it('gives what comes in time', async () => {
  expect(await within(Promise.resolve(1), 1000, 2)).toBe(1);
});

it('gives the other value when nothing comes, and when it fails', async () => {
  expect(await within(new Promise<number>(() => undefined), 5, 2)).toBe(2);
  expect(await within(Promise.reject<number>(new Error('no')), 1000, 2)).toBe(2);
});

/** A server in a thread of its own, which goes on while this one stands still. */
const ANSWERS_AFTER_50_MS = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((socket) => setTimeout(() => socket.end('here'), 50));
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

it('takes what came in time though this process looks late', async () => {
  const worker = new Worker(ANSWERS_AFTER_50_MS, { eval: true });
  const [port] = (await once(worker, 'message')) as [number]; // what it posts
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    const answer = once(socket, 'data').then(([data]) => String(data));
    const waiting = within(answer, 100, 'late');
    const untilMs = performance.now() + 300;
    while (performance.now() < untilMs);
    expect(await waiting).toBe('here');
  } finally {
    socket.destroy();
    await worker.terminate();
  }
});
