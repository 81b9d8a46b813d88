// The master keys of secure sites. Keys given as values are available at once; those of a function may arrive later.
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

/** `waiting`: a function has not returned its key yet, and secure calls run uncached. `refused`: they reject. */
export type CipherState =
  | { readonly status: 'ready'; readonly vault: Vault }
  | { readonly status: 'waiting' }
  | { readonly status: 'refused'; readonly error: CacheKitError };

/** Shortest time between two attempts to get a key. */
const ASK_AGAIN_MS = 1000;

/** A function that has not answered for this long may never do so, and is called again. */
const GIVE_UP_MS = 30_000;

/** The state of the keys of one configuration. */
interface Asked {
  state: CipherState;
  /** Monotonic ms of the latest attempt. */
  atMs: number;
  /** Ms from that attempt to the next one. Infinity: the state is final. */
  againAfterMs: number;
}

let ephemeral: Vault | undefined;
let asked: Asked | undefined;

/** Makes the keys be asked for again, after configure() and in tests. */
export function forgetMasterKeys(): void {
  asked = undefined;
}

/** The vault of sites with this sealing, or why there is none. Asks for the keys if it is time to. */
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

/** The vault that signs plain entries; undefined without `integrity: 'hmac'`. */
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
    // A malformed key stays malformed, but a file or a service may become available.
    if (!(error instanceof CacheKitError)) into.againAfterMs = ASK_AGAIN_MS;
  }
}

/** Promises of any library and realm have a method `then`; keys do not. */
function isAtHand<T>(key: T | PromiseLike<T>): key is T {
  return typeof key !== 'object' || key === null || !('then' in key);
}

/** Waits for the keys without a limit. Several attempts may be waiting: the first that gets keys settles the state. */
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

/** A typo in a variable must not turn protection off. @throws ERR_CACHEKIT_CONFIG */
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

/** The keys: those of the configuration take precedence over the environment. Only the first is used for writing. */
function givenKeys(config: CacheKitConfig, environment: Environment): readonly [MasterKey, ...MasterKey[]] {
  const { masterKey, previousMasterKeys } = config.encryption ?? {};
  const primary = masterKey ?? environment.masterKey ?? readKeyFile(environment.masterKeyFile);
  const { previousMasterKeys: inherited } = environment;
  return [primary, ...(previousMasterKeys ?? (inherited === 'ill-typed' ? [] : (inherited ?? [])))];
}

function readKeyFile(path: string | undefined): string {
  if (path === undefined) throw missingKey();
  // Loaded on demand: few processes read a key from a file, and an import would cost all of them some milliseconds.
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
