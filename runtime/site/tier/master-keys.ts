// The keys of secure sites: found synchronously where the keys are at hand, waited for where a function gives them.
import type { KeyObject } from 'node:crypto';
import type { CacheKitConfig, MasterKey } from '../../config/cachekit-config.ts';
import { currentEnvironment } from '../../config/current.ts';
import type { Environment } from '../../config/env.ts';
import type { Sealing, SiteSettings } from '../../config/site-settings.ts';
import { ephemeralKey, parseMasterKey } from '../../crypto/master-key.ts';
import { createVault, type Vault } from '../../crypto/vault.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { notice } from '../../observe/notice.ts';
import { registry } from '../registry.ts';
import { currentClock } from '../tick-clock.ts';

/** `waiting`: a function has not given its key yet; secure calls run uncached meanwhile. */
export type CipherState =
  | { readonly status: 'ready'; readonly vault: Vault }
  | { readonly status: 'waiting' }
  | { readonly status: 'refused'; readonly error: CacheKitError };

/** A key that could not be had is asked for again, but not more often than this. */
const ASK_AGAIN_MS = 1000;

/** A function that has not answered for that long may never do so: another attempt may have more luck. */
const GIVE_UP_MS = 30_000;

/** What is known of the keys of one configuration. */
interface Asked {
  state: CipherState;
  /** Monotonic ms of the latest attempt. */
  atMs: number;
  /** Ms from that attempt to the next one; Infinity: what it gave is final. */
  againAfterMs: number;
}

let ephemeral: Vault | undefined;
let asked: Asked | undefined;

/** The keys may be others: after configure() and in tests. */
export function forgetMasterKeys(): void {
  asked = undefined;
}

export function cipherState(
  sealing: Exclude<Sealing, 'off'>,
  config: CacheKitConfig,
  environment: Environment,
  nowMs: number,
): CipherState {
  if (sealing === 'missing') return { status: 'refused', error: missingKey() };
  if (sealing === 'ephemeral') {
    ephemeral ??= createVault(ephemeralKey());
    return { status: 'ready', vault: ephemeral };
  }
  asked ??= { state: { status: 'waiting' }, atMs: Number.NEGATIVE_INFINITY, againAfterMs: 0 };
  if (nowMs - asked.atMs >= asked.againAfterMs) {
    asked.atMs = nowMs;
    ask(asked, config, environment);
  }
  return asked.state;
}

/** Of plain entries that are signed; a call comes this far only when it is at hand. */
export function signingVault({ integrity }: Pick<SiteSettings, 'integrity'>): Vault | undefined {
  if (integrity !== 'hmac') return undefined;
  const { config } = registry();
  const found = cipherState('master-key', config, currentEnvironment(), currentClock().monotonicMs());
  return found.status === 'ready' ? found.vault : undefined;
}

function ask(into: Asked, config: CacheKitConfig, environment: Environment): void {
  into.againAfterMs = Number.POSITIVE_INFINITY;
  try {
    checkVariables(config, environment);
    const given = givenKeys(config, environment).map((key) => (typeof key === 'function' ? key() : key));
    if (given.every(isAtHand)) {
      into.state = ready(given);
      return;
    }
    into.againAfterMs = GIVE_UP_MS;
    void arrive(into, Promise.all(given.map(async (key) => key)));
  } catch (error) {
    into.state = refused(error);
    // What is no key stays none; a file or a service may be there later.
    if (!(error instanceof CacheKitError)) into.againAfterMs = ASK_AGAIN_MS;
  }
}

/** Promises of any library and realm have this method; no key has. */
function isAtHand<T>(key: T | PromiseLike<T>): key is T {
  return typeof key !== 'object' || key === null || !('then' in key);
}

/** Takes as long as it takes: whichever attempt has an answer first settles it. */
async function arrive(into: Asked, keys: Promise<readonly (string | Uint8Array)[]>): Promise<void> {
  try {
    const given = await keys;
    if (into.state.status === 'ready') return;
    into.state = ready(given);
    into.againAfterMs = Number.POSITIVE_INFINITY;
  } catch (error) {
    if (into.state.status === 'ready') return;
    if (error instanceof CacheKitError) {
      into.state = refused(error);
      into.againAfterMs = Number.POSITIVE_INFINITY;
      return;
    }
    into.againAfterMs = ASK_AGAIN_MS;
    notice(
      'CACHEKIT_MASTER_KEY',
      'The function that gives the master key failed: secure functions run uncached.',
    );
  }
}

function ready(keys: readonly (string | Uint8Array)[]): CipherState {
  const [primary, ...previous] = keys.map(parseMasterKey) as [KeyObject, ...KeyObject[]]; // givenKeys gives one at least
  return { status: 'ready', vault: createVault(primary, previous) };
}

function refused(error: unknown): CipherState {
  const known = error instanceof CacheKitError;
  return { status: 'refused', error: known ? error : unusableKey() };
}

/** What protects must not fall back to a default because of a typo. @throws ERR_CACHEKIT_CONFIG */
function checkVariables({ encryption }: CacheKitConfig, environment: Environment): void {
  const { failClosed, previousMasterKeys } = environment;
  if (encryption?.failClosed === undefined && failClosed === 'ill-typed')
    throw illTyped('CACHEKIT_ENCRYPTION_FAIL_CLOSED', 'true or false');
  if (encryption?.previousMasterKeys === undefined && previousMasterKeys === 'ill-typed')
    throw illTyped('CACHEKIT_PREVIOUS_MASTER_KEYS', 'a list of at most 3 keys');
}

function illTyped(name: string, kind: string): CacheKitError {
  return new CacheKitError('ERR_CACHEKIT_CONFIG', `${name} is not ${kind}, so secure functions reject.`);
}

/** Code before environment; the first writes, the others only read. */
function givenKeys(config: CacheKitConfig, environment: Environment): readonly [MasterKey, ...MasterKey[]] {
  const { masterKey, previousMasterKeys } = config.encryption ?? {};
  const primary = masterKey ?? environment.masterKey ?? readKeyFile(environment.masterKeyFile);
  const { previousMasterKeys: inherited } = environment;
  return [primary, ...(previousMasterKeys ?? (inherited === 'ill-typed' ? [] : (inherited ?? [])))];
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
