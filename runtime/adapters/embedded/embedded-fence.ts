// The fence of the embedded store. It needs no leases: the file holds log and entries, so neither can be lost without
// the other, and a fill can look into the log whether its key was invalidated after the fill began.
import type {
  BeginAnswer,
  BeginRequest,
  FenceCapability,
  FillRequest,
} from '../../backend/fence-capability.ts';
import { startsWith } from '../../backend/starts-with.ts';
import { holder } from './apply-operation.ts';
import type { Lock } from './operation.ts';
import type { SqliteStore } from './sqlite-store.ts';
import { untilAborted } from './until-aborted.ts';

/** Older fills are refused. Half of the time that log records are kept (KEPT_US), so that the log covers the fill. */
const OLDEST_FILL_MS = 300_000;

/** Fence over the file of `store`. */
export function embeddedFence(store: SqliteStore): FenceCapability {
  const begin = (request: BeginRequest, signal: AbortSignal): BeginAnswer | Promise<BeginAnswer> => {
    const { key, rejected, token, lockMs } = request;
    const value = store.get(key);
    if (value !== undefined && (rejected === undefined || !startsWith(value, rejected)))
      return { kind: 'filled', value };
    if (token === '') return { kind: 'run', lease: '' };
    // A read needs no turn in the write queue: processes that poll for the lock do not hold up its holder.
    const { clock } = store;
    const isLocked = store.read(({ db }) => holder({ db, nowMs: clock.nowMs() }, key)) !== undefined;
    if (isLocked) return { kind: 'locked', lease: '' };
    const own = rejected === undefined ? undefined : Uint8Array.from(rejected);
    return lock({ kind: 'lock', key, rejected: own, token, lockMs }, signal);
  };
  /** Frees the lock if the caller gave up meanwhile: it will not run the function, so nobody should wait for it. */
  const lock = async (operation: Lock, signal: AbortSignal): Promise<BeginAnswer> => {
    const answer = await store.write(operation, signal);
    if (signal.aborted && answer.kind === 'run') releaseQuietly(operation.key, operation.token);
    return answer;
  };
  const releaseQuietly = (key: string, token: string): void => {
    if (token !== '') release(key, token).catch(() => undefined);
  };
  const release = async (key: string, token: string): Promise<void> =>
    store.write({ kind: 'release', key, token });

  const fill = async (request: FillRequest): Promise<boolean> => {
    const { key, value, ttlMs, token, born, ageMs, beside } = request;
    try {
      if (ageMs < OLDEST_FILL_MS)
        return await store.write({
          kind: 'fill',
          key,
          ...store.accept(value, ttlMs),
          token,
          born,
          beside: beside && { key: beside.key, value: Uint8Array.from(beside.value) }, // a copy: it crosses a thread
        });
    } catch (error) {
      releaseQuietly(key, token);
      throw error;
    }
    releaseQuietly(key, token);
    return false;
  };
  const replace = async (request: Parameters<FenceCapability['replace']>[0]): Promise<boolean> => {
    const { key, value, ttlMs } = request;
    const expected = Uint8Array.from(request.expected);
    return store.write({ kind: 'replace', key, expected, ...store.accept(value, ttlMs) });
  };

  return {
    begin: (request, signal) => untilAborted(signal, () => begin(request, signal)),
    fill: (request, signal) => untilAborted(signal, () => fill(request)),
    renew: (key, token, lockMs, signal) =>
      untilAborted(signal, () => store.write({ kind: 'renew', key, token, lockMs })),
    release: (key, token, signal) => untilAborted(signal, () => release(key, token)),
    replace: (request, signal) => untilAborted(signal, () => replace(request)),
  };
}
