// Which line each event is, and at which level. Field names are those of the parent library; never a key or a value.
import type { CacheEvents, InternalEvents } from './events.ts';
import type { LogLevel } from './logger.ts';

type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

type Events = CacheEvents & InternalEvents;

/** `highest`: no line of the channel is above it, so with a higher threshold nobody listens. */
interface Rule<E> {
  readonly highest: LogLevel;
  readonly level: (event: E) => LogLevel;
  /** Lines of one kind are limited together: from a fixed set. */
  readonly kind: (event: E) => string;
  readonly message: (event: E) => string;
  readonly fields: (event: E) => Fields;
}

type LoggedChannel = Exclude<keyof Events, 'cachekit:call'>;

/** What somebody did to the bytes, or the medium: everything else is the normal life of entries. */
const ALARMING: ReadonlySet<string> = new Set([
  'replayed',
  'tamper',
  'checksum',
  'decode',
  'other-key',
  'unknown-key',
]);
/** A breaker that is open, a full queue: the line that says so was written when it began. */
const CONSEQUENCES: ReadonlySet<string> = new Set(['ok', 'open', 'rejected']);

/** Lines are limited: a complete record is made of the channel. */
const AUDIT_LEVELS = { read: 'debug', write: 'debug', invalidate: 'info', reject: 'warn' } as const;

const siteFields = (event: { site: string; namespace: string; correlationId?: string }): Fields => ({
  site: event.site,
  namespace: event.namespace,
  correlation_id: event.correlationId,
});

export const LINE_RULES: { readonly [C in LoggedChannel]: Rule<Events[C]> } = {
  'cachekit:left-memory': {
    highest: 'debug',
    level: () => 'debug',
    kind: ({ status }) => status,
    message: ({ status, tier }) => (status === 'hit' ? `cache hit in ${tier}` : `cache ${status}`),
    fields: (event) => ({
      operation: 'get',
      ...siteFields(event),
      serializer: event.serializer,
      hit: event.status === 'hit',
      tier: event.tier,
      reason: event.reason,
      duration_ms: rounded(event.durationMs),
    }),
  },
  'cachekit:run': {
    highest: 'debug',
    level: () => 'debug',
    kind: ({ ok }) => String(ok),
    message: ({ ok }) => (ok ? 'function ran' : 'function failed'),
    fields: (event) => ({
      operation: 'run',
      ...siteFields(event),
      reason: event.cause,
      ok: event.ok,
      duration_ms: rounded(event.durationMs),
    }),
  },
  'cachekit:backend': {
    highest: 'warn',
    level: ({ outcome }) => (CONSEQUENCES.has(outcome) ? 'debug' : 'warn'),
    kind: ({ outcome }) => outcome,
    message: ({ outcome }) => (outcome === 'ok' ? 'backend operation' : 'backend operation failed'),
    fields: ({ backend, operation, outcome, durationMs, bytes }) => ({
      operation,
      backend,
      duration_ms: rounded(durationMs),
      bytes,
      // The kind only: the text of an error may quote anything.
      ...(outcome === 'ok' ? {} : { error: true, error_type: outcome }),
    }),
  },
  'cachekit:discard': {
    highest: 'warn',
    level: ({ reason }) => (ALARMING.has(reason) ? 'warn' : 'debug'),
    kind: ({ reason }) => reason,
    message: () => 'entry discarded',
    fields: (event) => ({ ...siteFields(event), reason: event.reason }),
  },
  'cachekit:invalidate': {
    highest: 'warn',
    level: ({ complete }) => (complete ? 'debug' : 'warn'),
    kind: ({ complete }) => String(complete),
    message: ({ complete }) => (complete ? 'invalidated' : 'invalidated here, not in the backend'),
    fields: ({ scope, origin, complete }) => ({ operation: 'invalidate', scope, origin, complete }),
  },
  'cachekit:state': {
    highest: 'error',
    level: ({ state }) => stateLevel(state),
    kind: ({ subject }) => subject,
    message: ({ subject, state }) => `${subject} is ${state}`,
    fields: ({ subject, backend, state }) => ({ subject, backend, state }),
  },
  'cachekit:audit': {
    highest: 'warn',
    level: ({ action }) => AUDIT_LEVELS[action],
    kind: ({ action }) => action,
    message: ({ action }) => `audit: ${action}`,
    fields: (event) => ({ operation: event.action, ...siteFields(event), key_id: event.keyId }),
  },
  'cachekit:notice': {
    highest: 'warn',
    level: () => 'warn',
    kind: () => '',
    message: ({ message }) => message,
    fields: ({ code }) => ({ code }),
  },
};

/** `reads-open`, `writes-closed`, `up`, `down`, `misconfigured`, `quarantined`. */
function stateLevel(state: string): LogLevel {
  if (state === 'misconfigured') return 'error';
  return state === 'down' || state === 'quarantined' || state.endsWith('-open') ? 'warn' : 'info';
}

/** Microseconds are enough. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
