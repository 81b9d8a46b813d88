// One call that memory did not answer at once: what it is keyed by, and whether it may use the cache at all.
import { currentEnvironment } from '../config/current.ts';
import type { SiteSettings } from '../config/site-settings.ts';
import type { Cipher } from '../crypto/cipher.ts';
import type { CacheKitError } from '../errors/cachekit-error.ts';
import { keyKit } from '../key/key-kit.ts';
import type { Place } from '../memory/entry-index.ts';
import type { CallReason } from '../observe/events.ts';
import type { Span } from '../observe/span.ts';
import { cipherState } from './master-keys.ts';
import { registry, type CallIdentity } from './registry.ts';
import { settle } from './settle.ts';
import type { Body, GivenKey, SiteCore } from './site-core.ts';
import { currentClock } from './tick-clock.ts';
import { isWithoutCache } from './without-cache.ts';

export interface SiteCall {
  readonly core: SiteCore;
  readonly settings: SiteSettings;
  /** Of a sealed site. */
  readonly cipher: Cipher | undefined;
  readonly args: readonly unknown[];
  readonly body: Body;
  readonly keyed: readonly unknown[];
  /** Canonical key text. */
  readonly text: string;
  readonly isTyped: boolean;
  /** Made before the body runs: it may change its arguments. */
  readonly place: Place | undefined;
  /** Monotonic ms. */
  readonly startedMs: number;
  /** If somebody traces, from when memory had no answer. */
  readonly span?: Span | undefined;
}

export type Admission =
  | { readonly kind: 'call'; readonly call: SiteCall }
  | { readonly kind: 'bypass'; readonly reason: CallReason }
  | { readonly kind: 'reject'; readonly error: CacheKitError };

const bypass = (reason: CallReason): Admission => ({ kind: 'bypass', reason });

/** Total: a fault of ours, or of an argument that cannot be read, is a bypass. `given`: by `cached()` itself. */
export function admitCall(core: SiteCore, args: readonly unknown[], body: Body, given?: GivenKey): Admission {
  core.counters.lastOperationAtMs = currentClock().nowMs();
  const { config, closed } = registry();
  if (closed) return bypass('closed');
  const settings = settle(core);
  if (!settings.enabled) return bypass('disabled');
  if (isWithoutCache()) return bypass('scope');
  let cipher: Cipher | undefined;
  if (settings.sealing !== 'off') {
    const state = cipherState(settings.sealing, config, currentEnvironment(), currentClock().monotonicMs());
    if (state.status === 'refused') return { kind: 'reject', error: state.error };
    if (state.status === 'waiting') return bypass('no-key');
    ({ cipher } = state);
  }
  const identity = identify(core, args, given);
  if (identity === undefined) return bypass('unkeyable');
  const startedMs = currentClock().monotonicMs();
  return { kind: 'call', call: { core, settings, cipher, args, body, ...identity, startedMs } };
}

interface Identity extends CallIdentity {
  readonly place: Place | undefined;
}

/** Undefined for arguments that have no key: functions, class instances, cycles, values that throw when read. */
export function identify(core: SiteCore, args: readonly unknown[], given?: GivenKey): Identity | undefined {
  try {
    if (given?.isTyped === false) {
      const text = `#${given.count}:${given.keyed.map((value) => keyKit.any(value)).join('')}`;
      return { keyed: given.keyed, text, isTyped: false, place: undefined };
    }
    const { pick } = core.descriptor;
    const keyed = given?.keyed ?? (pick === undefined ? args : pick(...(args as never[]))); // generated for these args
    const text = keyText(core, keyed);
    return { keyed, text, isTyped: true, place: core.typed.place(keyed) };
  } catch {
    return undefined;
  }
}

function keyText(core: SiteCore, keyed: readonly unknown[]): string {
  const { keyOps } = core;
  if (keyOps !== undefined) return keyOps.key(...(keyed as never[])); // generated for these values
  return core.descriptor.index === 0 ? '' : keyKit.any([...keyed]);
}
