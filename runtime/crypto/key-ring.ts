// The master keys of a process: the first one seals; the others only open entries from before a key rotation.
import type { KeyObject } from 'node:crypto';
import { nodeCrypto } from './node-crypto.ts';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A master key and its public name. */
export interface RingKey {
  /** Public name of the key: first 8 bytes of HMAC-SHA-256(key, "ck/kid"). */
  readonly id: Buffer;
  readonly key: KeyObject;
}

/** Reveals no key in logs, as JSON or in `util.inspect`. */
export class KeyRing {
  readonly #keys: readonly RingKey[];

  constructor(primary: KeyObject, previous: readonly KeyObject[] = []) {
    this.#keys = [primary, ...previous].map((key) => ({ id: keyId(key), key }));
  }

  /** The key that seals. */
  get primary(): RingKey {
    return this.#keys[0] as RingKey; // set by the constructor
  }

  /** Keys that only open, newest first. */
  get previous(): readonly RingKey[] {
    return this.#keys.slice(1);
  }

  /** The key with this public name. */
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
