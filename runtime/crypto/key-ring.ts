// The master keys a process holds: the first one writes, the others only read what was written before a rotation.
import type { KeyObject } from 'node:crypto';
import { nodeCrypto } from './node-crypto.ts';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

export interface RingKey {
  /** Public name of the key: first 8 bytes of HMAC-SHA-256(key, "ck/kid"). */
  readonly id: Buffer;
  readonly key: KeyObject;
}

/** Shows nothing of itself: not in logs, not as JSON, not in `util.inspect`. */
export class KeyRing {
  readonly #keys: readonly RingKey[];

  constructor(primary: KeyObject, previous: readonly KeyObject[] = []) {
    this.#keys = [primary, ...previous].map((key) => ({ id: keyId(key), key }));
  }

  /** Writes. */
  get primary(): RingKey {
    return this.#keys[0] as RingKey; // the constructor puts it there
  }

  /** Only read, newest first. */
  get previous(): readonly RingKey[] {
    return this.#keys.slice(1);
  }

  find(id: Uint8Array): RingKey | undefined {
    return this.#keys.find((candidate) => candidate.id.equals(id));
  }

  toJSON(): string {
    return 'KeyRing';
  }

  [INSPECT](): string {
    return 'KeyRing {}';
  }
}

function keyId(key: KeyObject): Buffer {
  return nodeCrypto().createHmac('sha256', key).update('ck/kid').digest().subarray(0, 8);
}
