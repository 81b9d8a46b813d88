// A backend that wraps another one and fails as a script says.
import { setTimeout as pause } from 'node:timers/promises';
import { BackendError, type BackendErrorKind } from '../backend/backend-error.ts';
import type { Backend } from '../backend/backend.ts';
import type { FenceCapability } from '../backend/fence-capability.ts';
import type { LogCapability } from '../backend/log-capability.ts';

/** `lock`: begin, renew and release; `fence`: fill and replace; `bus`: all operations of the log. */
type Operation = 'get' | 'set' | 'delete' | 'lock' | 'fence' | 'bus';

/** One line of the script. */
export interface Fault {
  /** Default: every operation. */
  readonly operation?: Operation;
  /** Number of the first such operation that fails; 1 is the first one. Default 1. */
  readonly from?: number;
  /** How many operations fail. Default: all from then on. */
  readonly count?: number;
  /** Fail with this kind of error, never answer, change one bit of the value if there is one, or answer late. */
  readonly do: BackendErrorKind | 'hang' | 'corrupt' | { readonly delayMs: number };
}

/** Called before an operation: waits or throws as the script says. True: the value is to be corrupted. */
type Before = (operation: Operation) => Promise<boolean>;

function corrupted(value: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(value);
  const at = copy.length >> 1;
  if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

const isKind = (what: Fault['do']): what is BackendErrorKind =>
  typeof what === 'string' && what !== 'hang' && what !== 'corrupt';

const failure = (kind: BackendErrorKind): BackendError => new BackendError(kind, 'A fault on cue.');

function faultyFence(fence: FenceCapability, before: Before): FenceCapability {
  /** The request, with its value corrupted if the script says so. */
  const scripted = async <R extends { readonly value: Uint8Array }>(request: R): Promise<R> =>
    (await before('fence')) ? { ...request, value: corrupted(request.value) } : request;
  return {
    async begin(request, signal) {
      const isCorrupt = await before('lock');
      const answer = await fence.begin(request, signal);
      return answer.kind === 'filled' && isCorrupt ? { ...answer, value: corrupted(answer.value) } : answer;
    },
    async renew(...args) {
      await before('lock');
      return fence.renew(...args);
    },
    async release(...args) {
      await before('lock');
      await fence.release(...args);
    },
    fill: async (request, signal) => fence.fill(await scripted(request), signal),
    replace: async (request, signal) => fence.replace(await scripted(request), signal),
  };
}

function faultyLog(log: LogCapability, before: Before): LogCapability {
  return {
    async sync(...args) {
      await before('bus');
      return log.sync(...args);
    },
    async appendGroup(...args) {
      await before('bus');
      return log.appendGroup(...args);
    },
    async appendKey(...args) {
      await before('bus');
      return log.appendKey(...args);
    },
    async follow(...args) {
      await before('bus');
      return log.follow(...args);
    },
    async positions(...args) {
      await before('bus');
      return log.positions(...args);
    },
    onTopology: (listener) => log.onTopology?.(listener) ?? (() => undefined),
  };
}

/** Each fault counts its operations separately. If several apply to one operation, the first of the list happens. */
export function faultyBackend(inner: Backend, faults: readonly Fault[]): Backend {
  const seen = faults.map(() => 0);

  const next = (operation: Operation): Fault['do'] | undefined => {
    let found: Fault['do'] | undefined;
    for (const [i, fault] of faults.entries()) {
      if (fault.operation !== undefined && fault.operation !== operation) continue;
      const at = (seen[i] = (seen[i] ?? 0) + 1);
      const from = fault.from ?? 1;
      if (at >= from && at < from + (fault.count ?? Infinity)) found ??= fault.do;
    }
    return found;
  };

  const before: Before = async (operation) => {
    const what = next(operation);
    if (what === undefined) return false;
    if (isKind(what)) throw failure(what);
    // A backend that hangs ignores its signal too.
    if (what === 'hang') return new Promise<never>(() => undefined);
    if (what === 'corrupt') return true;
    await pause(what.delayMs);
    return false;
  };

  /** The same for synchronous operations. They cannot hang, so `hang` is a time-out, and a delay has no effect. */
  const beforeSync = (operation: 'get' | 'set'): boolean => {
    const what = next(operation);
    if (what === undefined || typeof what === 'object') return false;
    if (what === 'corrupt') return true;
    throw failure(what === 'hang' ? 'timeout' : what);
  };

  const { sync, fence, log } = inner;
  return {
    name: `faulty ${inner.name}`,
    async get(key, signal) {
      const isCorrupt = await before('get');
      const value = await inner.get(key, signal);
      return value !== undefined && isCorrupt ? corrupted(value) : value;
    },
    async set(key, value, ttlMs, signal) {
      const isCorrupt = await before('set');
      await inner.set(key, isCorrupt ? corrupted(value) : value, ttlMs, signal);
    },
    async delete(key, signal) {
      await before('delete');
      await inner.delete(key, signal);
    },
    async ping(signal) {
      await inner.ping?.(signal);
    },
    async close() {
      await inner.close?.();
    },
    ...(fence === undefined ? {} : { fence: faultyFence(fence, before) }),
    ...(log === undefined ? {} : { log: faultyLog(log, before) }),
    ...(sync === undefined
      ? {}
      : {
          sync: {
            get(key: string) {
              const isCorrupt = beforeSync('get');
              const value = sync.get(key);
              return value !== undefined && isCorrupt ? corrupted(value) : value;
            },
            set(key: string, value: Uint8Array, ttlMs: number) {
              sync.set(key, beforeSync('set') ? corrupted(value) : value, ttlMs);
            },
          },
        }),
  };
}
