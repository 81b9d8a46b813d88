// A connection that stays open, for servers that take no more or that ask for a password by now.
import { connect } from 'node:net';

export interface AdminConnection {
  /** Resolves to what came back, raw. */
  command(...words: string[]): Promise<string>;
  close(): void;
}

export async function openAdmin(port: number): Promise<AdminConnection> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    command(...words) {
      const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
      return new Promise((resolve, reject) => {
        const onClose = (): void => reject(new Error('The server closed the connection.'));
        socket.once('close', onClose);
        socket.once('data', (chunk) => {
          socket.off('close', onClose);
          resolve(chunk.toString('latin1'));
        });
        socket.write(`*${words.length}\r\n${parts.join('')}`);
      });
    },
    close: () => socket.destroy(),
  };
}
