// The log line of each event, and its level. Field names are those of cachekit for Python. Lines contain no key and no
// value.
import type { CacheEvents, InternalEvents } from './events.ts';
import type { LogLevel } from './logger.ts';

type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

type Events = CacheEvents & InternalEvents;

/** How events of one channel become lines. */
interface Rule<E> {
  /** Highest level of any line of this channel. With a higher threshold the logger does not subscribe. */
  readonly highest: LogLevel;
  readonly level: (event: E) => LogLevel;
  /** Lines of one kind share a limit. Must come from a fixed set. */
  readonly kind: (event: E) => string;
  readonly message: (event: E) => string;
  readonly fields: (event: E) => Fields;
}

type LoggedChannel = Exclude<keyof Events, 'cachekit:call'>;

/** Discard reasons that show manipulation or damage. All others are part of the normal life of entries. */
const ALARMING: ReadonlySet<string> = new Set([
  'replayed',
  'tamper',
  'checksum',
  'decode',
  'other-key',
  'unknown-key',
]);
/** Outcomes that need no warning: success, and an open breaker or full queue, which had a warning when it began. */
const QUIET_OUTCOMES: ReadonlySet<string> = new Set(['ok', 'open', 'rejected']);

/** Lines are limited in number; for a complete audit record, subscribe to the channel. */
const AUDIT_LEVELS = { read: 'debug', write: 'debug', invalidate: 'info', reject: 'warn' } as const;

const siteFields = (event: { site: string; namespace: string; correlationId?: string }): Fields => ({
  site: event.site,
  namespace: event.namespace,
  correlation_id: event.correlationId,
});

/** The rule of each channel that is logged. */
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
    level: ({ outcome }) => (QUIET_OUTCOMES.has(outcome) ? 'debug' : 'warn'),
    kind: ({ outcome }) => outcome,
    message: ({ outcome }) => (outcome === 'ok' ? 'backend operation' : 'backend operation failed'),
    fields: ({ backend, operation, outcome, durationMs, bytes }) => ({
      operation,
      backend,
      duration_ms: rounded(durationMs),
      bytes,
      // Only the kind: the message of an error may quote private data.
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

/** Rounds to microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
