// Names that nobody else has.
import { nodeCrypto } from '../crypto/node-crypto.ts';

export function randomHex(bytes: number): string {
  return nodeCrypto().randomBytes(bytes).toString('hex');
}
