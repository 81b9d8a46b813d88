// Who may look: programs on this machine that mean this server.
import type { IncomingMessage } from 'node:http';

/**
 * The connection comes from this machine, and was opened under a name of this machine: a page elsewhere whose name
 * was made to point here, or a proxy on this machine, asks under a name of its own.
 */
export function isLocalRequest({ socket, headers }: IncomingMessage): boolean {
  const { remoteAddress = '' } = socket;
  const isLoopback = remoteAddress === '::1' || /^(?:::ffff:)?127\./.test(remoteAddress);
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  return isLoopback && !isForwarded && ['127.0.0.1', 'localhost', '[::1]'].includes(host);
}
