// The cipher of secure sites: found synchronously where the keys are at hand, waited for where a function gives them.
import type { KeyObject } from 'node:crypto';
import type { CacheKitConfig, MasterKey } from '../config/cachekit-config.ts';
import type { Environment } from '../config/env.ts';
import type { Sealing } from '../config/site-settings.ts';
import { createCipher } from '../crypto/aes-gcm.ts';
import type { Cipher } from '../crypto/cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { ephemeralKey, parseMasterKey } from '../crypto/master-key.ts';
import { CacheKitError } from '../errors/cachekit-error.ts';
import { notice } from '../observe/notice.ts';

/** `waiting`: a function has not given its key yet; secure calls run uncached meanwhile. */
export type CipherState =
  | { readonly status: 'ready'; readonly cipher: Cipher }
  | { readonly status: 'waiting' }
  | { readonly status: 'refused'; readonly error: CacheKitError };

/** After a function failed to give its key it is asked again, but not more often than this. */
const ASK_AGAIN_MS = 1000;

let ephemeral: Cipher | undefined;
let state: CipherState | undefined;
let askedAtMs = Number.NEGATIVE_INFINITY;

/** The keys may be others: after configure() and in tests. */
export function forgetMasterKeys(): void {
  state = undefined;
  askedAtMs = Number.NEGATIVE_INFINITY;
}

export function cipherState(
  sealing: Exclude<Sealing, 'off'>,
  config: CacheKitConfig,
  environment: Environment,
  nowMs: number,
): CipherState {
  if (sealing === 'missing') return { status: 'refused', error: missingKey() };
  if (sealing === 'ephemeral') {
    ephemeral ??= createCipher(new KeyRing(ephemeralKey()));
    return { status: 'ready', cipher: ephemeral };
  }
  if (state === undefined || (state.status === 'waiting' && nowMs - askedAtMs >= ASK_AGAIN_MS)) {
    askedAtMs = nowMs;
    state = ask(config, environment);
  }
  return state;
}

function ask(config: CacheKitConfig, environment: Environment): CipherState {
  try {
    const given = givenKeys(config, environment).map((key) => (typeof key === 'function' ? key() : key));
    if (given.every(isAtHand)) return ready(given);
    void arrive(Promise.all(given.map(async (key) => key)));
    return { status: 'waiting' };
  } catch (error) {
    return refused(error);
  }
}

function isAtHand<T>(key: T | Promise<T>): key is T {
  return !(key instanceof Promise);
}

async function arrive(keys: Promise<readonly (string | Uint8Array)[]>): Promise<void> {
  const asked = askedAtMs;
  let next: CipherState | undefined;
  try {
    next = ready(await keys);
  } catch (error) {
    if (error instanceof CacheKitError) next = refused(error);
    else
      notice(
        'CACHEKIT_MASTER_KEY',
        'The function that gives the master key failed: secure functions run uncached.',
      );
  }
  // configure() may have come in between: then this answer is to an old question.
  if (asked === askedAtMs && next !== undefined) state = next;
}

function ready(keys: readonly (string | Uint8Array)[]): CipherState {
  const [primary, ...previous] = keys.map(parseMasterKey) as [KeyObject, ...KeyObject[]]; // givenKeys gives one at least
  return { status: 'ready', cipher: createCipher(new KeyRing(primary, previous)) };
}

function refused(error: unknown): CipherState {
  const known = error instanceof CacheKitError;
  return { status: 'refused', error: known ? error : unusableKey() };
}

/** Code before environment; the first writes, the others only read. */
function givenKeys(config: CacheKitConfig, environment: Environment): readonly [MasterKey, ...MasterKey[]] {
  const { masterKey, previousMasterKeys } = config.encryption ?? {};
  const primary = masterKey ?? environment.masterKey ?? readKeyFile(environment.masterKeyFile);
  return [primary, ...(previousMasterKeys ?? environment.previousMasterKeys ?? [])];
}

function readKeyFile(path: string | undefined): string {
  if (path === undefined) throw missingKey();
  // Not imported: few processes read a key from a file, and importing it costs all of them some milliseconds.
  const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
  const text = readFileSync(path, 'utf8');
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    notice(
      'CACHEKIT_KEY_FILE_MODE',
      'Others can read the file of CACHEKIT_MASTER_KEY_FILE. Give it mode 0600.',
    );
  }
  return text;
}

function missingKey(): CacheKitError {
  return new CacheKitError(
    'ERR_CACHEKIT_NO_MASTER_KEY',
    'A secure function has no master key. Set CACHEKIT_MASTER_KEY_FILE, CACHEKIT_MASTER_KEY or `configure({ encryption: { masterKey } })`.',
  );
}

function unusableKey(): CacheKitError {
  return new CacheKitError(
    'ERR_CACHEKIT_MASTER_KEY',
    'The master key cannot be read. Look at its file and its source.',
  );
}
