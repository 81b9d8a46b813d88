// Decides who may see the dev view: only a client on this machine that addresses it by a local name.
import type { IncomingMessage } from 'node:http';

/**
 * Whether the connection comes from the loopback interface, names a loopback host, and was not forwarded. The host
 * check stops DNS rebinding (a foreign page whose name resolves to 127.0.0.1) and proxies on this machine.
 */
export function isLocalRequest({ socket, headers }: IncomingMessage): boolean {
  const { remoteAddress = '' } = socket;
  const isLoopback = remoteAddress === '::1' || /^(?:::ffff:)?127\./.test(remoteAddress);
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  return isLoopback && !isForwarded && ['127.0.0.1', 'localhost', '[::1]'].includes(host);
}
